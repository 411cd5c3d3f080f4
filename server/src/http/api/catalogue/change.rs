//! What a program changes of a title: the members that it sends, and no others.

use super::kept::SampleRange;
use super::standing::TextUse;
use crate::http::api::office::typed::amount;
use crate::http::api::problem::{FieldError, Problem};
use crate::http::api::values::Amount;
use domain::catalog::AudiobookForm;
use domain::{Currency, Timestamp};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// What changes of a title. What is absent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleChange {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 300, example = "The Bell at North Rock")]
    title: Option<String>,
    /// Empty for none, as all text here but the title.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 300, example = "A story of the sea")]
    subtitle: Option<String>,
    /// In their order on the cover; those whom the shop does not know are added.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 20, example = json!(["Ada Moss"]))]
    authors: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 20, example = json!(["Ben Oak"]))]
    narrators: Option<Vec<String>>,
    /// By name; one that the shop does not know is added.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 200, example = "Bells")]
    series: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 9999, example = 2)]
    series_position: Option<Option<i32>>,
    /// Paragraphs, with empty lines between them.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 10000, example = "A keeper, a lantern and a long winter.")]
    description: Option<String>,
    /// A language tag.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 2, max_length = 16, example = "en")]
    language: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 1000, maximum = 2999, example = 2021)]
    year: Option<Option<i32>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_length = 200, example = "North Rock Press")]
    publisher: Option<String>,
    /// With or without hyphens.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "978-3-16-148410-0")]
    isbn: Option<String>,
    /// The regular price, in the title's currency; 0 for a free title, null for none yet.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Amount>)]
    price: Option<Option<Amount>>,
    /// Null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<SaleChange>)]
    sale: Option<Option<SaleChange>>,
    /// How many licences may be sold in all, those that are sold included; null for any number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1000000, example = 100)]
    licences: Option<Option<i32>>,
    /// Slugs, best first.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 3, example = json!(["adventure"]))]
    categories: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "read-along")]
    text_rights: Option<TextUse>,
    /// Where the sample lies; another place has it cut anew.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    sample: Option<SampleRange>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = false)]
    featured: Option<bool>,
}

/// A price for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaleChange {
    /// Less than the regular price, in the title's currency.
    price: Amount,
    /// To the minute. Absent for at once.
    #[serde(default)]
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    starts_at: Option<String>,
    /// To the minute. Absent for never.
    #[serde(default)]
    #[schema(format = DateTime, example = "2099-12-01T00:00:00Z")]
    ends_at: Option<String>,
}

/// What is there was sent: a null is a value of its own, or refused.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl TitleChange {
    /// Writes the changes into the form, whose prices are in `currency`.
    ///
    /// # Errors
    /// 422 for what a form cannot say, and for a price in another currency.
    pub fn into_form(self, form: &mut AudiobookForm, currency: Currency) -> Result<(), Problem> {
        set(&mut form.title, self.title);
        set(&mut form.subtitle, self.subtitle);
        set(&mut form.authors, joined("authors", self.authors)?);
        set(&mut form.narrators, joined("narrators", self.narrators)?);
        if self.series.as_deref() == Some("") && self.series_position.is_none() {
            form.series_position.clear();
        }
        set(&mut form.series, self.series);
        set(&mut form.series_position, self.series_position.map(number));
        set(&mut form.description, self.description);
        set(&mut form.language, self.language);
        set(&mut form.year, self.year.map(number));
        set(&mut form.publisher, self.publisher);
        set(&mut form.isbn, self.isbn);
        set(&mut form.price, self.price.map(|price| amount("price", price.as_ref(), currency)).transpose()?);
        if let Some(sale) = self.sale {
            let (price, starts, ends) = match sale {
                None => Default::default(),
                Some(sale) => (
                    amount("sale.price", Some(&sale.price), currency)?,
                    minute("sale.starts_at", sale.starts_at.as_deref())?,
                    minute("sale.ends_at", sale.ends_at.as_deref())?,
                ),
            };
            (form.sale_price, form.sale_starts, form.sale_ends) = (price, starts, ends);
        }
        set(&mut form.licences, self.licences.map(number));
        if let Some(categories) = self.categories {
            form.categories = categories;
        }
        let rights = self.text_rights.map(|rights| match rights {
            TextUse::None => "none".to_owned(),
            TextUse::ReadAlong => "read-along".to_owned(),
            TextUse::Download => "download".to_owned(),
        });
        set(&mut form.text_rights, rights);
        if let Some(sample) = self.sample {
            (form.sample_start, form.sample_end) = (seconds(sample.start_ms), seconds(sample.end_ms));
        }
        form.featured = self.featured.unwrap_or(form.featured);
        Ok(())
    }
}

fn set(field: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn number(number: Option<i32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// Names as the form takes them, between commas: one with a comma in it would become two.
fn joined(field: &str, names: Option<Vec<String>>) -> Result<Option<String>, Problem> {
    let Some(names) = names else { return Ok(None) };
    if names.iter().any(|name| name.contains([',', ';', '\n'])) {
        return Err(refused(field, "names.divided", "A name holds no comma, semicolon or new line."));
    }
    Ok(Some(names.join(", ")))
}

/// A time as the form takes it, in UTC and to the minute; empty for none.
///
/// # Errors
/// 422 when it is no time, or has seconds.
pub fn minute(field: &str, text: Option<&str>) -> Result<String, Problem> {
    let Some(text) = text else { return Ok(String::new()) };
    let at = Timestamp::from_rfc3339(text).map(Timestamp::rfc3339);
    let whole = at.as_deref().and_then(|at| at.strip_suffix(":00Z"));
    whole.map(str::to_owned).ok_or_else(|| {
        refused(field, "moment.malformed", "Write a time to the minute as RFC 3339 does: 2026-11-20T09:30:00Z.")
    })
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000))
}

fn refused(field: &str, code: &str, message: &str) -> Problem {
    Problem::invalid(vec![FieldError { field: field.to_owned(), code: code.to_owned(), message: message.to_owned() }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form() -> AudiobookForm {
        AudiobookForm {
            title: "Bell".to_owned(),
            series: "Bells".to_owned(),
            series_position: "2".to_owned(),
            price: "12.90".to_owned(),
            ..AudiobookForm::default()
        }
    }

    fn dollar(minor: i64) -> serde_json::Value {
        json!({ "minor": minor, "currency": "USD" })
    }

    fn changed(change: serde_json::Value) -> AudiobookForm {
        let mut form = form();
        let change: TitleChange = serde_json::from_value(change).unwrap();
        change.into_form(&mut form, Currency::USD).unwrap();
        form
    }

    #[test]
    fn what_is_absent_stays_and_null_takes_away() {
        assert_eq!(changed(json!({})), form());
        assert_eq!(changed(json!({ "price": dollar(995) })), AudiobookForm { price: "9.95".to_owned(), ..form() });
        assert_eq!(changed(json!({ "price": null })), AudiobookForm { price: String::new(), ..form() });
        let alone = AudiobookForm { series: String::new(), series_position: String::new(), ..form() };
        assert_eq!(changed(json!({ "series": "" })), alone);
        let sale = changed(json!({ "sale": { "price": dollar(900), "starts_at": "2026-11-20T10:30:00+01:00" } }));
        assert_eq!((sale.sale_price.as_str(), sale.sale_starts.as_str()), ("9.00", "2026-11-20T09:30"));
        let sample = changed(json!({ "sample": { "start_ms": 1500, "end_ms": 61000 } }));
        assert_eq!((sample.sample_start.as_str(), sample.sample_end.as_str()), ("1.500", "61.000"));
    }

    #[test]
    fn what_a_form_cannot_say_is_refused() {
        for change in
            [json!({ "title": null }), json!({ "colour": "red" }), json!({ "featured": null }), json!({ "price": 995 })]
        {
            assert!(serde_json::from_value::<TitleChange>(change.clone()).is_err(), "{change}");
        }
        for change in [
            json!({ "authors": ["Moss, Ada"] }),
            json!({ "price": { "minor": 995, "currency": "EUR" } }),
            json!({ "sale": { "price": dollar(1), "ends_at": "2026-11-20" } }),
            json!({ "sale": { "price": dollar(1), "ends_at": "2026-11-20T09:30:01Z" } }),
        ] {
            let change: TitleChange = serde_json::from_value(change).unwrap();
            assert!(change.into_form(&mut form(), Currency::USD).is_err());
        }
    }
}
