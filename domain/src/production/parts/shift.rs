//! Where the moments of a book are, once its parts lie elsewhere: each stays in its part, whatever comes before it now.

mod column;

pub use column::Moved;

use std::ops::Range;
use uuid::Uuid;

/// What reaches no further than this into a part does so because its length was rounded.
const ROUNDING_MS: i64 = 1_000;

/// Where a part lies in the book, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub part: Uuid,
    pub start_ms: i64,
    pub duration_ms: i64,
}

/// Spans one after the other, from the beginning of the book; of each part its id and length.
pub fn laid(parts: impl IntoIterator<Item = (Uuid, i64)>) -> Vec<Span> {
    let mut start_ms = 0;
    let span = |(part, duration_ms)| {
        let span = Span { part, start_ms, duration_ms };
        start_ms += duration_ms;
        span
    };
    parts.into_iter().map(span).collect()
}

/// A part as it lay, and as it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub part: Uuid,
    pub from: Range<i64>,
    pub to: To,
}

/// What has become of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    Here(Range<i64>),
    /// It is gone: what was in it is at this moment now, where the next part begins that was behind it.
    Gone(i64),
}

/// Where a moment is in a part that lasts longer or shorter now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// As far from its beginning: it is the same recording, whose length was counted.
    AsFar,
    /// As far by its share of the length: it may be another recording of the same.
    ByShare,
}

/// How the parts of a book were moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pieces: Vec<Piece>,
    moments: Moments,
    /// The length of the book, now.
    total_ms: i64,
}

impl Shift {
    pub fn new(before: &[Span], after: &[Span], moments: Moments) -> Self {
        let total_ms = after.last().map_or(0, |last| last.start_ms + last.duration_ms);
        let here = |part: Uuid| after.iter().find(|span| span.part == part);
        let mut next_ms = total_ms;
        let mut pieces: Vec<Piece> = before
            .iter()
            .rev()
            .map(|span| {
                let to = match here(span.part) {
                    Some(now) => {
                        next_ms = now.start_ms;
                        To::Here(now.start_ms..now.start_ms + now.duration_ms)
                    }
                    None => To::Gone(next_ms),
                };
                Piece { part: span.part, from: span.start_ms..span.start_ms + span.duration_ms, to }
            })
            .collect();
        pieces.reverse();
        Self { pieces, moments, total_ms }
    }

    /// Nothing is elsewhere.
    pub fn is_none(&self) -> bool {
        let end = self.pieces.last().map_or(0, |piece| piece.from.end);
        end == self.total_ms && self.pieces.iter().all(|piece| To::Here(piece.from.clone()) == piece.to)
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Where a moment is now. None where its part is gone.
    pub fn moment(&self, at_ms: i64) -> Option<i64> {
        let Some(piece) = self.pieces.iter().find(|piece| piece.from.contains(&at_ms)).or_else(|| self.beyond(at_ms))
        else {
            return Some(self.total_ms);
        };
        let far = at_ms - piece.from.start;
        match (&piece.to, self.moments) {
            (To::Here(to), Moments::AsFar) => Some(Ord::min(to.start + far, to.end)),
            (To::Here(to), Moments::ByShare) => Some(stretched(far, &piece.from, to)),
            (To::Gone(_), _) => None,
        }
    }

    /// The last part, for a moment behind the end of a book that may have been told too short.
    fn beyond(&self, at_ms: i64) -> Option<&Piece> {
        self.pieces.last().filter(|last| self.moments == Moments::AsFar && at_ms >= last.from.end)
    }

    /// Where what lies between two moments begins now. What began in a part that is gone goes on where the first part begins
    /// that it reaches into; nothing where there is none.
    pub fn beginning(&self, range: &Range<i64>) -> Option<i64> {
        let reached = |piece: &&Piece| piece.from.start > range.start && piece.from.start + ROUNDING_MS < range.end;
        self.moment(range.start).or_else(|| {
            self.pieces.iter().filter(reached).find_map(|piece| match &piece.to {
                To::Here(to) => Some(to.start),
                To::Gone(_) => None,
            })
        })
    }
}

fn length(range: &Range<i64>) -> i64 {
    Ord::max(range.end - range.start, 1)
}

fn stretched(far: i64, from: &Range<i64>, to: &Range<i64>) -> i64 {
    to.start + far * length(to) / length(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [Uuid; 3] = [Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3)];

    fn shift(before: [i64; 3], after: &[(usize, i64)]) -> Shift {
        let before = laid(PARTS.into_iter().zip(before));
        Shift::new(&before, &laid(after.iter().map(|(part, length)| (PARTS[*part], *length))), Moments::ByShare)
    }

    #[test]
    fn a_moment_stays_in_its_part_when_the_parts_change_places() {
        let shift = shift([10, 20, 30], &[(2, 30), (0, 10), (1, 20)]);
        assert_eq!(shift.moment(5), Some(35));
        assert_eq!(shift.moment(12), Some(42));
        assert_eq!(shift.moment(30), Some(0));
        assert_eq!(shift.moment(60), Some(60), "the end is the end");
        assert!(!shift.is_none());
    }

    #[test]
    fn what_was_in_a_part_that_is_gone_is_where_the_next_one_begins() {
        let shift = shift([10, 20, 30], &[(0, 10), (2, 30)]);
        assert_eq!((shift.moment(5), shift.moment(15), shift.moment(35)), (Some(5), None, Some(15)));
        assert_eq!(shift.pieces()[1].to, To::Gone(10));
        assert_eq!(tests::shift([10, 20, 30], &[(0, 10)]).pieces()[2].to, To::Gone(10), "or where the book ends");
    }

    #[test]
    fn what_began_in_a_part_that_is_gone_goes_on_in_the_next_one_that_it_reaches_into() {
        let shift = shift([10_000, 20_000, 30_000], &[(0, 10_000), (2, 30_000)]);
        assert_eq!(shift.beginning(&(15_000..40_000)), Some(10_000));
        assert_eq!(shift.beginning(&(15_000..30_000)), None, "it ended with its part");
        assert_eq!(shift.beginning(&(15_000..30_050)), None, "and was told a little too long");
        assert_eq!(shift.beginning(&(5_000..40_000)), Some(5_000), "its beginning is there");
        let last = tests::shift([10_000, 20_000, 30_000], &[(0, 10_000), (1, 20_000)]);
        assert_eq!(last.beginning(&(40_000..i64::MAX)), None, "nothing comes after it");
    }

    #[test]
    fn half_of_a_part_is_half_of_a_better_recording_of_it() {
        let shift = shift([10, 20, 30], &[(0, 10), (1, 40), (2, 30)]);
        assert_eq!((shift.moment(20), shift.moment(30)), (Some(30), Some(50)));
    }

    #[test]
    fn a_recording_whose_length_was_counted_keeps_its_moments() {
        let parts = |lengths: [i64; 2]| laid(PARTS.into_iter().zip(lengths));
        let shorter = Shift::new(&parts([9_000, 100]), &parts([8_999, 100]), Moments::AsFar);
        assert_eq!((shorter.moment(4_500), shorter.moment(9_050)), (Some(4_500), Some(9_049)));
        assert_eq!(shorter.moment(8_999), Some(8_999), "no further than to its end");
        let longer = Shift::new(&parts([10, 20]), &parts([10, 90]), Moments::AsFar);
        assert_eq!((longer.moment(60), longer.moment(500)), (Some(60), Some(100)), "what was told too short");
    }

    #[test]
    fn nothing_moves_where_nothing_changed() {
        assert!(shift([10, 20, 30], &[(0, 10), (1, 20), (2, 30)]).is_none());
    }
}
