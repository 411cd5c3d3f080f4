//! What a list of titles is narrowed to and ordered by, where there is a choice of a few.

use domain::catalog::{Length, Sort};
use serde::Deserialize;
use utoipa::ToSchema;

/// An order of titles.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SortBy {
    Relevance,
    Newest,
    BestSelling,
    BestRated,
    PriceUp,
    PriceDown,
    Title,
    Shortest,
    Longest,
}

impl From<SortBy> for Sort {
    fn from(sort: SortBy) -> Self {
        match sort {
            SortBy::Relevance => Self::Relevance,
            SortBy::Newest => Self::Newest,
            SortBy::BestSelling => Self::BestSelling,
            SortBy::BestRated => Self::BestRated,
            SortBy::PriceUp => Self::PriceUp,
            SortBy::PriceDown => Self::PriceDown,
            SortBy::Title => Self::Title,
            SortBy::Shortest => Self::Shortest,
            SortBy::Longest => Self::Longest,
        }
    }
}

/// A length, in hours.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub enum LengthRange {
    #[serde(rename = "under-1")]
    UnderOne,
    #[serde(rename = "1-5")]
    OneToFive,
    #[serde(rename = "5-10")]
    FiveToTen,
    #[serde(rename = "10-20")]
    TenToTwenty,
    #[serde(rename = "over-20")]
    OverTwenty,
}

impl From<LengthRange> for Length {
    fn from(length: LengthRange) -> Self {
        match length {
            LengthRange::UnderOne => Self::UnderOneHour,
            LengthRange::OneToFive => Self::OneToFive,
            LengthRange::FiveToTen => Self::FiveToTen,
            LengthRange::TenToTwenty => Self::TenToTwenty,
            LengthRange::OverTwenty => Self::OverTwenty,
        }
    }
}
