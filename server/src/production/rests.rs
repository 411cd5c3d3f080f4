//! Engines of this worker that fail again and again: they are left alone for a while, where somebody stands in for them, so that
//! no title waits for one that hangs each time.

use domain::Timestamp;
use domain::providers::calls::{FAILURES, LEFT_ALONE_MS};
use engine_protocol::EngineKind;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the engines of a worker fare.
#[derive(Debug, Default)]
pub struct Rests(Mutex<HashMap<EngineKind, Fares>>);

#[derive(Clone, Copy, Debug, Default)]
struct Fares {
    /// In a row.
    failures: i32,
    until: Option<Timestamp>,
}

impl Rests {
    /// Whether an engine is left alone at this moment. Once that is over, the first failure begins it anew.
    pub fn is_resting(&self, engine: EngineKind, now: Timestamp) -> bool {
        self.held().get(&engine).and_then(|fares| fares.until).is_some_and(|until| until > now)
    }

    pub fn went_well(&self, engine: EngineKind) {
        self.held().remove(&engine);
    }

    pub fn failed(&self, engine: EngineKind, now: Timestamp) {
        let mut held = self.held();
        let fares = held.entry(engine).or_default();
        fares.failures = fares.failures.saturating_add(1);
        if fares.failures >= FAILURES {
            fares.until = Some(now.plus_ms(LEFT_ALONE_MS));
        }
    }

    /// What is left alone, as people are told: `speech` and `writing`.
    pub fn told(&self, now: Timestamp) -> Vec<String> {
        let engines = [(EngineKind::Whisper, "speech"), (EngineKind::Llama, "writing")];
        engines
            .into_iter()
            .filter(|(engine, _)| self.is_resting(*engine, now))
            .map(|(_, name)| name.to_owned())
            .collect()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<EngineKind, Fares>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_three_failures_in_a_row_an_engine_is_left_alone_and_one_more_begins_that_anew() {
        let (rests, speech, now) = (Rests::default(), EngineKind::Whisper, Timestamp(0));
        rests.failed(speech, now);
        rests.failed(speech, now);
        rests.went_well(speech);
        for _ in 0..2 {
            rests.failed(speech, now);
        }
        assert!(!rests.is_resting(speech, now), "twice is no habit");
        rests.failed(speech, now);
        assert_eq!(rests.told(now), ["speech"]);
        assert!(!rests.is_resting(EngineKind::Llama, now), "the other one is well");
        let later = now.plus_ms(LEFT_ALONE_MS);
        assert!(!rests.is_resting(speech, later));
        rests.failed(speech, later);
        assert!(rests.is_resting(speech, later));
    }
}
