//! Whom a name belongs to. Two spellings of one name are one person: letter case, accents of Latin letters and signs
//! between the words do not tell people apart, whatever else stands in a name does.

use super::{RedirectKind, redirects};
use crate::entities::{people, series};
use crate::{Result, Slug};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Numbers up to which addresses of one spelling are looked up: only those made long ago ever share one.
const NUMBERED: u32 = 9;

/// What the shop knows of some names.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Whose they are, by name; names of nobody are left out.
    pub found: HashMap<String, Uuid>,
    pub taken: Taken,
}

/// Addresses that are taken.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// A free address for a name, which is taken by that.
    pub fn free(&mut self, name: &str) -> String {
        let plain = Slug::from_name(name);
        let numbered = (2..).map(|number| plain.numbered(number).to_string());
        let free = std::iter::once(plain.to_string()).chain(numbered).find(|slug| !self.0.contains(slug));
        let free = free.unwrap_or_else(|| Uuid::now_v7().to_string());
        self.0.insert(free.clone());
        free
    }
}

/// The contributors of some names.
pub(super) async fn contributors(tx: &impl ConnectionTrait, names: &[String]) -> Result<Known> {
    use people::Column;
    let near = near(Column::Slug, Column::Name, names);
    let rows = people::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Slug, Column::Name])
        .filter(near)
        .into_tuple()
        .all(tx)
        .await?;
    known(tx, RedirectKind::Contributor, names, rows).await
}

/// The series of some names.
pub(super) async fn series(tx: &impl ConnectionTrait, names: &[String]) -> Result<Known> {
    use series::Column;
    let near = near(Column::Slug, Column::Name, names);
    let rows = series::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Slug, Column::Name])
        .filter(near)
        .into_tuple()
        .all(tx)
        .await?;
    known(tx, RedirectKind::Series, names, rows).await
}

/// Rows that may have one of the names: by their address or a numbered one, and by the name itself, because an address
/// that was made long ago may have lost signs that count.
fn near<C: ColumnTrait>(slug: C, name: C, names: &[String]) -> Condition {
    let slugs = names.iter().map(|name| Slug::from_name(name)).flat_map(|plain| {
        let numbered: Vec<_> = (2..=NUMBERED).map(|number| plain.numbered(number).to_string()).collect();
        std::iter::once(plain.to_string()).chain(numbered)
    });
    Condition::any().add(name.is_in(names)).add(slug.is_in(slugs))
}

async fn known(
    tx: &impl ConnectionTrait,
    kind: RedirectKind,
    names: &[String],
    rows: Vec<(Uuid, String, String)>,
) -> Result<Known> {
    let mut known = Known { taken: Taken(rows.iter().map(|(_, slug, _)| slug.clone()).collect()), ..Known::default() };
    let own: HashMap<String, Uuid> =
        rows.into_iter().map(|(id, _, name)| (Slug::from_name(&name).to_string(), id)).collect();
    let slugs: Vec<String> = names.iter().map(|name| Slug::from_name(name).to_string()).collect();
    // A name that somebody had before, or that was merged into theirs, is still theirs.
    let before = redirects::targets(tx, kind, &slugs).await?;
    known.taken.0.extend(before.keys().cloned());
    for (name, slug) in names.iter().zip(slugs) {
        if let Some(id) = own.get(&slug).or_else(|| before.get(&slug)) {
            known.found.insert(name.clone(), *id);
        }
    }
    Ok(known)
}
