//! A large catalogue of made-up titles, to try the shop with. The same number makes the same titles.

mod book;
mod draw;
#[cfg(test)]
mod speed;
mod words;

use anyhow::bail;
use book::Stock;
use domain::catalog::seed_many::{self, TOGETHER};
use domain::{Currency, Db};
use draw::Draw;
use std::collections::BTreeSet;

/// Everything is drawn from this number.
const SEED: u64 = 20_261_129;
/// Titles for each author, each narrator and each series.
const BY_AUTHOR: usize = 5;
const BY_NARRATOR: usize = 30;
const OF_SERIES: usize = 15;

/// Adds so many made-up titles. `report` is told how many there are, now and then.
///
/// # Errors
/// When there are some already and `more` was not asked for, or the database fails. What was stored until then stays.
pub async fn fill(
    db: &Db,
    currency: Currency,
    titles: u32,
    more: bool,
    mut report: impl FnMut(u32),
) -> anyhow::Result<()> {
    let there = u32::try_from(seed_many::count(db).await?)?;
    if there > 0 && !more {
        bail!("the shop has {there} made-up titles already: with --more the new ones come beside them");
    }
    domain::catalog::categories::add_starters(db).await?;
    let mut draw = Draw::new(SEED.wrapping_add(u64::from(there)));
    let of = |each: usize| (titles as usize / each).max(3);
    let authors = names(&mut draw, of(BY_AUTHOR));
    let narrators = names(&mut draw, of(BY_NARRATOR));
    let series: Vec<String> = series(&mut draw, of(OF_SERIES));
    let stock = Stock {
        authors: seed_many::contributors(db, &authors).await?,
        narrators: seed_many::contributors(db, &narrators).await?,
        series: seed_many::series(db, &series).await?,
        categories: seed_many::categories(db).await?,
        currency,
        now: db.now(),
    };
    let numbers: Vec<u32> = (there + 1..=there + titles).collect();
    for some in numbers.chunks(TOGETHER) {
        let books: Vec<_> = some.iter().map(|number| book::book(&mut draw, &stock, *number)).collect();
        seed_many::titles(db, &books).await?;
        report(some.last().copied().unwrap_or_default());
    }
    Ok(())
}

/// So many names, each once, in an order that says who is busiest.
fn names(draw: &mut Draw, many: usize) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut names = Vec::with_capacity(many);
    let possible = words::FIRST_NAMES.len() * words::MADE_UP / 2;
    while names.len() < many.min(possible) {
        let first = words::FIRST_NAMES[draw.zipf(words::FIRST_NAMES.len())];
        let name = format!("{first} {}", words::made_up(draw.below(words::MADE_UP)));
        if known.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

fn series(draw: &mut Draw, many: usize) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut names = Vec::with_capacity(many);
    let kinds = ["Chronicles", "Mysteries", "Saga", "Nights", "Files", "Trilogy"];
    while names.len() < many {
        let kind = draw.one(&kinds).unwrap_or("Saga");
        let name = format!("The {} {kind}", words::made_up(draw.below(words::MADE_UP)));
        if known.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::fill;
    use domain::catalog::{Browse, browse};
    use domain::{Currency, Db};

    #[tokio::test]
    async fn made_up_titles_are_found_and_come_only_once_unless_asked_for() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let db = Db::connect(&url, 3).await.unwrap();
        migrations::up(db.read()).await.unwrap();
        let mut told = Vec::new();
        fill(&db, Currency::USD, 700, false, |number| told.push(number)).await.unwrap();
        assert_eq!(told, [500, 700]);
        let all = browse::browse(&db, &Browse::default()).await.unwrap();
        assert_eq!(all.total, 700);
        let found = Browse { text: "the sea".to_owned(), ..Browse::default() };
        assert!(browse::browse(&db, &found).await.unwrap().total > 3);

        let again = fill(&db, Currency::USD, 10, false, |_| {}).await.unwrap_err();
        assert!(again.to_string().contains("700 made-up titles"), "{again}");
        fill(&db, Currency::USD, 10, true, |_| {}).await.unwrap();
        assert_eq!(browse::browse(&db, &Browse::default()).await.unwrap().total, 710);
    }
}
