//! The switches as a running server knows them: read again when a moment old, so that a change is heard of on every server
//! within seconds, and at once where it was made.

use super::{Flag, Rule, Switch, SwitchForm, keep};
use crate::account::{Role, User};
use crate::{Actor, Db, Result, secret};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How old they may be.
const FRESH: Duration = Duration::from_secs(1);

/// Held by the one who reads, so that a crowd asks once.
#[derive(Default)]
struct Known(Mutex<Option<(Instant, Vec<Switch>)>>);

/// Whether something is on for whoever asks: somebody with an account, or a visitor, who is known by the network and the
/// browser that they come with. Nothing of that is kept.
///
/// # Errors
/// As [`keep::read`].
pub async fn is_on(db: &Db, flag: Flag, user: Option<&User>) -> Result<bool> {
    let rule = rule(db, flag).await?;
    Ok(match user {
        Some(user) => is_on_for(flag, rule, user.id, user.role),
        None => rule.holds(None, place(flag, &visitor(db.actor()))),
    })
}

/// Whether a rule holds for somebody with an account.
pub(crate) fn is_on_for(flag: Flag, rule: Rule, user_id: Uuid, role: Role) -> bool {
    rule.holds(Some(role), place(flag, &user_id.to_string()))
}

/// How something is switched.
///
/// # Errors
/// As [`keep::read`].
pub(crate) async fn rule(db: &Db, flag: Flag) -> Result<Rule> {
    let known = db.remembered::<Known>();
    let mut known = known.0.lock().await;
    let fresh = known.as_ref().is_some_and(|(read_at, _)| read_at.elapsed() < FRESH);
    if !fresh {
        match (keep::read(db.read()).await, known.as_mut()) {
            (Ok(read), _) => *known = Some((Instant::now(), read)),
            // What was known last holds for another moment, so that nobody waits in line for a database that is ill.
            (Err(error), Some((read_at, _))) => {
                tracing::warn!(%error, "the switches could not be read again");
                *read_at = Instant::now();
            }
            (Err(error), None) => return Err(error),
        }
    }
    let found = known.iter().flat_map(|(_, switches)| switches).find(|switch| switch.flag == flag);
    Ok(found.map_or(flag.standing(), |switch| switch.rule))
}

/// As [`keep::save`]; this server knows it at once, every other within seconds.
///
/// # Errors
/// As there.
pub async fn save(db: &Db, form: &SwitchForm) -> Result<Switch> {
    let saved = keep::save(db, form).await?;
    // Whoever reads at this moment is waited for: they may have seen how it was.
    *db.remembered::<Known>().0.lock().await = None;
    Ok(saved)
}

fn visitor(actor: &Actor) -> String {
    format!("{} {}", actor.network(), actor.user_agent.as_deref().unwrap_or_default())
}

/// Where somebody stands among a hundred: always in the same place of a switch, in another of each.
fn place(flag: Flag, who: &str) -> u8 {
    let digest = secret::digest(&format!("{} {who}", flag.name()));
    let number = digest.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    u8::try_from(number % 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_keeps_their_place_and_a_crowd_is_spread_evenly() {
        let places: Vec<u8> = (0..10_000).map(|who| place(Flag::Reviews, &format!("visitor {who}"))).collect();
        assert!(places.iter().all(|place| *place < 100));
        assert_eq!(place(Flag::Reviews, "visitor 7"), places[7]);
        let below = places.iter().filter(|place| **place < 30).count();
        assert!((2_700..3_300).contains(&below), "{below} of ten thousand are in a share of thirty in a hundred");
    }
}
