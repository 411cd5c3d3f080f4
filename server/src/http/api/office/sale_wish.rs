//! What is wished of a sale.

use super::typed::{amount, given, moment, number};
use crate::http::api::problem::Problem;
use crate::http::api::values::Amount;
use domain::Currency;
use domain::promotions::SaleForm;
use serde::Deserialize;
use utoipa::ToSchema;

/// A sale to be made, or what is to be changed of one: what is not sent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaleWish {
    /// What it is called among admins.
    #[schema(example = "Winter", min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Off the list prices; it takes the place of a `price`.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    percent: Option<i32>,
    /// What each title costs meanwhile, in the currency of the shop; it takes the place of a percentage.
    #[schema(example = json!(null))]
    price: Option<Amount>,
    /// For all titles, whatever else is chosen.
    #[schema(example = true)]
    everything: Option<bool>,
    /// For these, by their slugs.
    #[schema(example = json!([]), max_items = 500)]
    titles: Option<Vec<String>>,
    /// For what is in these, by their slugs.
    #[schema(example = json!([]), max_items = 100)]
    categories: Option<Vec<String>>,
    /// From when, to the minute. `null` for at once.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, example = json!(null))]
    starts: Option<Option<String>>,
    /// Until when, to the minute. `null` for until somebody ends it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, example = json!(null))]
    ends: Option<Option<String>>,
}

impl SaleWish {
    /// The form with what is wished for.
    ///
    /// # Errors
    /// 422 for a price in another currency, or a time that is none.
    pub fn over(self, mut form: SaleForm, own: Currency) -> Result<SaleForm, Problem> {
        match (self.percent, &self.price) {
            (None, None) => {}
            (percent, wished) => {
                form.percent = number(percent);
                form.price = amount("price", wished.as_ref(), own)?;
            }
        }
        form.name = self.name.unwrap_or(form.name);
        form.chosen.everything = self.everything.unwrap_or(form.chosen.everything);
        form.chosen.titles = self.titles.map_or(form.chosen.titles, |titles| titles.join("\n"));
        form.chosen.categories = self.categories.unwrap_or(form.chosen.categories);
        if let Some(starts) = self.starts {
            form.starts = moment("starts", starts.as_deref())?;
        }
        if let Some(ends) = self.ends {
            form.ends = moment("ends", ends.as_deref())?;
        }
        Ok(form)
    }
}
