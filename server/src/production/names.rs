//! Names that a speech model is told before it hears a chunk, so that it writes them as the book does: those of the title and
//! its people, and those that were heard for certain before. The engine sees to it that it does not read them back.

use domain::catalog::AudiobookForm;
use domain::transcript::TranscribedSegment;
use std::collections::BTreeMap;

/// What a model is told at most, in characters: all of it costs time with every chunk.
const LONGEST: usize = 160;
/// Names of the people in the book that are told at most.
const MOST_HEARD: usize = 8;
/// How often a name has to be heard, and how surely, before it is told.
const OFTEN: u32 = 2;
const SURELY: f32 = 0.7;
/// Names that are kept in mind at most.
const MOST_KEPT: usize = 500;

/// Languages that write every noun as others write names.
const CAPITALS: [&str; 2] = ["de", "lb"];

/// The names of a book.
#[derive(Clone, Debug, Default)]
pub struct Names {
    of_title: Vec<String>,
    /// How often each was heard.
    heard: BTreeMap<String, u32>,
}

impl Names {
    /// Those that stand on the page of a title.
    pub fn of(title: &AudiobookForm) -> Self {
        let people = title.authors.split(',').chain([title.series.as_str()]);
        let mut of_title: Vec<String> = Vec::new();
        for name in [title.title.as_str()].into_iter().chain(people) {
            let name = one_line(name);
            if !name.is_empty() && !of_title.contains(&name) {
                of_title.push(name);
            }
        }
        Self { of_title, heard: BTreeMap::new() }
    }

    /// Learns the names in what was heard and is believed.
    pub fn learn(&mut self, heard: &[TranscribedSegment], language: Option<&str>) {
        if language.is_some_and(|language| CAPITALS.contains(&language)) {
            return;
        }
        for piece in heard.iter().filter(|piece| piece.flag.is_none()) {
            let mut begins = true;
            for word in &piece.words {
                let name = word.text.trim_matches(|sign: char| !sign.is_alphanumeric());
                if !begins && word.confidence >= SURELY && is_name(name) {
                    if let Some(times) = self.heard.get_mut(name) {
                        *times = times.saturating_add(1);
                    } else if self.heard.len() < MOST_KEPT {
                        self.heard.insert(name.to_owned(), 1);
                    }
                }
                begins = word.text.ends_with(|sign: char| !sign.is_alphanumeric() && sign != ',');
            }
        }
    }

    /// What a model is told; nothing where no name is known.
    pub fn prompt(&self) -> Option<String> {
        let mut often: Vec<(&String, &u32)> =
            self.heard.iter().filter(|(name, times)| **times >= OFTEN && !self.is_on_page(name)).collect();
        often.sort_by(|one, other| other.1.cmp(one.1));
        let heard = often.into_iter().map(|(name, _)| name).take(MOST_HEARD);
        let mut told = String::new();
        for name in self.of_title.iter().chain(heard) {
            if told.chars().count() + name.chars().count() + 3 > LONGEST {
                continue;
            }
            if !told.is_empty() {
                told.push_str(", ");
            }
            told.push_str(name);
        }
        (!told.is_empty()).then(|| told + ".")
    }

    fn is_on_page(&self, name: &str) -> bool {
        self.of_title.iter().any(|other| other.split(' ').any(|word| word == name))
    }
}

/// A word that is written as a name is, in the middle of a sentence.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    let rest = letters.as_str();
    first && rest.chars().count() >= 2 && rest.chars().all(char::is_alphabetic) && rest.chars().any(char::is_lowercase)
}

fn one_line(text: &str) -> String {
    let printed = |sign: char| if sign.is_control() { ' ' } else { sign };
    text.chars().map(printed).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::transcript::{Doubt, Word};

    fn piece(text: &str, confidence: f32) -> TranscribedSegment {
        let words = text.split(' ').map(|word| Word { start_ms: 0, end_ms: 1, text: word.to_owned(), confidence });
        TranscribedSegment { text: text.to_owned(), words: words.collect(), ..TranscribedSegment::default() }
    }

    fn page() -> AudiobookForm {
        AudiobookForm {
            title: "The Snow\nQueen".to_owned(),
            authors: "Hans Christian Andersen, ".to_owned(),
            ..AudiobookForm::default()
        }
    }

    #[test]
    fn a_model_is_told_the_title_its_people_and_names_that_were_heard_twice() {
        let mut names = Names::of(&page());
        assert_eq!(names.prompt().as_deref(), Some("The Snow Queen, Hans Christian Andersen."));
        names.learn(&[piece("Then Gerda went. She was cold, Gerda thought, and I saw Kay.", 0.9)], Some("en"));
        names.learn(&[piece("The Queen and Hans went on.", 0.9), piece("The Queen and Hans.", 0.9)], Some("en"));
        assert_eq!(names.prompt().as_deref(), Some("The Snow Queen, Hans Christian Andersen, Gerda."));
    }

    #[test]
    fn what_is_doubted_unsure_or_a_noun_like_any_other_is_no_name() {
        let mut names = Names::default();
        let doubted = TranscribedSegment { flag: Some(Doubt::Unsure), ..piece("and Gerda and Gerda", 0.9) };
        names.learn(&[doubted, piece("and Gerda and Gerda", 0.4)], Some("en"));
        names.learn(&[piece("und das Haus und das Haus", 0.9)], Some("de"));
        assert_eq!(names.prompt(), None);
    }

    #[test]
    fn what_a_model_is_told_is_bounded() {
        let many: Vec<String> = (0..60).map(|number| format!("Author Number{number}")).collect();
        let names = Names::of(&AudiobookForm { authors: many.join(", "), ..page() });
        assert!(names.prompt().unwrap().chars().count() <= LONGEST);
    }
}
