//! What a sale is known by to those who were told of it.

use crate::Timestamp;
use crate::pricing::Price;
use crate::pricing::listed::Listed;
use crate::pricing::offers::Offers;
use uuid::Uuid;

/// A title on sale: what it costs, and by which sale.
#[derive(Clone, Debug)]
pub(super) struct OnSale {
    pub title: Uuid,
    pub key: String,
    pub price: Price,
}

/// Those of some titles that are on sale at `now`.
pub(super) fn on_sale(offers: &Offers, titles: &[Listed], now: Timestamp) -> crate::Result<Vec<OnSale>> {
    let mut found = Vec::new();
    for title in titles {
        let Some(best) = offers.best(title, now) else { continue };
        let key = match best.sale {
            Some(sale) => format!("sale:{sale}"),
            None => format!("title:{}:{}:{}", title.id, best.starts_at.map_or(0, |start| start.0), best.minor),
        };
        found.push(OnSale { title: title.id, key, price: offers.price(title, now)? });
    }
    Ok(found)
}
