//! What is shown of a picture.

use super::{CoverSource, PictureOf, PictureView, keep, naming};
use crate::catalog::titles;
use crate::entities::people;
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// A picture as the back office shows it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title or contributor.
pub async fn view(db: &Db, of: PictureOf) -> Result<PictureView> {
    let made = |key: Option<&String>, made: Option<&String>| key.is_some_and(|key| made == Some(&naming::base(key)));
    match of {
        PictureOf::Title(id) => {
            let title = titles::by_id(db.read(), id).await?;
            let embedded = keep::embedded(db.read(), id).await?;
            Ok(PictureView {
                source: title.cover_source.filter(|_| title.cover_key.is_some()),
                made: made(title.cover_key.as_ref(), title.cover_made.as_ref()),
                version: title.updated_at,
                in_recording: embedded.is_some() && embedded != title.cover_key,
                slug: title.slug,
                name: title.title,
            })
        }
        PictureOf::Contributor(id) => {
            let person = people::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("person"))?;
            Ok(PictureView {
                source: person.portrait_key.as_ref().map(|_| CoverSource::Uploaded),
                made: made(person.portrait_key.as_ref(), person.portrait_made.as_ref()),
                version: person.portrait_changed_at.unwrap_or(person.created_at),
                in_recording: false,
                slug: person.slug,
                name: person.name,
            })
        }
    }
}

/// What the keys of the sizes of somebody's portrait begin with, and when it last changed.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody of this address, or no portrait.
pub async fn portrait_made(db: &Db, slug: &str) -> Result<(String, Timestamp)> {
    let person = people::Entity::find().filter(people::Column::Slug.eq(slug)).one(db.read()).await?;
    let person = person.ok_or(Error::NotFound("person"))?;
    let version = person.portrait_changed_at.unwrap_or(person.created_at);
    person.portrait_made.map(|base| (base, version)).ok_or(Error::NotFound("portrait"))
}
