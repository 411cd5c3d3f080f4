//! What buyers think of titles: stars for the story and for the performance, and a few words if they like. Only who owns a
//! title rates it. A review of somebody who was paid back stays, without the mark that its author owns the title.

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod moderate;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
mod tally;

use crate::Timestamp;
use crate::catalog::{Link, Rating};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Characters of a review at most.
pub const LONGEST: usize = 4000;

/// Characters of the reason for hiding one at most.
pub const LONGEST_REASON: usize = 300;

/// A review as its author fills it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewForm {
    /// Stars, 1 to 5; 0 for none yet.
    pub story: u8,
    pub performance: u8,
    /// Plain text; may be empty.
    pub text: String,
}

/// A review as everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub id: Uuid,
    /// What its author is called; none for one without a name.
    pub by: Option<String>,
    /// The author owns the title now.
    pub owned: bool,
    /// Stars, 1 to 5.
    pub story: u8,
    pub performance: u8,
    /// May be empty.
    pub text: String,
    pub at: Timestamp,
    /// It was changed after it was written.
    pub edited: bool,
}

impl Review {
    /// The mean of both, in hundredths of a star.
    pub fn hundredths(&self) -> u32 {
        (u32::from(self.story) + u32::from(self.performance)) * 50
    }
}

/// How a title was rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    pub all: Rating,
    /// Means in hundredths of a star.
    pub story: u32,
    pub performance: u32,
    /// How many gave one star, two, and so on; a half counts as the whole above it.
    pub stars: [u32; 5],
}

/// A page of the reviews of a title, and what whoever looks may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPage {
    /// None while nobody has rated it.
    pub breakdown: Option<Breakdown>,
    /// Newest first.
    pub reviews: Vec<Review>,
    /// Where older ones go on.
    pub older: Option<Uuid>,
    pub viewer: ReviewViewer,
}

/// What whoever looks at reviews may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewViewer {
    pub logged_in: bool,
    /// Reviews are taken from them, whatever they own.
    pub taken: bool,
    /// They are, and the title is theirs.
    pub may_rate: bool,
    pub own: Option<OwnReview>,
}

/// A review as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnReview {
    pub id: Uuid,
    pub form: ReviewForm,
    /// Why nobody else sees it, where that is so.
    pub hidden: Option<String>,
}

/// A review as admins look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeratedReview {
    pub review: Review,
    pub title: Link,
    /// Reports since an admin last looked at it.
    pub open_reports: u32,
    /// Why it is hidden, where it is.
    pub hidden: Option<String>,
}
