//! How passwords are kept: argon2id, salted, at the cost that OWASP asks for.

use super::Password;
use crate::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes: OWASP's Password Storage Cheat Sheet, argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash of no password, at the same cost: checked when an address is unknown, so that it takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gb25lIGxpdmVzIGhlcg$q0eQd4h6B1q8c3g8m5nT0yq9ZkQJd0f0Xo7c2b9R1sE";

/// Hashes under way at once: each holds 19 MiB and a core, and one core is left for everybody else.
static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Gate::new(cores.saturating_sub(1).max(1))
});

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::Damaged(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password with a salt of its own, as a PHC string. Takes tens of milliseconds and runs apart.
///
/// # Errors
/// When the machine has no randomness or memory to give.
pub async fn hash(password: &Password) -> Result<String> {
    let password = password.clone();
    in_turn(move || {
        let hash: PasswordHash =
            argon2()?.hash_password(password.expose().as_bytes()).map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether a password is the one behind a hash. Without a hash it is not, and finding out takes as long.
///
/// # Errors
/// When the stored hash cannot be read.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    in_turn(move || {
        let hash = PasswordHash::new(&hash).map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
    })
    .await
}

/// Runs work that keeps a core busy on a thread of its own, in its turn.
///
/// # Errors
/// [`Error::Busy`] when too many wait already.
pub(super) async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    GATE.run(work).await
}

/// Lets a few through at a time. Some more may wait; the others are sent away at once, so that a flood at the door costs
/// neither memory nor everybody's patience.
struct Gate {
    /// To wait at all.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// How many wait for each one whose turn it is: about a second's work.
const WAITING: usize = 32;

impl Gate {
    fn new(turns: usize) -> Self {
        let places = turns * (1 + WAITING);
        Self { places: Arc::new(Semaphore::new(places)), turns: Arc::new(Semaphore::new(turns)) }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        // A client that goes away drops this future, but the work goes on: it keeps its turn until it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await.map_err(|error| Error::Damaged(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let password = Password::parse("correct horse battery").unwrap();
        let (first, second) = (hash(&password).await.unwrap(), hash(&password).await.unwrap());
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(first, second, "two hashes share their salt");
        assert!(verify("correct horse battery", Some(&first)).await.unwrap());
        assert!(!verify("correct horse batterY", Some(&first)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_address_costs_as_much_as_a_known_one() {
        let known = hash(&Password::parse("correct horse battery").unwrap()).await.unwrap();
        // All but salt and hash, whose lengths count as well.
        let cost = |hash: &str| {
            let mut parts = hash.rsplitn(3, '$');
            (parts.next().map(str::len), parts.next().map(str::len), parts.next().map(str::to_owned))
        };
        assert_eq!(cost(NOBODY), cost(&known));
    }

    #[tokio::test]
    async fn a_flood_at_the_door_is_sent_away_and_those_inside_are_served() {
        const TURNS: usize = 2;
        const SENT_AWAY: usize = 7;
        let gate = Arc::new(Gate::new(TURNS));
        let (open, closed) = std::sync::mpsc::channel::<()>();
        let closed = Arc::new(Mutex::new(closed));
        let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut crowd = JoinSet::new();
        for _ in 0..TURNS * (1 + WAITING) + SENT_AWAY {
            let (gate, closed, inside, most) = (gate.clone(), closed.clone(), inside.clone(), most.clone());
            let visit = move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Until the test lets go of the other end.
                assert!(closed.lock().unwrap().recv().is_err());
                inside.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            };
            crowd.spawn(async move { gate.run(visit).await });
        }
        for _ in 0..SENT_AWAY {
            assert!(matches!(crowd.join_next().await.unwrap().unwrap(), Err(Error::Busy)));
        }
        drop(open);
        let served = crowd.join_all().await;
        assert_eq!(served.iter().filter(|visit| visit.is_ok()).count(), TURNS * (1 + WAITING));
        assert!(most.load(Ordering::SeqCst) <= TURNS, "more were inside at once than there are turns");
    }

    #[tokio::test]
    async fn nobody_has_a_password() {
        assert!(!verify("correct horse battery", None).await.unwrap());
        assert!(verify("correct horse battery", Some("not a hash")).await.is_err());
    }
}
