//! The admin's list of titles as programs walk it, to its end.

use super::titles::{Listed, few, fitting, keys, rows, some};
use super::{Bounded, TitleFilter, TitleRow, TitleSort};
use crate::catalog::search;
use crate::keyset::{Part, Place, Walk};
use crate::{Db, Result};
use sea_orm::QuerySelect;

/// A part of the titles that fit, in the order that is asked for, and how many there are, counted as far as that is said.
/// One after the other the parts are the whole list; a title whose place in the order changes on the way may be passed over
/// or come twice, no other does.
///
/// # Errors
/// [`crate::Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, filter: &TitleFilter, sort: TitleSort, walk: Walk<'_>) -> Result<(Part<TitleRow>, Bounded)> {
    let keys = keys(sort);
    let found = fitting(db.backend(), filter, db.now());
    let total = Bounded(search::bounded(db, vec![some(found.clone())]).await?.into_iter().sum());
    let titles = match few(db, filter, total).await? {
        Some(few) => walk.of(few, &keys)?,
        None => search::after(vec![(found, keys.clone())], &keys, walk.after, walk.most())?,
    };
    let titles = titles.limit(walk.most());
    let part = walk.part(titles.into_partial_model::<Listed>().all(db.read()).await?, |row| place(row, sort));
    Ok((Part { items: rows(db, part.items).await?, next: part.next }, total))
}

fn place(title: &Listed, sort: TitleSort) -> Place {
    let number = match sort {
        TitleSort::Newest => title.created_at.0,
        TitleSort::Title => return Place::at_text(&*title.sort_title, title.id),
        TitleSort::Cheapest | TitleSort::Dearest => title.price_minor,
        TitleSort::Sold => title.sold_count,
        TitleSort::Changed => title.updated_at.0,
    };
    Place::at_number(number, title.id)
}
