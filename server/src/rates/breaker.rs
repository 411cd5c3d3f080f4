//! A circuit breaker: whoever fails again and again is left alone for a while, then asked once to see whether it is well.

use domain::{Clock, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// Failures in a row after which it is left alone.
const FAILURES: u32 = 3;
/// For how long, in milliseconds.
const LEFT_ALONE_MS: i64 = 30 * 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is asked; so many failures in a row.
    Closed(u32),
    /// It is left alone until then.
    Open(Timestamp),
    /// Somebody asks it, to see whether it is well; everybody else waits for what becomes of that.
    HalfOpen,
}

#[derive(Debug)]
pub struct Breaker {
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
}

impl Breaker {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { state: Mutex::new(State::Closed(0)), clock }
    }

    #[cfg(test)]
    pub fn state(&self) -> State {
        *self.held()
    }

    /// Whether it is left alone, or asked by nobody but the one who looks whether it is well.
    pub fn is_open(&self) -> bool {
        !matches!(*self.held(), State::Closed(_))
    }

    /// Whether it may be asked. Whoever is told so says afterwards how it went.
    pub fn allows(&self) -> bool {
        let mut state = self.held();
        match *state {
            State::Closed(_) => true,
            State::Open(until) if until <= self.clock.now() => {
                *state = State::HalfOpen;
                true
            }
            State::Open(_) | State::HalfOpen => false,
        }
    }

    pub fn went_well(&self) {
        *self.held() = State::Closed(0);
    }

    pub fn failed(&self) {
        let mut state = self.held();
        let open = State::Open(self.clock.now().plus_ms(LEFT_ALONE_MS));
        *state = match *state {
            State::Closed(failures) if failures + 1 < FAILURES => State::Closed(failures + 1),
            _ => open,
        };
    }

    fn held(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FixedClock;

    #[test]
    fn after_three_failures_it_is_left_alone_then_asked_once_and_closed_when_that_went_well() {
        let clock = Arc::new(FixedClock::at(Timestamp(1_000)));
        let breaker = Breaker::new(clock.clone());
        for _ in 0..2 {
            assert!(breaker.allows());
            breaker.failed();
        }
        assert!(breaker.allows(), "twice is no habit");
        breaker.failed();
        assert!(!breaker.allows());
        clock.advance(LEFT_ALONE_MS - 1);
        assert!(!breaker.allows());
        clock.advance(1);
        assert!(breaker.allows(), "one may look");
        assert!(!breaker.allows(), "and no other meanwhile");
        assert_eq!(breaker.state(), State::HalfOpen);
        breaker.failed();
        assert!(!breaker.allows(), "it is as it was");
        clock.advance(LEFT_ALONE_MS);
        assert!(breaker.allows());
        breaker.went_well();
        assert_eq!(breaker.state(), State::Closed(0));
        assert!(breaker.allows() && breaker.allows());
    }

    #[test]
    fn a_success_between_failures_begins_the_count_anew() {
        let breaker = Breaker::new(Arc::new(FixedClock::at(Timestamp(0))));
        for _ in 0..5 {
            breaker.failed();
            breaker.failed();
            breaker.went_well();
        }
        assert!(breaker.allows());
    }
}
