//! Who and what stands behind the titles of the shop, in the order of their addresses: those that shoppers have a page for.

use super::search::checked;
use super::{ContributorRole, Link, Status};
use crate::entities::{audiobook_people, audiobooks, people, series};
use crate::{Db, Result, Slug, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: Uuid,
    pub link: Link,
    /// When the portrait of a person last changed; none without one.
    pub portrait: Option<Timestamp>,
}

/// Which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What their name begins with; empty for all.
    pub text: &'a str,
    /// The address after which the list goes on.
    pub after: Option<&'a str>,
    /// How many at most.
    pub most: u64,
}

impl Asked<'_> {
    fn narrow<E: EntityTrait>(&self, mut query: Select<E>, slug: impl ColumnTrait) -> Select<E> {
        let beginning = self.text.trim();
        if !beginning.is_empty() {
            // An address holds no letter case and no accents, so that a search need not either.
            query = query.filter(slug.starts_with(Slug::from_name(beginning).as_str()));
        }
        if let Some(after) = self.after {
            query = query.filter(slug.gt(after));
        }
        // One more than is shown tells whether there are more.
        query.order_by_asc(slug).limit(self.most + 1)
    }
}

/// People with a title that is for sale or was, and whether there are more. With a role, those who have it.
pub async fn contributors(db: &Db, asked: &Asked<'_>, role: Option<ContributorRole>) -> Result<(Vec<Listed>, bool)> {
    let title = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((audiobook_people::Entity, audiobook_people::Column::AudiobookId));
    let theirs = Expr::col((audiobook_people::Entity, audiobook_people::Column::PersonId))
        .equals((people::Entity, people::Column::Id));
    let mut titles = Query::select();
    titles
        .expr(Expr::val(1))
        .from(audiobook_people::Entity)
        .inner_join(audiobooks::Entity, title)
        .and_where(theirs)
        .and_where(shown(db.backend()));
    if let Some(role) = role {
        titles.and_where(audiobook_people::Column::Role.eq(role));
    }
    let query = people::Entity::find().filter(Expr::exists(titles));
    let rows = asked.narrow(query, people::Column::Slug).all(db.read()).await?;
    let listed = rows.into_iter().map(|person| Listed {
        id: person.id,
        portrait: person.portrait_made.and(person.portrait_changed_at),
        link: Link { slug: person.slug, name: person.name },
    });
    Ok(cut(listed.collect(), asked.most))
}

/// Series with a title that is for sale or was, and whether there are more.
pub async fn all_series(db: &Db, asked: &Asked<'_>) -> Result<(Vec<Listed>, bool)> {
    let titles = Query::select()
        .expr(Expr::val(1))
        .from(audiobooks::Entity)
        .and_where(
            Expr::col((audiobooks::Entity, audiobooks::Column::SeriesId)).equals((series::Entity, series::Column::Id)),
        )
        .and_where(shown(db.backend()))
        .to_owned();
    let query = series::Entity::find().filter(Expr::exists(titles));
    let rows = asked.narrow(query, series::Column::Slug).all(db.read()).await?;
    let listed = rows.into_iter().map(|series| Listed {
        id: series.id,
        portrait: None,
        link: Link { slug: series.slug, name: series.name },
    });
    Ok(cut(listed.collect(), asked.most))
}

/// A title that is at hand has a page for shoppers.
fn shown(backend: DbBackend) -> Expr {
    checked(backend, Expr::col((audiobooks::Entity, audiobooks::Column::Status)), "draft").ne(Status::Draft)
}

fn cut(mut listed: Vec<Listed>, most: u64) -> (Vec<Listed>, bool) {
    let more = listed.len() as u64 > most;
    listed.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    (listed, more)
}
