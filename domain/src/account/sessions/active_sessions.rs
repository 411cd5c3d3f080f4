//! Where somebody is logged in: browsers and programs, listed and ended by their owner.

use super::{handle, handle_of, user_agent};
use crate::account::ActiveSession;
use crate::account::tokens::{self, programs};
use crate::audit::{self, Action, Entry};
use crate::entities::sessions::{Column, Entity};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

/// What of a session its owner is shown.
type Shown = (String, Timestamp, Timestamp, Option<String>, Option<String>);

/// Where somebody is logged in: this browser first, then whatever was in use last. `here` is the id of the session that
/// asks, as its cookie holds it.
pub async fn list(db: &Db, user_id: Uuid, here: Option<&str>) -> Result<Vec<ActiveSession>> {
    let here = here.map(handle);
    let sessions: Vec<Shown> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CreatedAt, Column::SeenAt, Column::Ip, Column::UserAgent])
        .filter(Column::UserId.eq(user_id))
        .filter(Column::ExpiresAt.gt(db.now()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db.read())
        .await?;
    let browsers = sessions.into_iter().map(|(id, since, seen_at, ip, agent)| {
        let handle = handle_of(&id);
        let here = here.as_ref() == Some(&handle);
        ActiveSession { handle, device: user_agent::named(agent.as_deref()), program: false, ip, since, seen_at, here }
    });
    let programs = programs(db, user_id).await?.into_iter().map(|program| {
        let client = program.client.trim();
        ActiveSession {
            handle: program.family_id.to_string(),
            device: if client.is_empty() { user_agent::named(None) } else { client.to_owned() },
            program: true,
            ip: program.ip,
            since: program.created_at,
            seen_at: program.used_at,
            here: false,
        }
    });
    let mut all: Vec<ActiveSession> = browsers.chain(programs).collect();
    all.sort_by_key(|login| (!login.here, std::cmp::Reverse(login.seen_at)));
    Ok(all)
}

/// Logs somebody out at one place. `false` when they are not logged in there, which is not told apart from a place of
/// somebody else.
pub async fn end(db: &Db, user_id: Uuid, handle: &str) -> Result<bool> {
    if let Ok(family_id) = handle.parse() {
        return tokens::revoke_own(db, user_id, family_id).await;
    }
    let ids: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::UserId.eq(user_id))
        .into_tuple()
        .all(db.read())
        .await?;
    let Some(id) = ids.into_iter().find(|id| handle_of(id) == handle) else { return Ok(false) };
    db.transaction(async |tx| {
        let ended = Entity::delete_by_id(id.clone()).filter(Column::UserId.eq(user_id)).exec(&tx).await?;
        let ended = ended.rows_affected;
        if ended > 0 {
            let line = Entry::new(Action::SessionsEnded).on("account", user_id);
            audit::record(&tx, line.with(json!({ "sessions": ended }))).await?;
        }
        Ok(ended > 0)
    })
    .await
}

/// Logs somebody out everywhere, browsers and programs; all but in the session with the id `but`, where one is given.
pub async fn end_all(db: &Db, user_id: Uuid, but: Option<&str>) -> Result<()> {
    let kept = but.map(crate::secret::digest);
    db.transaction(async |tx| end_in(&tx, user_id, kept.as_deref(), None).await).await
}

/// Logs somebody out everywhere but in the program whose tokens are of this family.
pub async fn end_others(db: &Db, user_id: Uuid, family_id: Uuid) -> Result<()> {
    db.transaction(async |tx| end_in(&tx, user_id, None, Some(family_id)).await).await
}

/// As [`end_all`], in the transaction of what else ends with it, but for one session, by the digest of its id, and for one
/// program, by the family of its tokens.
pub(in crate::account) async fn end_in(
    tx: &Tx,
    user_id: Uuid,
    session: Option<&str>,
    family: Option<Uuid>,
) -> Result<()> {
    let mut sessions = Entity::delete_many().filter(Column::UserId.eq(user_id));
    if let Some(kept) = session {
        sessions = sessions.filter(Column::Id.ne(kept));
    }
    let sessions = sessions.exec(tx).await?.rows_affected;
    let programs = tokens::end_all(tx, user_id, family).await?;
    let line = Entry::new(Action::SessionsEnded).on("account", user_id);
    audit::record(tx, line.with(json!({ "sessions": sessions, "programs": programs }))).await
}
