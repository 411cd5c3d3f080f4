//! How a corrected search is written for those who read it.

use super::search::Correction;
use super::search_terms::{Search, Sought, searched, stored};
use super::summaries::summaries;
use super::{AudiobookSummary, Corrected};
use crate::entities::audiobook_terms;
use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Condition};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

/// What was typed, with the words in it that were taken for others replaced by what stands in the best title, as it is
/// written there.
pub(super) async fn said(db: &Db, typed: &str, correction: Correction) -> Result<Corrected> {
    let table = Alias::new("audiobook_terms");
    let meant = correction.search.words.iter().filter(|word| !word.nearly.is_empty());
    let fitting = meant.fold(Condition::any(), |any, word| any.add(super::search::postings::fitting(&table, word)));
    let terms: Vec<String> = audiobook_terms::Entity::find()
        .select_only()
        .column(audiobook_terms::Column::Term)
        .filter(audiobook_terms::Column::AudiobookId.eq(correction.best))
        .filter(fitting)
        .into_tuple()
        .all(db.read())
        .await?;
    let terms: HashSet<String> = terms.into_iter().collect();
    let best = summaries(db, &[correction.best]).await?.remove(&correction.best);
    let names = best.map(names).unwrap_or_default();
    let words = typed.split_whitespace().map(|word| replaced(word, &correction.search, &terms, &names));
    Ok(Corrected { text: words.collect::<Vec<_>>().join(" "), shown: correction.shown })
}

fn replaced(typed: &str, meant: &Search, terms: &HashSet<String>, names: &[String]) -> String {
    let read = searched(typed);
    let [word] = read.words.as_slice() else { return typed.to_owned() };
    let Some(meant) = meant.words.iter().find(|meant| meant.typed() == word.typed()) else { return typed.to_owned() };
    if meant.nearly.is_empty() || terms.iter().any(|term| begins(meant, term)) {
        return typed.to_owned();
    }
    let Some(term) = meant.nearly.iter().find(|nearly| terms.contains(*nearly)) else { return typed.to_owned() };
    let written = names.iter().find(|name| stored(name).contains(term));
    written.map_or_else(|| term.clone(), |name| name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
}

fn begins(word: &Sought, term: &str) -> bool {
    word.beginnings.iter().any(|beginning| term.starts_with(beginning.as_str()))
}

/// The words that stand on a title's card.
fn names(title: AudiobookSummary) -> Vec<String> {
    let links = title.authors.into_iter().chain(title.narrators).chain(title.categories);
    let texts = std::iter::once(title.title)
        .chain(title.subtitle)
        .chain(title.series.map(|place| place.series.name))
        .chain(links.map(|link| link.name));
    texts.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}
