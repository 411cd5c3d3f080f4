//! Where the chapters of a book come from: what lies beside a recording was made on purpose and goes before what is in it.

use domain::production::sidecars::{Heading, Said};
use sound::Mark;
use sound::chapters::{spans, tidy};

/// The chapters of a book, in milliseconds from its start: of a cue sheet, else of what a library program wrote, else those
/// that stand in the files. `names` are the names of the files in order, `lists` their lengths and own lists.
pub fn of_book(beside: &[Said], names: &[&str], mut lists: Vec<(i64, Vec<Mark>)>) -> Vec<Mark> {
    let mut found = false;
    for (name, (_, marks)) in names.iter().zip(&mut lists) {
        if let Some(headings) = of_sheet(beside, name, names.len()) {
            *marks = self::marks(headings);
            found = true;
        }
    }
    if !found {
        let book_ms = lists.iter().map(|(duration, _)| duration).sum();
        let whole = beside.iter().map(|said| tidy(marks(&said.chapters), book_ms)).find(|marks| !marks.is_empty());
        if let Some(whole) = whole {
            return whole;
        }
    }
    spans::of_book(&lists)
}

/// What a cue sheet says of a file of this name. A sheet of one file is of the only file there is, whatever it calls it: the
/// recording may have been encoded anew since.
fn of_sheet<'a>(beside: &'a [Said], name: &str, files: usize) -> Option<&'a [Heading]> {
    let sheets = || beside.iter().filter(|said| !said.files.is_empty());
    let named = sheets().flat_map(|said| &said.files).find(|of| stem(&of.file) == stem(name));
    let only = || sheets().find(|said| files == 1 && said.files.len() == 1).and_then(|said| said.files.first());
    named.or_else(only).map(|of| of.headings.as_slice())
}

/// The name of a file without folders and ending, in small letters.
fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase()
}

fn marks(headings: &[Heading]) -> Vec<Mark> {
    headings.iter().map(|heading| Mark { title: heading.title.clone(), start_ms: heading.start_ms }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::production::sidecars::HeadingsOf;

    fn heading(title: &str, start_ms: i64) -> Heading {
        Heading { title: Some(title.to_owned()), start_ms }
    }

    fn sheet(files: &[(&str, &[(&str, i64)])]) -> Said {
        let files = files.iter().map(|(file, list)| HeadingsOf {
            file: (*file).to_owned(),
            headings: list.iter().map(|(title, at)| heading(title, *at)).collect(),
        });
        Said { files: files.collect(), ..Said::default() }
    }

    fn titles(marks: &[Mark]) -> Vec<(&str, i64)> {
        marks.iter().map(|mark| (mark.title.as_deref().unwrap_or_default(), mark.start_ms)).collect()
    }

    #[test]
    fn a_cue_sheet_goes_before_what_stands_in_the_file() {
        let own = vec![Mark { title: Some("Track 1".into()), start_ms: 0 }, Mark { title: None, start_ms: 5_000 }];
        let beside = [sheet(&[("old.WAV", &[("Dawn", 0), ("Dusk", 4_000)])])];
        let marks = of_book(&beside, &["salt.mp3"], vec![(9_000, own)]);
        assert_eq!(titles(&marks), [("Dawn", 0), ("Dusk", 4_000)]);
    }

    #[test]
    fn a_cue_sheet_of_several_files_is_told_apart_by_their_names() {
        let beside =
            [sheet(&[("b/One.flac", &[("Dawn", 0), ("Noon", 1_000)]), ("two.flac", &[("Dusk", 0), ("Night", 2_000)])])];
        let marks = of_book(&beside, &["one.mp3", "two.mp3"], vec![(5_000, Vec::new()), (5_000, Vec::new())]);
        assert_eq!(titles(&marks), [("Dawn", 0), ("Noon", 1_000), ("Dusk", 5_000), ("Night", 7_000)]);
    }

    #[test]
    fn chapters_of_a_library_program_are_of_the_whole_book() {
        let said = Said { chapters: vec![heading("Dawn", 0), heading("Dusk", 7_000)], ..Said::default() };
        let files = || vec![(5_000, Vec::new()), (5_000, Vec::new())];
        assert_eq!(titles(&of_book(&[said], &["1.mp3", "2.mp3"], files())), [("Dawn", 0), ("Dusk", 7_000)]);
        let beyond = Said { chapters: vec![heading("Dawn", 60_000), heading("Dusk", 70_000)], ..Said::default() };
        assert!(of_book(&[beyond], &["1.mp3", "2.mp3"], files()).is_empty(), "those of another recording");
    }
}
