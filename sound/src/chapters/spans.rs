//! The chapter lists of several files of one book: each its own, or all of them the whole book's.

use super::tidy;
use crate::decode::Mark;

/// Longer than a file by this much, a list is not about the file alone.
const BEYOND_MS: i64 = 2_000;

/// One list for a book, in milliseconds from its start, from the length and the list of each part in order.
///
/// Tells apart: each part has a list of its own; each part repeats the whole book's; the first part alone has the whole
/// book's. Where lists are of parts, a part without one is a chapter itself.
pub fn of_book(parts: &[(i64, Vec<Mark>)]) -> Vec<Mark> {
    let book_ms = parts.iter().map(|(duration, _)| duration).sum();
    if let Some(whole) = whole_book(parts, book_ms) {
        return tidy(whole, book_ms);
    }
    let mut start = 0;
    let mut all = Vec::new();
    for (duration, marks) in parts {
        let own = tidy(marks.clone(), *duration);
        if own.is_empty() && parts.len() > 1 {
            // The name of a lone mark is the part's own.
            let title = marks.iter().find_map(|mark| mark.title.clone());
            all.push(Mark { title, start_ms: start });
        }
        all.extend(own.into_iter().map(|mark| Mark { start_ms: start + mark.start_ms, ..mark }));
        start += duration;
    }
    // Parts of which none says anything are no chapters: where files were cut, nothing need begin.
    if parts.iter().all(|(_, marks)| marks.is_empty()) {
        return Vec::new();
    }
    tidy(all, book_ms)
}

/// The list of the whole book, when it stands in its parts.
fn whole_book(parts: &[(i64, Vec<Mark>)], book_ms: i64) -> Option<Vec<Mark>> {
    let lists: Vec<&(i64, Vec<Mark>)> = parts.iter().filter(|(_, marks)| marks.len() > 1).collect();
    let (_, first) = lists.first()?;
    if parts.len() < 2 {
        return None;
    }
    let goes_beyond = |(duration, marks): &(i64, Vec<Mark>)| {
        marks.iter().any(|mark| mark.start_ms > duration + BEYOND_MS)
            && marks.iter().all(|mark| mark.start_ms < book_ms)
    };
    let repeated = lists.len() > 1 && lists.iter().all(|(_, marks)| marks == first);
    if repeated && lists.iter().any(|part| goes_beyond(part)) || lists.len() == 1 && goes_beyond(lists[0]) {
        return Some(first.clone());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(starts: &[i64]) -> Vec<Mark> {
        starts.iter().map(|start_ms| Mark { title: Some(format!("at {start_ms}")), start_ms: *start_ms }).collect()
    }

    fn starts(parts: &[(i64, Vec<Mark>)]) -> Vec<i64> {
        of_book(parts).iter().map(|mark| mark.start_ms).collect()
    }

    #[test]
    fn each_parts_own_chapters_follow_each_other() {
        let parts = [(60_000, marks(&[0, 30_000])), (50_000, marks(&[0, 20_000]))];
        assert_eq!(starts(&parts), [0, 30_000, 60_000, 80_000]);
    }

    #[test]
    fn the_whole_books_list_in_each_part_is_taken_once() {
        let list = marks(&[0, 30_000, 70_000, 90_000]);
        assert_eq!(starts(&[(60_000, list.clone()), (50_000, list)]), [0, 30_000, 70_000, 90_000]);
    }

    #[test]
    fn the_whole_books_list_may_stand_in_the_first_part_alone() {
        let parts = [(60_000, marks(&[0, 30_000, 70_000])), (50_000, Vec::new())];
        assert_eq!(starts(&parts), [0, 30_000, 70_000]);
    }

    #[test]
    fn two_parts_with_the_same_list_within_themselves_have_one_each() {
        let list = marks(&[0, 30_000]);
        assert_eq!(starts(&[(60_000, list.clone()), (60_000, list)]), [0, 30_000, 60_000, 90_000]);
    }

    #[test]
    fn a_part_without_a_list_is_a_chapter_among_those_with_one() {
        assert_eq!(starts(&[(60_000, marks(&[0, 30_000])), (50_000, Vec::new())]), [0, 30_000, 60_000]);
        assert_eq!(starts(&[(60_000, Vec::new()), (50_000, Vec::new())]), [] as [i64; 0]);
    }

    #[test]
    fn a_mark_after_the_end_of_a_lone_file_is_left_out() {
        assert_eq!(starts(&[(60_000, marks(&[0, 30_000, 90_000]))]), [0, 30_000]);
    }
}
