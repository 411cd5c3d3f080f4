//! Adding to the trail, and reading it. There is no way to change a line.

use super::{Action, Cursor, Event, Filter, Outcome};
use crate::db::{Acting, counts};
use crate::entities::audit_events::{ActiveModel, Column, Entity, Model};
use crate::{Db, Result, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::{Value, json};
use uuid::Uuid;

/// The database keeps every line at least this long, whoever asks: see the migration.
pub const KEPT_DAYS: i64 = 365;
/// Longest subject, in characters.
const SUBJECT: usize = 254;

/// A line about to be written. Who and where is the [`Actor`](crate::Actor) of the [`Db`].
#[derive(Clone, Debug)]
pub struct Entry {
    action: Action,
    subject: Option<(&'static str, String)>,
    by: Option<(Uuid, String)>,
    outcome: Outcome,
    details: Value,
}

impl Entry {
    pub fn new(action: Action) -> Self {
        Self { action, subject: None, by: None, outcome: Outcome::Done, details: Value::Null }
    }

    /// What it was done to: a kind such as `title`, and its id.
    #[must_use]
    pub fn on(self, kind: &'static str, id: impl ToString) -> Self {
        Self { subject: Some((kind, id.to_string())), ..self }
    }

    /// Who did it, where that is known only now, such as at a log-in; `who` is the address of the account.
    #[must_use]
    pub fn by(self, user_id: Uuid, who: impl ToString) -> Self {
        Self { by: Some((user_id, who.to_string())), ..self }
    }

    /// It was tried, and refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self { outcome: Outcome::Refused, ..self }
    }

    /// It was refused as a token was not made for this: the name of a scope, or of several.
    #[must_use]
    pub fn for_want_of(self, scope: &str) -> Self {
        self.with(json!({ "scope": scope }))
    }

    /// More about it. Never a password, a token or anything else that opens something.
    #[must_use]
    pub fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Writes a line: in the transaction of the change that it tells of, or by itself where nothing else is changed.
///
/// # Errors
/// From the database; then the change must not be kept either.
pub async fn record(at: &impl Acting, entry: Entry) -> Result<()> {
    let actor = at.actor();
    let (user_id, who) = match entry.by {
        Some((id, who)) => (Some(id), who),
        None => (actor.user_id, actor.who.clone()),
    };
    let (subject_kind, subject) = entry.subject.unzip();
    let row = ActiveModel {
        id: Set(Uuid::now_v7()),
        happened_at: Set(at.now()),
        user_id: Set(user_id),
        who: Set(who),
        action: Set(entry.action.name().to_owned()),
        subject_kind: Set(subject_kind.map(str::to_owned)),
        subject: Set(subject.map(|id| id.chars().take(SUBJECT).collect())),
        ip: Set(actor.ip.map(|ip| ip.to_string())),
        user_agent: Set(actor.user_agent.clone()),
        token_id: Set(actor.machine.as_ref().map(|machine| machine.token_id)),
        token_name: Set(actor.machine.as_ref().map(|machine| machine.name.clone())),
        outcome: Set(entry.outcome),
        details: Set(if entry.details.is_null() { String::new() } else { entry.details.to_string() }),
    };
    Entity::insert(row).exec_without_returning(at.connection()).await?;
    at.happens(counts::ACTION, entry.action.name());
    Ok(())
}

/// Lines, newest first, at most `most`; those before `place` where one is given.
pub async fn events(db: &Db, filter: &Filter, place: Option<Cursor>, most: u64) -> Result<Vec<Event>> {
    let mut query = Entity::find();
    if !filter.who.is_empty() {
        query = query.filter(Column::Who.eq(&filter.who));
    }
    if !filter.action.is_empty() {
        query = query.filter(Column::Action.eq(&filter.action));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::HappenedAt.gte(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(Column::HappenedAt.lt(until));
    }
    newest(db, query, place, most).await
}

/// As [`events`], of what one person did, by whatever address.
pub async fn events_of(db: &Db, user_id: Uuid, place: Option<Cursor>, most: u64) -> Result<Vec<Event>> {
    newest(db, Entity::find().filter(Column::UserId.eq(user_id)), place, most).await
}

async fn newest(db: &Db, mut query: Select<Entity>, place: Option<Cursor>, most: u64) -> Result<Vec<Event>> {
    if let Some(place) = place {
        let earlier = Condition::any().add(Column::HappenedAt.lt(place.at)).add(Column::Id.lt(place.id));
        // The first of the two lets the index begin in the right place; not every planner sees it in the second.
        query = query.filter(Column::HappenedAt.lte(place.at)).filter(earlier);
    }
    let rows = query.order_by_desc(Column::HappenedAt).order_by_desc(Column::Id).limit(most).all(db.read()).await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Removes lines older than `before`, and says how many; younger ones than a year the database keeps in any case.
///
/// # Errors
/// From the database, also when a line is not a year old.
pub async fn prune(db: &Db, before: Timestamp) -> Result<u64> {
    db.transaction(async |tx| {
        let gone = Entity::delete_many().filter(Column::HappenedAt.lt(before)).exec(&tx).await?.rows_affected;
        let details = json!({ "before": before.rfc3339(), "lines": gone });
        record(&tx, Entry::new(Action::AuditPruned).with(details)).await?;
        Ok(gone)
    })
    .await
}

impl From<Model> for Event {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            at: row.happened_at,
            user_id: row.user_id,
            who: row.who,
            action: row.action,
            subject_kind: row.subject_kind,
            subject: row.subject,
            ip: row.ip,
            user_agent: row.user_agent,
            token_id: row.token_id,
            token_name: row.token_name,
            outcome: row.outcome,
            details: row.details,
        }
    }
}
