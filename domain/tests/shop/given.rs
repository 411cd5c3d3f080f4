//! What a test starts from, put there the way the shop does it.

use crate::database::Shop;
use domain::account::{Permissions, Role, User};
use domain::catalog::seed::{self, SeedAudiobook, SeedCategory, SeedSale};
use domain::catalog::{TextRights, publish};
use domain::entities::{audiobooks, entitlements, files, parts, segments, users};
use domain::{Currency, Slug, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// A title that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    pub id: Uuid,
    pub slug: String,
}

/// A title that is being described; see [`Shop::title`].
pub struct Given<'a> {
    shop: &'a Shop,
    seed: SeedAudiobook,
    duration_ms: i64,
    sold: i64,
}

impl Shop {
    /// Begins a title: ten minutes in English by Ada Moss, for $12.90, in adventure.
    pub fn title(&self, name: &str) -> Given<'_> {
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
        Given { shop: self, seed, duration_ms: 600_000, sold: 0 }
    }

    /// Someone with an account.
    pub async fn someone(&self, name: &str, role: Role) -> User {
        let permissions = if role == Role::Admin { Permissions::all() } else { Permissions::default() };
        let email = format!("{}@example.com", name.to_lowercase());
        let row = users::Model {
            id: Uuid::now_v7(),
            email: email.clone(),
            name: name.to_owned(),
            email_verified_at: None,
            pending_email: None,
            password_hash: None,
            role,
            permissions: permissions.text(),
            second_step_at: None,
            language: "en".to_owned(),
            currency: None,
            disabled_at: None,
            deleted_at: None,
            created_at: self.db.now(),
            updated_at: self.db.now(),
        };
        let id = row.id;
        users::Entity::insert(row.into_active_model()).exec_without_returning(self.db.read()).await.unwrap();
        User { id, email: email.parse().unwrap(), name: name.to_owned(), role, permissions }
    }

    /// Puts a title into someone's library; returns the entitlement.
    pub async fn give(&self, user: &User, title: &Title) -> Uuid {
        let entitlement = entitlements::Model {
            id: Uuid::now_v7(),
            user_id: user.id,
            audiobook_id: title.id,
            order_id: None,
            granted_at: self.db.now(),
            revoked_at: None,
        };
        let id = entitlement.id;
        let insert = entitlements::Entity::insert(entitlement.into_active_model());
        insert.exec_without_returning(self.db.read()).await.unwrap();
        id
    }

    /// Says a sentence in a title, its words evenly through the time.
    pub async fn say(&self, title: &Title, position: i32, start_ms: i64, end_ms: i64, text: &str) {
        let words: Vec<&str> = text.split(' ').collect();
        let each = (end_ms - start_ms) / i64::try_from(words.len()).unwrap();
        let words: Vec<_> = (0..)
            .zip(words)
            .map(|(n, word)| {
                let from = start_ms + n * each;
                serde_json::json!({ "s": from, "e": from + each, "t": word, "c": 1.0 })
            })
            .collect();
        let segment = segments::Model {
            id: Uuid::now_v7(),
            audiobook_id: title.id,
            chunk_id: None,
            position,
            start_ms,
            end_ms,
            text: text.to_owned(),
            words: serde_json::to_string(&words).unwrap(),
            confidence: 1.0,
            flag: None,
        };
        segments::Entity::insert(segment.into_active_model()).exec_without_returning(self.db.read()).await.unwrap();
    }

    /// Gives a title its audio: one part of that length.
    pub async fn record(&self, id: Uuid, duration_ms: i64) {
        let now = self.db.now();
        let file = files::Model {
            id: Uuid::now_v7(),
            storage_key: format!("audio/{id}"),
            sha256: "0".repeat(64),
            size: 1_000_000,
            media_type: "audio/mpeg".to_owned(),
            original_name: "book.mp3".to_owned(),
            created_at: now,
        };
        let part = parts::Model {
            id: Uuid::now_v7(),
            audiobook_id: id,
            file_id: file.id,
            position: 0,
            start_ms: 0,
            duration_ms,
            codec: "mp3".to_owned(),
            sample_rate: 44_100,
            channels: 2,
            created_at: now,
        };
        files::Entity::insert(file.into_active_model()).exec_without_returning(self.db.read()).await.unwrap();
        parts::Entity::insert(part.into_active_model()).exec_without_returning(self.db.read()).await.unwrap();
        self.set(id, audiobooks::Column::DurationMs, duration_ms).await;
    }

    /// Changes a column of a title behind the shop's back.
    pub async fn set(&self, id: Uuid, column: audiobooks::Column, value: impl Into<sea_orm::Value>) {
        audiobooks::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .filter(audiobooks::Column::Id.eq(id))
            .exec(self.db.read())
            .await
            .unwrap();
    }
}

impl Given<'_> {
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

    pub fn sold(mut self, count: i64) -> Self {
        self.sold = count;
        self
    }

    pub fn days_old(mut self, days: i64) -> Self {
        self.seed.published_at = Some(self.shop.db.now().plus_ms(-days * DAY));
        self
    }

    /// Only what a list says: a draft without audio, added or brought up to date.
    pub async fn draft_of_list(self) -> Title {
        let db = &self.shop.db;
        for slug in &self.seed.categories {
            let category = SeedCategory { slug: slug.clone(), name: slug.clone(), ..Default::default() };
            seed::upsert_category(db, &category).await.unwrap();
        }
        let (id, _) = seed::upsert_audiobook(db, &self.seed).await.unwrap();
        Title { id, slug: self.seed.slug }
    }

    pub async fn draft(self) -> Title {
        let (shop, duration_ms, sold) = (self.shop, self.duration_ms, self.sold);
        let title = self.draft_of_list().await;
        shop.record(title.id, duration_ms).await;
        shop.set(title.id, audiobooks::Column::SoldCount, sold).await;
        title
    }

    pub async fn published(self) -> Title {
        let shop = self.shop;
        let title = self.draft().await;
        publish::publish(&shop.db, title.id).await.unwrap();
        title
    }

    pub async fn archived(self) -> Title {
        let shop = self.shop;
        let title = self.published().await;
        publish::archive(&shop.db, title.id).await.unwrap();
        title
    }
}
