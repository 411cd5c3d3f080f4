//! A single title, as far as this viewer may see it.

use super::summaries::{SummaryRow, assemble};
use super::titles::by_slug;
use super::{AudiobookDetail, Edition, Sample, Status, summaries};
use crate::account::User;
use crate::entities::{audiobooks, series};
use crate::entitlements::owns;
use crate::transcript::{chapters::chapters_of, segments};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::EntityTrait;

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
    let title = visible(db, slug, viewer).await?;
    let summary = assemble(db.read(), vec![SummaryRow::from(&title)], db.now()).await?.pop();
    Ok(AudiobookDetail {
        summary: summary.ok_or(Error::NotFound("title"))?,
        sample: sample(db, &title).await?,
        chapters: chapters_of(db, title.id).await?,
        description: title.description,
        status: title.status,
        text_rights: title.text_rights,
        edition: Edition { year: title.published_year, publisher: title.publisher, isbn: title.isbn },
    })
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

/// The sample with what is said in it, as far as the text rights let it out.
pub(super) async fn sample(db: &Db, title: &audiobooks::Model) -> Result<Option<Sample>> {
    if title.sample_key.is_none() || title.sample_end_ms <= title.sample_start_ms {
        return Ok(None);
    }
    let segments = if title.text_rights.may_be_read() {
        segments::cut(db, title.id, title.sample_start_ms, title.sample_end_ms).await?
    } else {
        Vec::new()
    };
    Ok(Some(Sample {
        start_ms: title.sample_start_ms,
        end_ms: title.sample_end_ms,
        version: title.updated_at,
        segments,
    }))
}
