//! Titles, described in a few words and put into the catalogue.

use super::{DAY, record, set};
use crate::catalog::seed::{self, SeedAudiobook, SeedCategory, SeedSale};
use crate::catalog::{TextRights, publish};
use crate::entities::audiobooks;
use crate::{Currency, Db, Slug, Timestamp};
use uuid::Uuid;

/// A title that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    pub id: Uuid,
    pub slug: String,
}

/// A title that is being described; see [`title`].
#[must_use]
pub struct TitleBuilder<'a> {
    db: &'a Db,
    seed: SeedAudiobook,
    duration_ms: i64,
    files: Vec<&'a str>,
    sold: i64,
}

/// Begins a title: ten minutes in English by Ada Moss, for $12.90, in adventure.
pub fn title<'a>(db: &'a Db, name: &str) -> TitleBuilder<'a> {
    let seed = SeedAudiobook {
        slug: Slug::from_name(name).to_string(),
        title: name.to_owned(),
        subtitle: None,
        authors: vec!["Ada Moss".to_owned()],
        narrators: Vec::new(),
        series: None,
        description: "A story.".to_owned(),
        language: "en".to_owned(),
        currency: Currency::USD,
        price_minor: 1290,
        sale: None,
        licences: None,
        categories: vec!["adventure".to_owned()],
        text_rights: TextRights::ReadAlong,
        featured: false,
        published_at: None,
    };
    TitleBuilder { db, seed, duration_ms: 600_000, files: vec!["book.mp3"], sold: 0 }
}

/// A title for sale as it is most of the time: ten minutes long, and its text may be downloaded.
pub async fn for_sale(db: &Db, name: &str, price_minor: i64) -> Title {
    title(db, name).price(price_minor).text_rights(TextRights::Download).published().await
}

impl<'a> TitleBuilder<'a> {
    pub fn subtitle(mut self, subtitle: &str) -> Self {
        self.seed.subtitle = Some(subtitle.to_owned());
        self
    }

    pub fn author(mut self, name: &str) -> Self {
        self.seed.authors = vec![name.to_owned()];
        self
    }

    pub fn narrator(mut self, name: &str) -> Self {
        self.seed.narrators.push(name.to_owned());
        self
    }

    pub fn series(mut self, name: &str, position: Option<i32>) -> Self {
        self.seed.series = Some((name.to_owned(), position));
        self
    }

    pub fn description(mut self, text: &str) -> Self {
        self.seed.description = text.to_owned();
        self
    }

    pub fn currency(mut self, currency: Currency) -> Self {
        self.seed.currency = currency;
        self
    }

    /// In cents.
    pub fn price(mut self, minor: i64) -> Self {
        self.seed.price_minor = minor;
        self
    }

    pub fn sale(mut self, minor: i64, starts_at: Option<Timestamp>, ends_at: Option<Timestamp>) -> Self {
        self.seed.sale = Some(SeedSale { minor, starts_at, ends_at });
        self
    }

    pub fn licences(mut self, count: i32) -> Self {
        self.seed.licences = Some(count);
        self
    }

    /// The only category.
    pub fn category(mut self, slug: &str) -> Self {
        self.seed.categories = vec![slug.to_owned()];
        self
    }

    pub fn and_category(mut self, slug: &str) -> Self {
        self.seed.categories.push(slug.to_owned());
        self
    }

    pub fn text_rights(mut self, rights: TextRights) -> Self {
        self.seed.text_rights = rights;
        self
    }

    pub fn featured(mut self) -> Self {
        self.seed.featured = true;
        self
    }

    pub fn minutes(mut self, minutes: i64) -> Self {
        self.duration_ms = minutes * 60_000;
        self
    }

    /// The names of its files, each as long as the others.
    pub fn files(mut self, names: &[&'a str]) -> Self {
        self.files = names.to_vec();
        self
    }

    pub fn sold(mut self, count: i64) -> Self {
        self.sold = count;
        self
    }

    pub fn days_old(mut self, days: i64) -> Self {
        self.seed.published_at = Some(self.db.now().plus_ms(-days * DAY));
        self
    }

    /// Only what a list says: a draft without audio, added or brought up to date.
    pub async fn draft_of_list(self) -> Title {
        let db = self.db;
        for slug in &self.seed.categories {
            let category = SeedCategory { slug: slug.clone(), name: slug.clone(), ..Default::default() };
            seed::upsert_category(db, &category).await.unwrap();
        }
        let (id, _) = seed::upsert_audiobook(db, &self.seed).await.unwrap();
        Title { id, slug: self.seed.slug }
    }

    pub async fn draft(self) -> Title {
        let (db, duration_ms, sold) = (self.db, self.duration_ms, self.sold);
        let files = self.files.clone();
        let title = self.draft_of_list().await;
        record(db, title.id, duration_ms, &files).await;
        set(db, title.id, audiobooks::Column::SoldCount, sold).await;
        title
    }

    pub async fn published(self) -> Title {
        let db = self.db;
        let title = self.draft().await;
        publish::publish(db, title.id).await.unwrap();
        title
    }

    pub async fn archived(self) -> Title {
        let db = self.db;
        let title = self.published().await;
        publish::archive(db, title.id).await.unwrap();
        title
    }
}
