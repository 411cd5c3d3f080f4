//! The words that titles are found by, as rows. Everything here runs in the transaction of the change that asks for it.

use super::search_terms::{Source, stored, weighted};
use super::{ContributorRole, NameKind};
use crate::db::BATCH;
use crate::entities::{
    audiobook_categories, audiobook_people, audiobook_terms, audiobooks, categories, name_terms, people, series,
    vocabulary,
};
use crate::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Words of one title, and the names that stand on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Indexed {
    pub terms: BTreeMap<String, i32>,
    /// Of contributors and series.
    pub names: Vec<(NameKind, Uuid, String)>,
}

/// Stores the words that a title is found by, from what is stored of it.
pub(super) async fn reindex(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let title = audiobooks::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("title"))?;
    let series = match title.series_id {
        Some(id) => series::Entity::find_by_id(id).one(tx).await?.map(|series| (series.id, series.name)),
        None => None,
    };
    let people = people_of(tx, id).await?;
    let of_role = |wanted: ContributorRole| -> Vec<String> {
        people.iter().filter(|(role, ..)| *role == wanted).map(|(.., name)| name.clone()).collect()
    };
    let terms = weighted(&Source {
        title: &title.title,
        subtitle: title.subtitle.as_deref().unwrap_or_default(),
        authors: &of_role(ContributorRole::Author),
        narrators: &of_role(ContributorRole::Narrator),
        series: series.as_ref().map_or("", |(_, name)| name),
        categories: &categories_of(tx, id).await?,
        description: &title.description,
    });
    let mut names: Vec<_> = people.into_iter().map(|(_, person, name)| (NameKind::Contributor, person, name)).collect();
    names.extend(series.map(|(id, name)| (NameKind::Series, id, name)));
    audiobook_terms::Entity::delete_many().filter(audiobook_terms::Column::AudiobookId.eq(id)).exec(tx).await?;
    store(tx, vec![(id, Indexed { terms, names })]).await
}

/// Stores the words of titles that have none yet.
pub(super) async fn store(tx: &impl ConnectionTrait, titles: Vec<(Uuid, Indexed)>) -> Result<()> {
    let mut words = BTreeSet::new();
    let mut names = BTreeMap::new();
    let mut rows = Vec::new();
    for (id, indexed) in titles {
        for (kind, target, name) in indexed.names {
            names.entry(target).or_insert((kind, name));
        }
        for (term, weight) in indexed.terms {
            words.insert(term.clone());
            rows.push(audiobook_terms::ActiveModel { audiobook_id: Set(id), term: Set(term), weight: Set(weight) });
        }
    }
    for some in chunks(rows, 10 * BATCH) {
        audiobook_terms::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
    learn(tx, words).await?;
    name(tx, names).await
}

/// Adds words to the vocabulary. They stay when no title has them any more: whoever takes a word from there asks whether
/// one does.
async fn learn(tx: &impl ConnectionTrait, words: BTreeSet<String>) -> Result<()> {
    let again = OnConflict::column(vocabulary::Column::Term).do_nothing_on([vocabulary::Column::Term]).to_owned();
    for some in chunks(words.into_iter().collect(), 10 * BATCH) {
        let known: BTreeSet<String> = vocabulary::Entity::find()
            .select_only()
            .column(vocabulary::Column::Term)
            .filter(vocabulary::Column::Term.is_in(some.iter()))
            .into_tuple::<String>()
            .all(tx)
            .await?
            .into_iter()
            .collect();
        let new = some.into_iter().filter(|term| !known.contains(term));
        let new: Vec<_> = new.map(|term| vocabulary::ActiveModel { term: Set(term) }).collect();
        if !new.is_empty() {
            vocabulary::Entity::insert_many(new).on_conflict(again.clone()).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}

/// Adds the words of names. Those of an older name stay: whoever finds somebody by one looks at the name.
async fn name(tx: &impl ConnectionTrait, names: BTreeMap<Uuid, (NameKind, String)>) -> Result<()> {
    let again = OnConflict::columns([name_terms::Column::TargetId, name_terms::Column::Term])
        .do_nothing_on([name_terms::Column::TargetId])
        .to_owned();
    let words = names.into_iter().flat_map(|(target, (kind, name))| {
        let terms: BTreeSet<String> = stored(&name).into_iter().collect();
        terms.into_iter().map(move |term| (target, term, kind))
    });
    for some in chunks(words.collect(), 10 * BATCH) {
        let targets: BTreeSet<Uuid> = some.iter().map(|(target, ..)| *target).collect();
        let known: BTreeSet<(Uuid, String)> = name_terms::Entity::find()
            .select_only()
            .columns([name_terms::Column::TargetId, name_terms::Column::Term])
            .filter(name_terms::Column::TargetId.is_in(targets))
            .into_tuple::<(Uuid, String)>()
            .all(tx)
            .await?
            .into_iter()
            .collect();
        let new = some.into_iter().filter(|(target, term, _)| !known.contains(&(*target, term.clone())));
        let new: Vec<_> = new
            .map(|(target, term, kind)| name_terms::ActiveModel {
                target_id: Set(target),
                term: Set(term),
                kind: Set(kind),
            })
            .collect();
        if !new.is_empty() {
            name_terms::Entity::insert_many(new).on_conflict(again.clone()).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}

/// Everybody on a title, in the order of the cover.
async fn people_of(tx: &impl ConnectionTrait, id: Uuid) -> Result<Vec<(ContributorRole, Uuid, String)>> {
    let mut query = audiobook_people::Entity::find()
        .select_only()
        .column(audiobook_people::Column::Role)
        .column(audiobook_people::Column::PersonId)
        .column(people::Column::Name)
        .filter(audiobook_people::Column::AudiobookId.eq(id))
        .order_by_asc(audiobook_people::Column::Position);
    let same = Expr::col((people::Entity, people::Column::Id))
        .equals((audiobook_people::Entity, audiobook_people::Column::PersonId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, people::Entity, same);
    Ok(query.into_tuple().all(tx).await?)
}

async fn categories_of(tx: &impl ConnectionTrait, id: Uuid) -> Result<Vec<String>> {
    let mut query = audiobook_categories::Entity::find()
        .select_only()
        .column(categories::Column::Name)
        .filter(audiobook_categories::Column::AudiobookId.eq(id));
    let same = Expr::col((categories::Entity, categories::Column::Id))
        .equals((audiobook_categories::Entity, audiobook_categories::Column::CategoryId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, categories::Entity, same);
    Ok(query.into_tuple().all(tx).await?)
}

fn chunks<T>(mut rows: Vec<T>, size: usize) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        if rows.is_empty() {
            return None;
        }
        let rest = rows.split_off(rows.len().min(size));
        Some(std::mem::replace(&mut rows, rest))
    })
}
