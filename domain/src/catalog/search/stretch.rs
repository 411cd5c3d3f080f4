//! Which stretch of a list is wanted, and where the list goes on after it.

use super::narrow::MOST;
use crate::catalog::Sort;
use crate::catalog::summaries::SummaryRow;
use crate::entities::audiobooks;
use crate::keyset::{Place, Walk};
use crate::{Error, PageRequest, Result, Timestamp};
use sea_orm::DerivePartialModel;
use uuid::Uuid;

/// A stretch of a list.
#[derive(Clone, Copy, Debug)]
pub enum Stretch<'a> {
    /// A page by its number: people see the first [`MOST`] titles of a list.
    Page(PageRequest),
    /// What comes after a place: programs walk a list to its end.
    Part(Walk<'a>),
}

impl<'a> Stretch<'a> {
    /// Titles that are passed over.
    pub fn offset(self) -> u64 {
        match self {
            Self::Page(request) => request.offset(),
            Self::Part(_) => 0,
        }
    }

    /// Titles that are read.
    pub fn most(self) -> u64 {
        match self {
            Self::Page(request) => u64::min(u64::from(request.size), MOST.saturating_sub(request.offset())),
            Self::Part(walk) => walk.most(),
        }
    }

    /// What it comes after.
    pub fn place(self) -> Option<&'a Place> {
        match self {
            Self::Page(_) => None,
            Self::Part(walk) => walk.after,
        }
    }
}

/// The titles of a stretch, and where the list goes on for a program.
#[derive(Debug)]
pub struct Picked {
    pub titles: Titles,
    pub next: Option<Place>,
}

/// Titles in order: read already, or to be read.
#[derive(Debug)]
pub enum Titles {
    Rows(Vec<SummaryRow>),
    Ids(Vec<Uuid>),
}

impl Picked {
    pub fn nothing() -> Self {
        Self { titles: Titles::Rows(Vec::new()), next: None }
    }

    pub fn rows(rows: Vec<PlacedRow>, stretch: Stretch<'_>, sort: Sort, now: Timestamp) -> Self {
        let (rows, next) = match stretch {
            Stretch::Page(_) => (rows, None),
            Stretch::Part(walk) => {
                let part = walk.part(rows, |row| row.place(sort, now));
                (part.items, part.next)
            }
        };
        Self { titles: Titles::Rows(rows.into_iter().map(|row| row.title).collect()), next }
    }

    /// A stretch of a list that is at hand: the best matches, with `more` of them beyond.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a place of another list, and for what comes after the last of those at hand.
    pub fn at_hand(ids: &[Uuid], more: bool, stretch: Stretch<'_>) -> Result<Self> {
        let (begin, size) = match stretch {
            Stretch::Page(request) => (usize::try_from(request.offset()).unwrap_or(usize::MAX), request.size),
            Stretch::Part(walk) => (walk.after.map_or(Ok(0), |place| after(ids, place))?, walk.limit),
        };
        let some: Vec<Uuid> = ids.iter().skip(begin).take(size as usize).copied().collect();
        let Stretch::Part(_) = stretch else { return Ok(Self { titles: Titles::Ids(some), next: None }) };
        if some.is_empty() && more {
            return Err(Error::invalid("cursor", "cursor.too-deep"));
        }
        let seen = begin.saturating_add(some.len());
        let goes_on = more || seen < ids.len();
        let place = |last: &Uuid| Place::at_number(i64::try_from(seen).unwrap_or(i64::MAX), *last);
        let next = some.last().filter(|_| goes_on).map(place);
        Ok(Self { titles: Titles::Ids(some), next })
    }
}

/// How many of a list were seen: up to the title of the place, or up to where it was if it is gone.
fn after(ids: &[Uuid], place: &Place) -> Result<usize> {
    let seen = usize::try_from(place.number()?).unwrap_or(0);
    let there = ids.iter().position(|id| *id == place.id());
    Ok(there.map_or(seen.saturating_sub(1), |at| at + 1))
}

/// A title, and by what it stands in one order or another.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
pub struct PlacedRow {
    #[sea_orm(nested)]
    title: SummaryRow,
    sort_title: String,
    sold_count: i64,
    rating_rank: i32,
    reduced_minor: Option<i64>,
    reduced_starts_at: Option<Timestamp>,
    reduced_ends_at: Option<Timestamp>,
}

impl PlacedRow {
    fn place(&self, sort: Sort, now: Timestamp) -> Place {
        let number = match sort {
            Sort::Relevance | Sort::Newest => self.title.published_at.map_or(0, |at| at.0),
            Sort::BestSelling => self.sold_count,
            Sort::BestRated => i64::from(self.rating_rank),
            Sort::PriceUp | Sort::PriceDown => self.charged(now),
            Sort::Title => return Place::at_text(&*self.sort_title, self.title.id),
            Sort::Shortest | Sort::Longest => self.title.duration_ms,
        };
        Place::at_number(number, self.title.id)
    }

    /// As [`super::order::charged`] has it.
    fn charged(&self, now: Timestamp) -> i64 {
        let runs =
            self.reduced_starts_at.is_none_or(|start| start <= now) && self.reduced_ends_at.is_none_or(|end| end > now);
        let regular = self.title.listed.price_minor;
        self.reduced_minor.filter(|minor| runs && *minor < regular).unwrap_or(regular)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(after: Option<&Place>) -> Stretch<'_> {
        Stretch::Part(Walk { after, limit: 2 })
    }

    fn ids(picked: &Picked) -> Vec<u128> {
        match &picked.titles {
            Titles::Ids(ids) => ids.iter().map(Uuid::as_u128).collect(),
            Titles::Rows(_) => Vec::new(),
        }
    }

    #[test]
    fn the_best_matches_go_on_after_the_last_that_was_seen_also_when_it_has_moved_or_is_gone() {
        let list = |ids: &[u128]| ids.iter().copied().map(Uuid::from_u128).collect::<Vec<_>>();
        let first = Picked::at_hand(&list(&[1, 2, 3, 4]), false, part(None)).unwrap();
        assert_eq!(ids(&first), [1, 2]);
        for now in [&[1, 2, 3, 4][..], &[9, 1, 2, 3, 4], &[1, 3, 4]] {
            let second = Picked::at_hand(&list(now), false, part(first.next.as_ref())).unwrap();
            assert_eq!((ids(&second), second.next), (vec![3, 4], None), "{now:?}");
        }
    }

    #[test]
    fn who_asks_for_more_than_the_best_matches_is_told_so() {
        let best: Vec<Uuid> = (1..=2).map(Uuid::from_u128).collect();
        let all = Picked::at_hand(&best, true, part(None)).unwrap();
        let refused = Picked::at_hand(&best, true, part(all.next.as_ref())).unwrap_err();
        assert_eq!(refused.code(), "cursor.too-deep");
    }
}
