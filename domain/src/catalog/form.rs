//! The admin's form: what is typed becomes values, or a sentence that says what to do.

use super::sample_range::sample;
use super::{AudiobookForm, Edition, TextRights};
use crate::{Currency, Error, Money, Result, Timestamp};
use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// How a browser's `datetime-local` field writes a moment.
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");
/// The categories that a title may stand in.
pub const MOST_CATEGORIES: usize = 3;
/// A title of which more may be sold needs no count.
const MOST_LICENCES: i32 = 1_000_000;

/// A form that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ValidatedTitle {
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<String>,
    pub narrators: Vec<String>,
    pub series: Option<String>,
    pub series_position: Option<i32>,
    pub description: String,
    pub language: String,
    pub edition: Edition,
    /// In minor units; `None` when none is set yet.
    pub price_minor: Option<i64>,
    pub sale: Option<Sale>,
    /// How many licences may be sold in all; `None` for any number.
    pub licences: Option<i32>,
    /// Slugs, best first.
    pub categories: Vec<String>,
    pub text_rights: TextRights,
    /// Start and end in milliseconds; `None` leaves the sample as it is.
    pub sample: Option<(i64, i64)>,
    pub featured: bool,
}

/// A price for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    pub minor: i64,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

impl ValidatedTitle {
    /// Reads a form for a title that is `duration_ms` long and sold in `currency`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first field that needs a change and what to do.
    pub fn read(form: &AudiobookForm, currency: Currency, duration_ms: i64) -> Result<Self> {
        let price_minor = match form.price.trim() {
            "" => None,
            typed => Some(price("price", typed, currency)?),
        };
        Ok(Self {
            title: required_line("title", &form.title, 300, "title.no-name")?,
            subtitle: optional_line("subtitle", &form.subtitle, 300)?,
            authors: names("authors", &form.authors)?,
            narrators: names("narrators", &form.narrators)?,
            series: optional_line("series", &form.series, 200)?,
            series_position: series_position(form)?,
            description: description(&form.description)?,
            language: language(&form.language)?,
            edition: edition(form)?,
            sale: sale(form, price_minor, currency)?,
            price_minor,
            licences: licences(&form.licences)?,
            categories: categories(&form.categories)?,
            text_rights: text_rights(&form.text_rights)?,
            sample: sample(&form.sample_start, &form.sample_end, duration_ms)?,
            featured: form.featured,
        })
    }
}

/// What a field shows for a moment; empty for none.
pub(crate) fn moment_text(at: Option<Timestamp>) -> String {
    let utc = at.and_then(|at| time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok());
    utc.and_then(|utc| utc.format(MOMENT).ok()).unwrap_or_default()
}

/// A line of text without control characters or space around it.
pub(crate) fn required_line(field: &'static str, text: &str, most: usize, empty: &'static str) -> Result<String> {
    optional_line(field, text, most)?.ok_or_else(|| Error::invalid(field, empty))
}

pub(crate) fn optional_line(field: &'static str, text: &str, most: usize) -> Result<Option<String>> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().any(char::is_control) {
        return Err(Error::invalid(field, "form.unprintable"));
    }
    if line.chars().count() > most {
        return Err(Error::invalid(field, "form.too-long").with("most", most));
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// Names between commas, each once.
fn names(field: &'static str, text: &str) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split([',', ';', '\n']) {
        if let Some(name) = optional_line(field, part, 200)?
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    if found.len() > 20 {
        return Err(Error::invalid(field, "contributors.too-many"));
    }
    Ok(found)
}

fn description(text: &str) -> Result<String> {
    paragraphs("description", text, 10_000)
}

/// Text of several lines, without control characters or space around it.
pub(crate) fn paragraphs(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "form.unprintable"));
    }
    if text.chars().count() > most {
        return Err(Error::invalid(field, "form.too-long").with("most", most));
    }
    Ok(text.to_owned())
}

/// A language tag in its shape (BCP 47): `en`, `pt-br`. Whether the language exists is not looked up.
fn language(text: &str) -> Result<String> {
    let tag = text.trim().to_ascii_lowercase();
    let mut parts = tag.split('-');
    let is_language =
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase()));
    let rest_fits = parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if is_language && rest_fits && tag.len() <= 16 {
        Ok(tag)
    } else {
        Err(Error::invalid("language", "language.malformed"))
    }
}

fn edition(form: &AudiobookForm) -> Result<Edition> {
    let year = match form.year.trim() {
        "" => None,
        typed => Some(year(typed).ok_or_else(|| Error::invalid("year", "edition.year-malformed"))?),
    };
    let number = match form.isbn.trim() {
        "" => None,
        typed => Some(isbn(typed).ok_or_else(|| Error::invalid("isbn", "edition.isbn-malformed"))?),
    };
    Ok(Edition { year, publisher: optional_line("publisher", &form.publisher, 200)?, isbn: number })
}

/// A year in which something can have been published that people still hear.
fn year(text: &str) -> Option<i32> {
    let four = text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|year| four && (1000..=2999).contains(year))
}

/// An ISBN without hyphens and spaces, when its last digit fits the others (ISO 2108).
pub(crate) fn isbn(text: &str) -> Option<String> {
    let isbn: String = text.chars().filter(|sign| !matches!(sign, '-' | ' ' | '\u{2010}'..='\u{2015}')).collect();
    let isbn = isbn.to_ascii_uppercase();
    let digits: Option<Vec<u32>> = isbn
        .char_indices()
        .map(|(place, sign)| if sign == 'X' && place == 9 { Some(10) } else { sign.to_digit(10) })
        .collect();
    let digits = digits?;
    let fits = match digits.len() {
        10 => digits.iter().zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum::<u32>() % 11 == 0,
        13 => {
            let weights = [1, 3].into_iter().cycle();
            isbn.starts_with("97")
                && digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 10 == 0
        }
        _ => false,
    };
    fits.then_some(isbn)
}

pub(crate) fn price(field: &'static str, text: &str, currency: Currency) -> Result<i64> {
    Money::parse(text, currency).map(|money| money.minor).map_err(|refused| Error::invalid(field, refused))
}

fn sale(form: &AudiobookForm, price_minor: Option<i64>, currency: Currency) -> Result<Option<Sale>> {
    let starts_at = moment("sale_starts", &form.sale_starts)?;
    let ends_at = moment("sale_ends", &form.sale_ends)?;
    if form.sale_price.trim().is_empty() {
        return Ok(None);
    }
    let minor = price("sale_price", &form.sale_price, currency)?;
    let Some(list) = price_minor else {
        return Err(Error::invalid("price", "sale.no-regular-price"));
    };
    if minor >= list {
        return Err(Error::invalid("sale_price", "sale.not-lower"));
    }
    if let (Some(start), Some(end)) = (starts_at, ends_at)
        && end <= start
    {
        return Err(Error::invalid("sale_ends", "sale.backwards"));
    }
    Ok(Some(Sale { minor, starts_at, ends_at }))
}

fn licences(text: &str) -> Result<Option<i32>> {
    match text.trim() {
        "" => Ok(None),
        typed => match typed.parse() {
            Ok(total @ 0..=MOST_LICENCES) => Ok(Some(total)),
            _ => Err(Error::invalid("licences", "licences.malformed").with("most", MOST_LICENCES)),
        },
    }
}

pub(crate) fn moment(field: &'static str, text: &str) -> Result<Option<Timestamp>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // Some browsers add the seconds.
    let minutes = text.get(..16).unwrap_or(text);
    let moment = PrimitiveDateTime::parse(minutes, MOMENT).map_err(|_| Error::invalid(field, "moment.malformed"))?;
    Ok(Some(Timestamp(moment.assume_utc().unix_timestamp() * 1000)))
}

fn series_position(form: &AudiobookForm) -> Result<Option<i32>> {
    if !form.series_position.trim().is_empty() && form.series.trim().is_empty() {
        return Err(Error::invalid("series", "series.no-name"));
    }
    place_in_series("series_position", &form.series_position)
}

/// A number in a series, counted from 1; empty for none.
pub(super) fn place_in_series(field: &'static str, text: &str) -> Result<Option<i32>> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(position @ 1..=9999) => Ok(Some(position)),
            _ => Err(Error::invalid(field, "series.position-malformed")),
        },
    }
}

fn categories(slugs: &[String]) -> Result<Vec<String>> {
    let mut chosen: Vec<String> = Vec::new();
    for slug in slugs.iter().map(|slug| slug.trim()).filter(|slug| !slug.is_empty()) {
        if !chosen.iter().any(|known| known == slug) {
            chosen.push(slug.to_owned());
        }
    }
    if chosen.len() > MOST_CATEGORIES {
        return Err(Error::invalid("categories", "categories.too-many"));
    }
    Ok(chosen)
}

/// Reads text rights as the form writes them.
pub(super) fn text_rights(text: &str) -> Result<TextRights> {
    match text.trim() {
        "none" => Ok(TextRights::None),
        "read-along" => Ok(TextRights::ReadAlong),
        "download" => Ok(TextRights::Download),
        _ => Err(Error::invalid("text_rights", "text-rights.unknown")),
    }
}

/// Text rights as the form writes them.
pub(super) fn text_rights_text(rights: TextRights) -> &'static str {
    match rights {
        TextRights::None => "none",
        TextRights::ReadAlong => "read-along",
        TextRights::Download => "download",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> AudiobookForm {
        AudiobookForm {
            title: "  The   Keeper's Light ".to_owned(),
            authors: "Ada Moss, Ben Oak,, Ada Moss".to_owned(),
            language: "EN".to_owned(),
            price: "12.90".to_owned(),
            text_rights: "read-along".to_owned(),
            ..AudiobookForm::default()
        }
    }

    fn refusal(change: impl FnOnce(&mut AudiobookForm)) -> (&'static str, String) {
        let mut form = form();
        change(&mut form);
        match ValidatedTitle::read(&form, Currency::USD, 60_000) {
            Err(Error::Invalid { field, refusal }) => (field, refusal.code().to_owned()),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_sample_is_no_book() {
        let sample = |end: &str| {
            let form = AudiobookForm { sample_start: "60".into(), sample_end: end.to_owned(), ..form() };
            ValidatedTitle::read(&form, Currency::USD, 36_000_000).map(|read| read.sample)
        };
        assert_eq!(sample("360").unwrap(), Some((60_000, 360_000)));
        assert!(matches!(sample("360.1"), Err(Error::Invalid { field: "sample_end", .. })));
    }

    #[test]
    fn what_is_typed_is_tidied() {
        let read = ValidatedTitle::read(&form(), Currency::USD, 60_000).unwrap();
        assert_eq!(read.title, "The Keeper's Light");
        assert_eq!(read.authors, ["Ada Moss", "Ben Oak"]);
        assert_eq!((read.language.as_str(), read.price_minor), ("en", Some(1290)));
        assert_eq!((read.sale, read.sample, read.subtitle), (None, None, None));
    }

    #[test]
    fn each_refusal_names_its_field_and_says_what_to_do() {
        assert_eq!(refusal(|form| form.title = " ".to_owned()).0, "title");
        assert_eq!(refusal(|form| form.language = "English".to_owned()).0, "language");
        assert_eq!(refusal(|form| form.price = "-1".to_owned()).0, "price");
        assert_eq!(refusal(|form| form.sale_price = "12.90".to_owned()).0, "sale_price");
        assert_eq!(refusal(|form| form.text_rights = "all".to_owned()).0, "text_rights");
        assert_eq!(refusal(|form| form.series_position = "2".to_owned()).0, "series");
        assert_eq!(refusal(|form| form.sample_end = "61".to_owned()).0, "sample_end");
        assert_eq!(refusal(|form| form.description = "x".repeat(10_001)).0, "description");
        let four = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(refusal(|form| form.categories = four), ("categories", "categories.too-many".to_owned()));
        let backwards = refusal(|form| {
            form.sale_price = "9".to_owned();
            form.sale_starts = "2026-11-20T09:30".to_owned();
            form.sale_ends = "2026-11-20T09:30:00".to_owned();
        });
        assert_eq!(backwards.0, "sale_ends");
    }

    #[test]
    fn an_isbn_is_taken_as_people_write_it_and_a_mistyped_one_refused() {
        assert_eq!(isbn("978-3-16-148410-0").as_deref(), Some("9783161484100"));
        assert_eq!(isbn("0-8044-2957-x").as_deref(), Some("080442957X"));
        for wrong in ["978-3-16-148410-1", "0-8044-2957-0", "9783161484", "X783161484", "1234567890123", "９７８"] {
            assert_eq!(isbn(wrong), None, "{wrong}");
        }
        assert_eq!(refusal(|form| form.isbn = "978-3-16-148410-1".to_owned()).0, "isbn");
        assert_eq!(refusal(|form| form.year = "21".to_owned()).0, "year");
    }

    #[test]
    fn moments_come_back_as_they_were_typed() {
        let at = moment("sale_starts", "2026-11-20T09:30").unwrap();
        assert_eq!(moment_text(at), "2026-11-20T09:30");
    }
}
