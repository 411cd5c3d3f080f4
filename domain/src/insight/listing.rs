//! What an admin asks of the list of titles, and what the list shows. All of the question stands in the address.

use crate::catalog::{Link, Status};
use crate::production::{Step, StepStatus};
use crate::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which titles the list shows, by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TitleTab {
    #[default]
    All,
    Draft,
    /// It goes on sale by itself, or was to and could not.
    Scheduled,
    Published,
    Archived,
    /// A step of its production failed or waits for a person.
    Attention,
}

impl TitleTab {
    /// Each as it stands in an address and as a person says it.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::All, "", "All"),
        (Self::Draft, "draft", "Drafts"),
        (Self::Scheduled, "scheduled", "Scheduled"),
        (Self::Published, "published", "Published"),
        (Self::Archived, "archived", "Archived"),
        (Self::Attention, "attention", "Needing attention"),
    ];

    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(tab, ..)| tab)
    }

    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(tab, ..)| *tab == self).map_or("", |(_, param, _)| param)
    }
}

/// Something that a title needs and may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    Price,
    Description,
    Audio,
    Category,
    Author,
}

impl Lack {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Price, "price", "A price"),
        (Self::Description, "description", "A description"),
        (Self::Audio, "audio", "Audio"),
        (Self::Category, "category", "A category"),
        (Self::Author, "author", "An author"),
    ];

    pub fn from_param(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map(|(lack, ..)| lack)
    }

    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(lack, ..)| *lack == self).map_or("", |(_, param, _)| param)
    }
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TitleSort {
    #[default]
    Newest,
    Title,
    Cheapest,
    Dearest,
    Sold,
    Changed,
}

impl TitleSort {
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Newest, "newest", "Newest"),
        (Self::Title, "title", "Title"),
        (Self::Cheapest, "cheapest", "Price, low to high"),
        (Self::Dearest, "dearest", "Price, high to low"),
        (Self::Sold, "sold", "Most sold"),
        (Self::Changed, "changed", "Changed last"),
    ];

    /// Reads an order from an address; one that is unknown gives the default.
    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(sort, ..)| sort)
    }

    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(sort, ..)| *sort == self).map_or("newest", |(_, param, _)| param)
    }
}

/// Which titles are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleFilter {
    /// Words of title, author, narrator or series.
    pub text: String,
    pub tab: TitleTab,
    /// A category's slug; empty for all.
    pub category: String,
    pub lacks: Option<Lack>,
    /// A sale price is asked for it now.
    pub reduced: bool,
    /// A language tag; empty for all.
    pub language: String,
}

impl TitleFilter {
    /// Nothing is left out but by where titles stand.
    pub fn is_open(&self) -> bool {
        *self == Self { tab: self.tab, ..Self::default() }
    }
}

/// How many there are, counted up to a bound: one above [`Bounded::MOST`] stands for all numbers above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounded(pub u64);

impl Bounded {
    /// Counting ends here: nobody waits for the exact number of a hundred thousand.
    pub const MOST: u64 = 1_000;

    /// There are more than were counted.
    pub fn more(self) -> bool {
        self.0 > Self::MOST
    }

    /// `12`, or `1,000+`.
    pub fn words(self) -> String {
        match self.0 {
            number if number > Self::MOST => "1,000+".to_owned(),
            Self::MOST => "1,000".to_owned(),
            number => number.to_string(),
        }
    }
}

/// A title in the admin's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleRow {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub authors: Vec<String>,
    pub status: Status,
    /// The regular price; `None` while nobody has set one.
    pub price: Option<Money>,
    /// What is asked now, where that is less.
    pub sale: Option<Money>,
    pub duration_ms: i64,
    pub sold: i64,
    pub updated_at: Timestamp,
    /// When it goes on sale by itself, or was to.
    pub publish_at: Option<Timestamp>,
    /// It was to and could not.
    pub publish_failed: bool,
    /// The production step it stands at and how that goes.
    pub step: Option<(Step, StepStatus)>,
}

/// A page of the list, and what else can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleList {
    pub rows: Vec<TitleRow>,
    /// Counted from 1.
    pub number: u32,
    /// Pages as far as they were counted; at least 1.
    pub pages: u32,
    /// How many titles fit, under each tab.
    pub tabs: Vec<(TitleTab, Bounded)>,
    /// How many fit under the tab that is shown.
    pub total: Bounded,
    pub categories: Vec<(Uuid, Link)>,
    pub languages: Vec<String>,
    /// By this a change to many of them is known, however often the page sends it.
    pub key: Uuid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_says_when_it_stopped() {
        assert_eq!(Bounded(12).words(), "12");
        assert_eq!(Bounded(Bounded::MOST).words(), "1,000");
        assert_eq!(Bounded(Bounded::MOST + 1).words(), "1,000+");
    }

    #[test]
    fn what_is_asked_for_comes_back_from_its_address() {
        for (tab, param, _) in TitleTab::ALL {
            assert_eq!((TitleTab::from_param(param), tab.param()), (tab, param));
        }
        for (sort, param, _) in TitleSort::ALL {
            assert_eq!((TitleSort::from_param(param), sort.param()), (sort, param));
        }
        for (lack, param, _) in Lack::ALL {
            assert_eq!((Lack::from_param(param), lack.param()), (Some(lack), param));
        }
        assert_eq!((TitleTab::from_param("?"), Lack::from_param("?")), (TitleTab::All, None));
    }
}
