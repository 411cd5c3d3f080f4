//! Where a listener is: which of two memories to believe, and by whose clock.

use domain::Timestamp;
use domain::listening::{Part, Position, Within};
use serde::{Deserialize, Serialize};

/// A place as this browser remembers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub position: Position,
    /// The same, told by its part.
    #[serde(default)]
    pub within: Option<Within>,
    /// Whether the shop knows it too.
    pub sent: bool,
}

/// How far the server's clock is ahead of this one, in milliseconds, when it said `server_ms` to a question asked at
/// `asked_ms` and answered at `answered_ms` (Cristian's algorithm: the answer took half of the way).
pub fn clock_offset_ms(asked_ms: i64, server_ms: i64, answered_ms: i64) -> i64 {
    server_ms - (asked_ms + (answered_ms - asked_ms) / 2)
}

/// The instant by the server's clock.
pub fn corrected(now_ms: i64, offset_ms: i64) -> Timestamp {
    Timestamp(now_ms.saturating_add(offset_ms))
}

/// The newer of what the shop and this browser remember; the shop's when they are of the same time. What this browser remembers
/// is where its part is now; of a part that is gone the shop knows what comes after it.
pub fn newer(shop: Position, kept: Option<Kept>, parts: &[Part]) -> Position {
    let Some(kept) = kept.filter(|kept| kept.position.taken_at > shop.taken_at) else { return shop };
    let Some(within) = kept.within else { return kept.position };
    let Some(part) = parts.iter().find(|part| part.id == within.part) else { return shop };
    let offset_ms = within.offset_ms.clamp(0, part.duration_ms.max(0));
    Position { position_ms: part.start_ms + offset_ms, ..kept.position }
}

/// Seconds to wait before the next attempt to go on after the connection was lost; grows to half a minute.
pub fn retry_after_s(attempts: u32) -> u64 {
    (1 << attempts.min(5)).min(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(position_ms: i64, taken_at: i64) -> Position {
        Position { position_ms, taken_at: Timestamp(taken_at), ..Position::default() }
    }

    #[test]
    fn the_newer_memory_of_a_place_wins() {
        let kept = |position| Some(Kept { position, within: None, sent: false });
        let newer = |shop, kept| newer(shop, kept, &[]);
        let shop = position(60_000, 2_000);
        assert_eq!(newer(shop, None), shop);
        assert_eq!(newer(shop, kept(position(10_000, 1_999))), shop, "listened on elsewhere since");
        assert_eq!(
            newer(shop, kept(position(90_000, 2_001))),
            position(90_000, 2_001),
            "listened on without a network"
        );
        assert_eq!(newer(shop, kept(position(5, 2_000))), shop);
    }

    #[test]
    fn of_a_part_that_is_gone_the_shop_knows_what_comes_after_it() {
        let shop = position(60_000, 2_000);
        let within = Some(Within { part: uuid::Uuid::nil(), offset_ms: 5 });
        let kept = Kept { position: position(90_000, 2_001), within, sent: false };
        assert_eq!(newer(shop, Some(kept), &[]), shop);
    }

    #[test]
    fn a_clock_that_is_wrong_does_not_matter() {
        // This clock is an hour behind; the answer took 200 ms.
        let offset = clock_offset_ms(1_000, 3_601_100, 1_200);
        assert_eq!(offset, 3_600_000);
        assert_eq!(corrected(5_000, offset), Timestamp(3_605_000));
    }

    #[test]
    fn attempts_come_less_and_less_often() {
        let waits: Vec<_> = (0..8).map(retry_after_s).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[test]
    fn what_the_browser_keeps_is_read_back() {
        let kept = Kept { position: position(7, 8), within: None, sent: true };
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), kept);
    }
}
