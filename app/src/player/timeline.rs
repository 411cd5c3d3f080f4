//! A book of one or several files as one stretch of time.

use domain::listening::Part;
use domain::transcript::Chapter;

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which part, counted from 0.
    pub part: usize,
    /// From the start of that part, in milliseconds.
    pub offset_ms: i64,
}

/// Where each part lies in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Start in the book and length of each part, in milliseconds.
    parts: Vec<(i64, i64)>,
}

impl Timeline {
    pub fn new(parts: &[Part]) -> Self {
        Self { parts: parts.iter().map(|part| (part.start_ms, part.duration_ms.max(0))).collect() }
    }

    /// Length of the whole book, in milliseconds.
    pub fn duration_ms(&self) -> i64 {
        self.parts.last().map_or(0, |(start, length)| start + length)
    }

    /// The nearest place that lies in the book.
    pub fn clamp(&self, at_ms: i64) -> i64 {
        at_ms.clamp(0, self.duration_ms())
    }

    /// The file a place of the book lies in; `None` for a book without files.
    pub fn locate(&self, at_ms: i64) -> Option<Spot> {
        let at_ms = self.clamp(at_ms);
        let part = self.parts.partition_point(|(start, _)| *start <= at_ms).saturating_sub(1);
        let (start, length) = self.parts.get(part)?;
        Some(Spot { part, offset_ms: (at_ms - start).clamp(0, *length) })
    }

    /// The place in the book of a place in a file. A file that sounds longer than it was measured does not run into
    /// the next one.
    pub fn at(&self, spot: Spot) -> i64 {
        self.parts.get(spot.part).map_or(0, |(start, length)| start + spot.offset_ms.clamp(0, *length))
    }

    /// Whether a part follows this one.
    pub fn after(&self, part: usize) -> Option<usize> {
        (part + 1 < self.parts.len()).then_some(part + 1)
    }
}

/// The chapter a place lies in: the last one that began.
pub fn chapter_at(chapters: &[Chapter], at_ms: i64) -> Option<usize> {
    chapters.partition_point(|chapter| chapter.start_ms <= at_ms).checked_sub(1)
}

/// Where "previous chapter" leads: to the start of this one, or when it has just begun, of the one before.
pub fn chapter_before(chapters: &[Chapter], at_ms: i64) -> i64 {
    /// Within this time of its start a chapter has just begun, in milliseconds.
    const JUST_BEGUN_MS: i64 = 3_000;
    chapter_at(chapters, at_ms - JUST_BEGUN_MS).map_or(0, |chapter| chapters[chapter].start_ms)
}

/// Where the next chapter begins, if there is one.
pub fn chapter_after(chapters: &[Chapter], at_ms: i64) -> Option<i64> {
    chapters.iter().map(|chapter| chapter.start_ms).find(|start| *start > at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three files: 10, 5 and 20 seconds.
    fn book() -> Timeline {
        Timeline { parts: vec![(0, 10_000), (10_000, 5_000), (15_000, 20_000)] }
    }

    fn chapter(start_ms: i64, end_ms: i64) -> Chapter {
        Chapter { title: String::new(), start_ms, end_ms }
    }

    #[test]
    fn every_place_of_a_book_in_three_files_is_found_again() {
        let book = book();
        assert_eq!(book.duration_ms(), 35_000);
        for at in (0..=35_000).step_by(500) {
            let spot = book.locate(at).unwrap();
            assert_eq!(book.at(spot), at, "{spot:?}");
        }
    }

    #[test]
    fn where_two_files_meet_the_later_one_begins() {
        assert_eq!(book().locate(9_999), Some(Spot { part: 0, offset_ms: 9_999 }));
        assert_eq!(book().locate(10_000), Some(Spot { part: 1, offset_ms: 0 }));
        assert_eq!(book().after(1), Some(2));
        assert_eq!(book().after(2), None, "nothing follows the last file");
    }

    #[test]
    fn a_place_outside_the_book_is_moved_to_its_edge() {
        assert_eq!(book().locate(-5), Some(Spot { part: 0, offset_ms: 0 }));
        assert_eq!(book().locate(99_000), Some(Spot { part: 2, offset_ms: 20_000 }));
        assert_eq!(book().at(Spot { part: 0, offset_ms: 10_700 }), 10_000, "a file longer than it was measured");
        assert_eq!(Timeline { parts: Vec::new() }.locate(3), None, "a book without files");
    }

    #[test]
    fn chapters_are_found_by_time() {
        let chapters = [chapter(0, 8_000), chapter(8_000, 20_000), chapter(20_000, 35_000)];
        assert_eq!(chapter_at(&chapters, 0), Some(0));
        assert_eq!(chapter_at(&chapters, 7_999), Some(0));
        assert_eq!(chapter_at(&chapters, 8_000), Some(1));
        assert_eq!(chapter_at(&[chapter(500, 900)], 100), None, "before the first chapter there is none");
        assert_eq!(chapter_after(&chapters, 8_000), Some(20_000));
        assert_eq!(chapter_after(&chapters, 30_000), None);
        assert_eq!(chapter_before(&chapters, 15_000), 8_000, "in the middle: to the chapter's own start");
        assert_eq!(chapter_before(&chapters, 9_000), 0, "just after its start: to the one before");
    }
}
