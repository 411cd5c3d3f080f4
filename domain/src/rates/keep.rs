//! The rates that the shop knows, in its database, so that all servers show the same.

use super::Rates;
use super::provider::{NoRates, RateProvider};
use crate::entities::exchange_rates::{Column, Entity, Model};
use crate::jobs::{Job, Queue, Unique};
use crate::{Day, Db, Error, Result};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How many times as much, or as little, a currency may be worth than it was before: more is a mistake of somebody.
const LEAP: i64 = 3;
/// Currencies at most: there are not two hundred.
const MOST: usize = 300;

/// Fetches new rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRates {}

impl Job for FetchRates {
    const KIND: &'static str = "rates.fetch";
    const QUEUE: Queue = Queue::Maintenance;
    /// It comes again by itself, and the old ones are good for days.
    const MAX_ATTEMPTS: i32 = 3;
    const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);
    const FINISH_ON_STOP: bool = false;
    const KEEP_DONE_MS: i64 = 60 * 60 * 1000;

    fn unique(&self) -> Unique {
        Unique::Unfinished(Self::KIND.to_owned())
    }
}

/// What became of fetching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    New(Day),
    /// Those that are known are as new.
    Known,
    /// The old ones stay, with their day.
    Nothing(NoRates),
}

/// The rates that were kept last, however old.
///
/// # Errors
/// [`Error::Damaged`] when something else is stored.
pub async fn read(db: &impl ConnectionTrait) -> Result<Option<Rates>> {
    let rows = Entity::find().order_by_asc(Column::Currency).all(db).await?;
    let Some(day) = rows.first().map(|row| Day(row.day)) else { return Ok(None) };
    let mut per_euro = Vec::with_capacity(rows.len());
    for row in rows {
        let currency = row.currency.parse().map_err(|_| Error::Damaged(format!("the rate of {:?}", row.currency)))?;
        per_euro.push((currency, row.per_euro));
    }
    Ok(Some(Rates { day, per_euro }))
}

/// Asks for rates and keeps them, if they are newer and can be true. Nothing is held while the provider is asked.
///
/// # Errors
/// When the database fails; a provider that fails is no error.
pub async fn fetch(db: &Db, provider: &dyn RateProvider) -> Result<Fetched> {
    let found = match provider.rates().await {
        Ok(found) => found,
        Err(why) => return Ok(Fetched::Nothing(why)),
    };
    db.transaction(async |tx| {
        let before = read(&tx).await?;
        // What somebody chose takes the place even of newer ones.
        let chosen = provider.is_fixed();
        if before.as_ref().is_some_and(|before| if chosen { *before == found } else { before.day >= found.day }) {
            return Ok(Fetched::Known);
        }
        if let Err(why) = believable(&found, before.as_ref().filter(|_| !chosen), Day::of(tx.now())) {
            return Ok(Fetched::Nothing(NoRates::Damaged(why)));
        }
        Entity::delete_many().exec(&tx).await?;
        let row = |(currency, per_euro): &(crate::Currency, i64)| {
            let row = Model { currency: currency.code().to_owned(), per_euro: *per_euro, day: found.day.0 };
            row.into_active_model()
        };
        Entity::insert_many(found.per_euro.iter().map(row)).exec_without_returning(&tx).await?;
        Ok(Fetched::New(found.day))
    })
    .await
}

/// Why rates cannot be true.
fn believable(found: &Rates, before: Option<&Rates>, today: Day) -> Result<(), String> {
    if found.per_euro.is_empty() || found.per_euro.len() > MOST {
        return Err(format!("{} currencies", found.per_euro.len()));
    }
    // They are of the day of their place, which may be ahead of UTC.
    if found.day > today.plus(1) {
        return Err(format!("rates of {}, which is to come", found.day));
    }
    let mut codes: Vec<&str> = found.per_euro.iter().map(|(currency, _)| currency.code()).collect();
    codes.sort_unstable();
    if let Some(twice) = codes.windows(2).find(|two| two[0] == two[1]) {
        return Err(format!("{} twice", twice[0]));
    }
    for (currency, rate) in &found.per_euro {
        if *rate <= 0 || currency.code() == "EUR" {
            return Err(format!("{currency} at {rate} millionths"));
        }
        // Of rates from long ago nothing can be said.
        let known = before.filter(|before| before.good_on(found.day)).and_then(|before| before.per_euro(*currency));
        if known.is_some_and(|known| *rate / LEAP > known || known / LEAP > *rate) {
            return Err(format!("{currency} leaps to {rate} millionths"));
        }
    }
    Ok(())
}
