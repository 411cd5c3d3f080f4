//! A real shop under what nobody wishes on it: killed at any moment, held open by the slow, fed with what is no recording.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

mod bombs;
mod books;
mod chaos;
mod damage;
mod door;
mod full;
mod hostile;
mod killed;
mod load;
mod operator;
mod pictures;
mod processes;
#[path = "../../../sound/tests/library/recordings.rs"]
#[expect(dead_code, reason = "what is right about a recording is of no matter once it is damaged")]
mod recordings;
mod redis;
mod shop;
mod slow;

/// A number that somebody may set for a longer run than the usual one.
fn setting(name: &str, usual: usize) -> usize {
    match std::env::var(name) {
        Ok(value) => value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")),
        Err(_) => usual,
    }
}
