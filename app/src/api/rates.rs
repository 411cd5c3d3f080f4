//! Prices shown in another currency than they are charged in, for those who want to see that.

use crate::AppError;
use domain::rates::Rates;
use domain::{Currency, Money};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Shows prices in a currency as well, in this browser; in none where it is empty. A plain form sends it, and the page is
/// drawn anew: `next` is where it stands.
#[server(endpoint = "shop/choose-currency")]
pub async fn choose_currency(
    #[server(default)] currency: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let chosen: Option<Currency> = currency.parse().ok().filter(|currency: &Currency| currency.name().is_some());
    crate::context::show_prices_in(chosen)?;
    leptos_axum::redirect(&identity::local_path(&next).unwrap_or_else(|| "/".to_owned()));
    Ok(())
}

/// How prices are shown to this browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What can be chosen; nothing in a shop without rates.
    pub choices: Vec<Currency>,
    pub chosen: Option<Currency>,
    /// The rates that it takes, where something is chosen.
    pub rates: Option<Rates>,
}

impl Shown {
    /// About what an amount is in the currency that was chosen; `None` without one, and for what is in it anyway.
    fn about(&self, money: Money) -> Option<Money> {
        let chosen = self.chosen.filter(|chosen| *chosen != money.currency && money.minor > 0)?;
        self.rates.as_ref()?.about(money, chosen)
    }
}

/// As the server has it at hand; the browser is told it with the page.
fn at_hand() -> Shown {
    #[cfg(feature = "ssr")]
    {
        let Some(rates) = use_context::<crate::context::AppContext>().and_then(|shop| shop.rates.at_hand()) else {
            return Shown::default();
        };
        let chosen = crate::context::prices_shown_in().filter(|chosen| rates.per_euro(*chosen).is_some());
        Shown { choices: rates.currencies(), chosen, rates: chosen.map(|_| (*rates).clone()) }
    }
    #[cfg(not(feature = "ssr"))]
    {
        Shown::default()
    }
}

/// Tells every part of the page how prices are shown.
pub fn provide_rates() {
    provide_context(Arc::new(SharedValue::new(at_hand).into_inner()));
}

/// How prices are shown; see [`provide_rates`].
pub fn use_rates() -> Arc<Shown> {
    use_context().unwrap_or_default()
}

/// About what an amount is in the currency that was chosen, such as `about €9.20`.
pub fn about(money: Money) -> Option<String> {
    use_rates().about(money).map(|about| format!("about {about}"))
}

/// The same in a sentence: by which rates, and in what is paid.
pub fn about_in_words(money: Money) -> Option<String> {
    let shown = use_rates();
    let (about, rates) = (shown.about(money)?, shown.rates.as_ref()?);
    let day = rates.day.starts_at().date();
    Some(format!("About {about}, by the rates of {day}. You pay in {}.", money.currency))
}
