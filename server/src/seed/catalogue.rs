//! The lists in `seed/`, as they are written.

use anyhow::Context;
use domain::Timestamp;
use domain::catalog::TextRights;
use domain::transcript::Chapter;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use time::macros::format_description;

#[derive(Debug, Deserialize)]
pub struct Categories {
    pub categories: Vec<Category>,
}

#[derive(Debug, Deserialize)]
pub struct Category {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub keywords: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Catalogue {
    pub currency: String,
    pub authors: Vec<Person>,
    pub narrators: Vec<Person>,
    pub series: Vec<Series>,
    pub titles: Vec<Title>,
}

#[derive(Debug, Deserialize)]
pub struct Person {
    pub slug: String,
    pub name: String,
    pub bio: String,
}

#[derive(Debug, Deserialize)]
pub struct Series {
    pub slug: String,
    pub name: String,
    pub description: String,
}

#[derive(Debug, Deserialize)]
pub struct Title {
    pub slug: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<String>,
    pub narrators: Vec<String>,
    pub series: Option<String>,
    pub series_order: Option<i32>,
    pub categories: Vec<String>,
    pub language: String,
    /// In minor units.
    pub price: i64,
    pub sale_price: Option<i64>,
    /// `2025-02-11`.
    pub published: String,
    pub featured: bool,
    pub text_rights: String,
    pub audio: String,
    pub duration_ms: i64,
    pub sample: Range,
    pub description: String,
    pub chapters: Vec<ChapterMark>,
}

/// A stretch of the recording, in milliseconds.
#[derive(Debug, Deserialize)]
pub struct Range {
    pub start_ms: i64,
    pub end_ms: i64,
}

#[derive(Debug, Deserialize)]
pub struct ChapterMark {
    pub title: String,
    pub start_ms: i64,
}

impl Title {
    /// Its chapters: each ends where the next one begins.
    pub fn chapters(&self) -> Vec<Chapter> {
        let ends = self.chapters.iter().skip(1).map(|next| next.start_ms).chain([self.duration_ms]);
        let chapter = |(mark, end_ms): (&ChapterMark, i64)| Chapter {
            title: mark.title.clone(),
            start_ms: mark.start_ms,
            end_ms,
        };
        self.chapters.iter().zip(ends).map(chapter).collect()
    }
}

impl Catalogue {
    /// The names behind slugs.
    ///
    /// # Errors
    /// When a slug is not in the list.
    pub fn names(&self, people: &[Person], slugs: &[String]) -> anyhow::Result<Vec<String>> {
        let name = |slug: &String| {
            let person = people.iter().find(|person| person.slug == *slug);
            person.map(|person| person.name.clone()).with_context(|| format!("there is no person {slug:?}"))
        };
        slugs.iter().map(name).collect()
    }

    /// The name behind a series' slug.
    ///
    /// # Errors
    /// When it is not in the list.
    pub fn series_name(&self, slug: &str) -> anyhow::Result<String> {
        let series = self.series.iter().find(|series| series.slug == slug);
        series.map(|series| series.name.clone()).with_context(|| format!("there is no series {slug:?}"))
    }
}

/// Reads a list.
///
/// # Errors
/// When it is not there or not as it should be; the message names the file.
pub async fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text =
        tokio::fs::read_to_string(path).await.with_context(|| format!("{} could not be read", path.display()))?;
    let list = config::Config::builder().add_source(config::File::from_str(&text, config::FileFormat::Toml)).build();
    list.and_then(config::Config::try_deserialize).with_context(|| format!("{} is damaged", path.display()))
}

/// The rights by their name.
pub fn text_rights(name: &str) -> Option<TextRights> {
    match name {
        "none" => Some(TextRights::None),
        "read-along" => Some(TextRights::ReadAlong),
        "download" => Some(TextRights::Download),
        _ => None,
    }
}

/// The beginning of a day in UTC.
///
/// # Errors
/// When it is not a date such as `2025-02-11`.
pub fn midnight(date: &str) -> anyhow::Result<Timestamp> {
    let day = time::Date::parse(date, format_description!("[year]-[month]-[day]"))
        .with_context(|| format!("{date:?} is not a date such as 2025-02-11"))?;
    Ok(Timestamp(day.midnight().assume_utc().unix_timestamp() * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_lists_of_the_sample_shop_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed");
        let categories: Categories = read(&folder.join("categories.toml")).await.unwrap();
        let catalogue: Catalogue = read(&folder.join("catalogue.toml")).await.unwrap();
        assert_eq!(categories.categories.len(), 8);
        for title in &catalogue.titles {
            midnight(&title.published).unwrap();
            assert!(
                title.sample.start_ms < title.sample.end_ms && title.sample.end_ms <= title.duration_ms,
                "{}",
                title.slug
            );
            assert!(text_rights(&title.text_rights).is_some(), "{}", title.slug);
        }
    }
}
