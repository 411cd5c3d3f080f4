//! A single title, as far as this viewer may see it.

use super::bundled::{Near, near};
use super::sampled::Sampled;
use super::summaries::{SummaryRow, assemble};
use super::titles::by_slug;
use super::{AudiobookDetail, AudiobookSummary, Edition, Status, summaries};
use crate::account::User;
use crate::entities::{audiobooks, series};
use crate::entitlements::owns;
use crate::transcript::contents::contents;
use crate::{Db, Error, Result, Timestamp};
use sea_orm::EntityTrait;
use serde::Serialize;
use std::sync::Arc;

/// What a cover shows where it is drawn, and where its sizes lie where it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverFacts {
    /// What the storage keys of its sizes begin with.
    pub made: Option<String>,
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<String>,
    pub series: Option<String>,
    /// The best-fitting category's slug: it picks the colours.
    pub category: Option<String>,
    /// Changes with the cover.
    pub updated_at: Timestamp,
    /// Only some may see it.
    pub hidden: bool,
}

/// A title's page. Drafts and archived titles are for admins and for those who own them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title, or not for this viewer.
pub async fn detail(db: &Db, slug: &str, viewer: Option<&User>) -> Result<AudiobookDetail> {
    Ok(page(db, slug, viewer, 0).await?.0)
}

/// A title's page with published titles like it. What everybody may see may be a moment old.
///
/// # Errors
/// As [`detail`].
pub async fn page(
    db: &Db,
    slug: &str,
    viewer: Option<&User>,
    similar: u64,
) -> Result<(AudiobookDetail, Vec<AudiobookSummary>)> {
    let key = Page { slug: slug.to_owned(), similar };
    let public = db.alike(key.clone(), || async {
        let Some(remembered) = published_now(db, slug).await? else { return Ok(None) };
        let shown = db.copied("title", &key, || async {
            // What is remembered may be from before the change that a copy is named by.
            let title = if db.shares() { published(db, slug).await? } else { Some(remembered) };
            let title: Arc<audiobooks::Model> = title.ok_or(Error::NotFound("title"))?;
            look(db, &title, similar).await
        });
        match shown.await {
            // It was taken off the shelf meanwhile.
            Err(Error::NotFound(_)) => Ok(None),
            shown => shown.map(Some),
        }
    });
    match public.await? {
        Some(page) => Ok(page),
        None => look(db, &visible(db, slug, viewer).await?, similar).await,
    }
}

/// What a page is remembered by.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
struct Page {
    slug: String,
    similar: u64,
}

/// What a title that is for sale is remembered by.
#[derive(PartialEq, Eq, Hash)]
struct Published(String);

/// A title that anybody may see; it may be a moment old.
async fn published_now(db: &Db, slug: &str) -> Result<Option<Arc<audiobooks::Model>>> {
    db.alike(Published(slug.to_owned()), || published(db, slug)).await
}

/// As [`published_now`], as the database has it.
async fn published(db: &Db, slug: &str) -> Result<Option<Arc<audiobooks::Model>>> {
    match by_slug(db, slug).await {
        Ok(title) => Ok((title.status == Status::Published).then(|| Arc::new(title))),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn look(db: &Db, title: &audiobooks::Model, similar: u64) -> Result<(AudiobookDetail, Vec<AudiobookSummary>)> {
    let Near { rows: close, bundles } = if similar > 0 { near(db, title.id, similar).await? } else { Near::default() };
    let mut rows = vec![SummaryRow::from(title)];
    rows.extend(close);
    let mut summaries = assemble(db, rows).await?.into_iter();
    let summary = summaries.next().ok_or(Error::NotFound("title"))?;
    let (bundles, more) = bundles.offered(db, &summary, summaries.collect());
    let (title, sampled) = (title.clone(), Sampled::from(title));
    let (chapters, segments) = contents(db, title.id, sampled.read()).await?;
    let detail = AudiobookDetail {
        summary,
        bundles: if title.status == Status::Published { bundles } else { Vec::new() },
        sample: sampled.saying(segments),
        chapters,
        description: title.description,
        status: title.status,
        text_rights: title.text_rights,
        edition: Edition { year: title.published_year, publisher: title.publisher, isbn: title.isbn },
    };
    Ok((detail, more))
}

/// Storage key of a title's sample: for everyone who may see its page.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title or sample, or not for this viewer.
pub async fn sample_file(db: &Db, slug: &str, viewer: Option<&User>) -> Result<String> {
    visible(db, slug, viewer).await?.sample_key.ok_or(Error::NotFound("sample"))
}

/// What a title's cover is made of. Drafts are for admins and for those who own them; the cover of an archived title stays where it was, because
/// libraries and orders show it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title, or not for this viewer.
pub async fn cover_facts(db: &Db, slug: &str, viewer: Option<&User>) -> Result<CoverFacts> {
    let title = by_slug(db, slug).await?;
    if title.status == Status::Draft && !is_admin(viewer) {
        let bought = match viewer {
            Some(user) => owns(db, user.id, title.id).await?,
            None => false,
        };
        if !bought {
            return Err(Error::NotFound("title"));
        }
    }
    let ids = [title.id];
    let (authors, _) = summaries::contributors_of(db.read(), &ids).await?.remove(&title.id).unwrap_or_default();
    let categories = summaries::categories_of(db.read(), &ids).await?.remove(&title.id).unwrap_or_default();
    let series = match title.series_id {
        Some(id) => series::Entity::find_by_id(id).one(db.read()).await?.map(|series| series.name),
        None => None,
    };
    Ok(CoverFacts {
        made: title.cover_made,
        title: title.title,
        subtitle: title.subtitle,
        authors: authors.into_iter().map(|author| author.name).collect(),
        series,
        category: categories.into_iter().next().map(|category| category.slug),
        updated_at: title.updated_at,
        hidden: title.status == Status::Draft,
    })
}

pub(crate) async fn visible(db: &Db, slug: &str, viewer: Option<&User>) -> Result<audiobooks::Model> {
    if let Some(title) = published_now(db, slug).await? {
        return Ok(Arc::unwrap_or_clone(title));
    }
    let title = by_slug(db, slug).await?;
    let seen = match title.status {
        Status::Published => true,
        _ if is_admin(viewer) => true,
        // One that was taken off the shelf goes on to be seen by those who bought it.
        Status::Draft | Status::Archived => match viewer {
            Some(user) => owns(db, user.id, title.id).await?,
            None => false,
        },
    };
    if seen { Ok(title) } else { Err(Error::NotFound("title")) }
}

fn is_admin(viewer: Option<&User>) -> bool {
    viewer.is_some_and(User::is_admin)
}
