//! Whole addresses: whoever reads these documents has no page that they could be relative to.

use app::paths;
use domain::catalog::AudiobookSummary;

/// Where the shop stands on the web.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a>(&'a str);

impl<'a> Site<'a> {
    pub fn new(public_url: &'a str) -> Self {
        Self(public_url.trim_end_matches('/'))
    }

    /// The whole address of a path of the shop, which begins with a slash.
    pub fn at(self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    pub fn book(self, slug: &str) -> String {
        self.at(&paths::book(slug))
    }

    /// A picture of the cover in a format that every reader shows.
    pub fn cover(self, title: &AudiobookSummary) -> String {
        self.at(&paths::shared_cover(title))
    }

    pub fn sample(self, title: &AudiobookSummary) -> String {
        self.at(&paths::sample(&title.slug, title.cover.version))
    }
}
