//! The part of a title that says what it costs by itself.

use super::window::{self, Window};
use crate::entities::audiobooks;
use crate::{Currency, Error, Result, Timestamp};
use sea_orm::DerivePartialModel;
use uuid::Uuid;

/// What a title costs by itself: its regular price, and a sale of its own.
#[derive(Clone, Debug, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
pub(crate) struct Listed {
    pub id: Uuid,
    /// In minor units of `currency`.
    pub price_minor: i64,
    pub currency: String,
    pub sale_price_minor: Option<i64>,
    /// The sale runs from here on; from ever when `None`.
    pub sale_starts_at: Option<Timestamp>,
    /// The sale is over from here on; never when `None`.
    pub sale_ends_at: Option<Timestamp>,
}

impl From<&audiobooks::Model> for Listed {
    fn from(title: &audiobooks::Model) -> Self {
        Self {
            id: title.id,
            price_minor: title.price_minor,
            currency: title.currency.clone(),
            sale_price_minor: title.sale_price_minor,
            sale_starts_at: title.sale_starts_at,
            sale_ends_at: title.sale_ends_at,
        }
    }
}

impl Listed {
    pub fn currency(&self) -> Result<Currency> {
        self.currency.parse().map_err(|error| Error::Damaged(format!("{error}")))
    }

    /// Its own sale, whenever it runs.
    pub(super) fn own(&self) -> Option<Window> {
        let minor = self.sale_price_minor?;
        Some(Window { minor, starts_at: self.sale_starts_at, ends_at: self.sale_ends_at, sale: None })
    }

    /// The lower prices among these that count.
    pub(super) fn lower(&self, windows: impl Iterator<Item = Window>) -> Vec<Window> {
        window::lower(self.price_minor, windows)
    }
}
