//! The order of the files of a book: by the disc and track that they say they are, or else by the names that people gave them.

use crate::production::natural_sort;
use std::cmp::Ordering;
use std::collections::HashSet;

/// What a file is put in order by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Its path below the folder that was dropped, or its name.
    pub path: String,
    pub disc: Option<u32>,
    pub track: Option<u32>,
}

/// The places of files in the order of the book: the first is the place of the one that comes first. Those whose order is not
/// told stay as they are.
pub fn in_order(files: &[Placed]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let rule = rule(files);
    order.sort_by(|left, right| rule(&files[*left], &files[*right]));
    order
}

/// The order of a book that has `there` parts already, in their order, to which the files after them are added. Where those
/// stand as files are put in order, the new ones go between them; where somebody has put them in another, behind.
pub fn with_new(files: &[Placed], there: usize) -> Vec<usize> {
    let stand = &files[..there.min(files.len())];
    if in_order(stand).into_iter().eq(0..stand.len()) {
        return in_order(files);
    }
    let new = in_order(&files[stand.len()..]).into_iter().map(|place| place + stand.len());
    (0..stand.len()).chain(new).collect()
}

type Rule = fn(&Placed, &Placed) -> Ordering;
/// A file's folder, disc and track.
type Numbers<'a> = (&'a str, Option<u32>, Option<u32>);

/// Tags are believed where each file has its own number: many have none, and many a program counts every disc from 1.
fn rule(files: &[Placed]) -> Rule {
    let all_numbered = files.iter().all(|file| file.track.is_some());
    let distinct = |of: fn(&Placed) -> Numbers<'_>| files.iter().map(of).collect::<HashSet<_>>().len() == files.len();
    match () {
        () if all_numbered && distinct(|file| ("", disc(file), file.track)) => {
            |left, right| (disc(left), left.track).cmp(&(disc(right), right.track))
        }
        () if all_numbered && distinct(|file| (folder(file), disc(file), file.track)) => |left, right| {
            let folders = natural_sort::compare(folder(left), folder(right));
            folders.then_with(|| (disc(left), left.track).cmp(&(disc(right), right.track)))
        },
        () => |left, right| natural_sort::compare(&left.path, &right.path),
    }
}

/// A book that does not count its discs has one.
fn disc(file: &Placed) -> Option<u32> {
    file.disc.or(Some(1))
}

fn folder(file: &Placed) -> &str {
    file.path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, disc: Option<u32>, track: Option<u32>) -> Placed {
        Placed { path: path.to_owned(), disc, track }
    }

    fn paths(files: &[Placed], order: Vec<usize>) -> Vec<&str> {
        order.into_iter().map(|place| files[place].path.as_str()).collect()
    }

    #[test]
    fn discs_and_tracks_go_before_names() {
        let files = [
            file("dusk.mp3", Some(2), Some(1)),
            file("dawn.mp3", Some(1), Some(2)),
            file("night.mp3", Some(2), Some(10)),
            file("morning.mp3", None, Some(1)),
        ];
        assert_eq!(paths(&files, in_order(&files)), ["morning.mp3", "dawn.mp3", "dusk.mp3", "night.mp3"]);
    }

    #[test]
    fn discs_that_all_count_from_one_and_do_not_say_which_they_are_follow_their_folders() {
        let files = [
            file("Disc 10/b.mp3", None, Some(1)),
            file("Disc 2/z.mp3", None, Some(1)),
            file("Disc 2/a.mp3", None, Some(2)),
        ];
        assert_eq!(paths(&files, in_order(&files)), ["Disc 2/z.mp3", "Disc 2/a.mp3", "Disc 10/b.mp3"]);
    }

    #[test]
    fn numbers_that_not_all_have_or_that_stand_twice_are_left_aside() {
        let some = [file("part 10.mp3", None, Some(1)), file("part 9.mp3", None, None)];
        assert_eq!(paths(&some, in_order(&some)), ["part 9.mp3", "part 10.mp3"]);
        let twice = [file("part 10.mp3", None, Some(1)), file("part 9.mp3", None, Some(1))];
        assert_eq!(paths(&twice, in_order(&twice)), ["part 9.mp3", "part 10.mp3"]);
    }

    #[test]
    fn a_new_file_goes_where_it_belongs_unless_somebody_has_chosen_another_order() {
        let files = [file("1.mp3", None, None), file("3.mp3", None, None), file("2.mp3", None, None)];
        assert_eq!(paths(&files, with_new(&files, 2)), ["1.mp3", "2.mp3", "3.mp3"]);
        let chosen = [file("3.mp3", None, None), file("1.mp3", None, None), file("2.mp3", None, None)];
        assert_eq!(paths(&chosen, with_new(&chosen, 2)), ["3.mp3", "1.mp3", "2.mp3"]);
    }

    #[test]
    fn the_same_file_twice_stays_twice() {
        let files = [file("bell.mp3", None, Some(1)), file("bell.mp3", None, Some(1))];
        assert_eq!(in_order(&files), [0, 1]);
    }
}
