//! What somebody may be looking for, while they type.

use serde::{Deserialize, Serialize};

/// What a suggestion is, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestionKind {
    Title,
    Author,
    Narrator,
    Series,
    Category,
}

impl SuggestionKind {
    pub const ALL: [Self; 5] = [Self::Title, Self::Author, Self::Narrator, Self::Series, Self::Category];

    pub fn words(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Author => "Author",
            Self::Narrator => "Narrator",
            Self::Series => "Series",
            Self::Category => "Category",
        }
    }
}

/// Something with a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub kind: SuggestionKind,
    pub slug: String,
    pub name: String,
}

#[cfg(feature = "ssr")]
pub use find::{named, suggest};

#[cfg(feature = "ssr")]
mod find {
    use super::{Suggestion, SuggestionKind};
    use crate::catalog::search::{for_sale, postings};
    use crate::catalog::search_terms::{Search, fits, searched};
    use crate::catalog::{Browse, ContributorRole, NameKind, browse};
    use crate::entities::{audiobook_people, audiobooks, categories, name_terms, people, series};
    use crate::{Db, Result};
    use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
    use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
    use std::collections::HashSet;
    use uuid::Uuid;

    /// Suggestions of each kind, at most.
    const TITLES: usize = 5;
    const OTHERS: usize = 3;
    /// Names that begin so of which the best are taken.
    const NAMES: u64 = 200;
    /// Characters from which on something is suggested: a letter alone begins every other word.
    const SHORTEST: usize = 2;

    /// Titles, authors, narrators, series and categories with a word that begins like each that was typed. Nothing is
    /// suggested that has no published title.
    pub async fn suggest(db: &Db, typed: &str) -> Result<Vec<Suggestion>> {
        if is_too_short(&searched(typed)) {
            return Ok(Vec::new());
        }
        let wanted = Browse { text: typed.to_owned(), ..Browse::default() };
        let titles = browse::listing(db, &wanted).await?.page.items;
        let mut found: Vec<Suggestion> = titles
            .into_iter()
            .take(TITLES)
            .map(|title| Suggestion { kind: SuggestionKind::Title, slug: title.slug, name: title.title })
            .collect();
        found.extend(named(db, typed).await?);
        Ok(found)
    }

    /// [`suggest`] without titles.
    pub async fn named(db: &Db, typed: &str) -> Result<Vec<Suggestion>> {
        let search = searched(typed);
        if is_too_short(&search) {
            return Ok(Vec::new());
        }
        let named = names(db, &search).await?;
        let mut found = contributors(db, &search, &named).await?;
        found.extend(of_series(db, &search, &named).await?);
        let all = categories::Entity::find().order_by_asc(categories::Column::Position).all(db.read()).await?;
        let all = all.into_iter().map(|category| (category.slug, category.name));
        found.extend(best(&search, all).into_iter().map(|named| named.suggestion(SuggestionKind::Category)));
        Ok(found)
    }

    fn is_too_short(search: &Search) -> bool {
        search.words.iter().all(|word| word.typed().is_ascii() && word.typed().len() < SHORTEST)
    }

    /// Contributors and series that have, or once had, words like these in their name.
    async fn names(db: &Db, search: &Search) -> Result<Vec<(NameKind, Uuid)>> {
        let Some(longest) = search.words.iter().max_by_key(|word| word.typed().len()) else { return Ok(Vec::new()) };
        let terms = Alias::new("terms");
        let mut query = Query::select();
        query
            .distinct()
            .columns([(terms.clone(), name_terms::Column::Kind), (terms.clone(), name_terms::Column::TargetId)])
            .from_as(name_terms::Entity, terms.clone())
            .cond_where(postings::fitting(&terms, longest))
            .limit(NAMES);
        for (n, word) in search.words.iter().enumerate().filter(|(_, word)| *word != longest) {
            let other = Alias::new(format!("word_{n}"));
            let same = Expr::col((other.clone(), name_terms::Column::TargetId))
                .equals((terms.clone(), name_terms::Column::TargetId));
            let has = Query::select()
                .expr(Expr::val(1))
                .from_as(name_terms::Entity, other.clone())
                .and_where(same)
                .cond_where(postings::fitting(&other, word))
                .to_owned();
            query.and_where(Expr::exists(has));
        }
        let rows = sea_orm::ConnectionTrait::query_all(db.read(), &query).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    fn of_kind(named: &[(NameKind, Uuid)], kind: NameKind) -> Vec<Uuid> {
        named.iter().filter(|(known, _)| *known == kind).map(|(_, id)| *id).collect()
    }

    /// Both what they wrote and what they read leads to the same page, so that each is suggested once: as an author, if
    /// they wrote anything.
    async fn contributors(db: &Db, search: &Search, named: &[(NameKind, Uuid)]) -> Result<Vec<Suggestion>> {
        let ids = of_kind(named, NameKind::Contributor);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let with = |role: ContributorRole| {
            let title = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
                .equals((audiobook_people::Entity, audiobook_people::Column::AudiobookId));
            let theirs = Expr::col((audiobook_people::Entity, audiobook_people::Column::PersonId))
                .equals((people::Entity, people::Column::Id));
            let titles = Query::select()
                .expr(Expr::val(1))
                .from(audiobook_people::Entity)
                .inner_join(audiobooks::Entity, title)
                .and_where(theirs)
                .and_where(audiobook_people::Column::Role.eq(role))
                .and_where(for_sale(db.backend()))
                .to_owned();
            Expr::exists(titles)
        };
        let known = |role: ContributorRole, ids: Vec<Uuid>| {
            people::Entity::find()
                .select_only()
                .columns([people::Column::Slug, people::Column::Name])
                .filter(people::Column::Id.is_in(ids))
                .filter(with(role))
                .into_tuple::<(String, String)>()
        };
        let authors = known(ContributorRole::Author, ids.clone()).all(db.read()).await?;
        let narrators = known(ContributorRole::Narrator, ids).all(db.read()).await?;
        let writers: HashSet<String> = authors.iter().map(|(slug, _)| slug.clone()).collect();
        let narrators = narrators.into_iter().filter(|(slug, _)| !writers.contains(slug));
        let authors = best(search, authors.into_iter()).into_iter();
        let narrators = best(search, narrators).into_iter();
        Ok(authors
            .map(|named| named.suggestion(SuggestionKind::Author))
            .chain(narrators.map(|named| named.suggestion(SuggestionKind::Narrator)))
            .collect())
    }

    async fn of_series(db: &Db, search: &Search, named: &[(NameKind, Uuid)]) -> Result<Vec<Suggestion>> {
        let ids = of_kind(named, NameKind::Series);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let titles = Query::select()
            .expr(Expr::val(1))
            .from(audiobooks::Entity)
            .and_where(
                Expr::col((audiobooks::Entity, audiobooks::Column::SeriesId))
                    .equals((series::Entity, series::Column::Id)),
            )
            .and_where(for_sale(db.backend()))
            .to_owned();
        let known: Vec<(String, String)> = series::Entity::find()
            .select_only()
            .columns([series::Column::Slug, series::Column::Name])
            .filter(Condition::all().add(series::Column::Id.is_in(ids)).add(Expr::exists(titles)))
            .into_tuple()
            .all(db.read())
            .await?;
        Ok(best(search, known.into_iter()).into_iter().map(|named| named.suggestion(SuggestionKind::Series)).collect())
    }

    struct Named {
        slug: String,
        name: String,
    }

    impl Named {
        fn suggestion(self, kind: SuggestionKind) -> Suggestion {
            Suggestion { kind, slug: self.slug, name: self.name }
        }
    }

    /// Those whose name, as it is now, fits: names that begin with the first word before others, short ones before long.
    fn best(search: &Search, named: impl Iterator<Item = (String, String)>) -> Vec<Named> {
        let first = Search { words: search.words.iter().take(1).cloned().collect(), letters: Vec::new() };
        let mut fitting: Vec<(bool, usize, String, String)> = named
            .filter(|(_, name)| fits(search, name))
            .map(|(slug, name)| {
                let begins = name.split_whitespace().next().is_some_and(|word| fits(&first, word));
                (!begins, name.len(), name, slug)
            })
            .collect();
        fitting.sort_unstable();
        fitting.into_iter().take(OTHERS).map(|(_, _, name, slug)| Named { slug, name }).collect()
    }
}
