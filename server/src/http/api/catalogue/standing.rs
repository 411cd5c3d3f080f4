//! Where a title stands, and what may be done with it.

use domain::catalog::{Status, TextRights};
use domain::ordering::Availability;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a title stands for whoever asks; somebody without a token can only be told whether it is for sale.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Available {
    ForSale,
    InCart,
    Owned,
    SoldOut,
    NotForSale,
}

impl From<Availability> for Available {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::ForSale => Self::ForSale,
            Availability::InCart => Self::InCart,
            Availability::Owned => Self::Owned,
            Availability::SoldOut => Self::SoldOut,
            Availability::NotForSale => Self::NotForSale,
        }
    }
}

/// What a buyer may do with the text: nothing, read it while listening, or take it away as well.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextUse {
    None,
    ReadAlong,
    Download,
}

impl From<TextRights> for TextUse {
    fn from(rights: TextRights) -> Self {
        match rights {
            TextRights::None => Self::None,
            TextRights::ReadAlong => Self::ReadAlong,
            TextRights::Download => Self::Download,
        }
    }
}

/// Where a title stands: only admins see a draft; an archived one is kept by those who bought it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TitleStatus {
    Draft,
    Published,
    Archived,
}

impl From<Status> for TitleStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Draft => Self::Draft,
            Status::Published => Self::Published,
            Status::Archived => Self::Archived,
        }
    }
}
