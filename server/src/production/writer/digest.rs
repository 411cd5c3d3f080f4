//! A book made short enough to be read at once: part by part, and the summaries again until they fit. What nothing in the
//! book bears out is taken from a summary before anything is made of it.

use super::pen::Pen;
use super::question::{ANSWER_TOKENS, About, Answer, INSTRUCTION_TOKENS, PART_TOKENS, Question};
use super::{checks, extractive, grounds::Grounds, told};
use crate::jobs::JobError;
use crate::production::step::StepRun;
use domain::transcript::segments::Sentence;

/// Times that summaries are summarised again before the rest is cut.
const ROUNDS: usize = 4;
/// A part has at least so many tokens, however many are read together.
const SMALLEST_PART: u32 = 400;
/// Sentences of a part that stand for a summary of no use.
const INSTEAD: usize = 2;

/// What is left of a book.
#[derive(Debug)]
pub struct Digest {
    /// Short enough for one answer, and without the ending.
    pub text: String,
    /// The categories that each part was given.
    pub votes: Vec<Vec<String>>,
    /// Whether nothing had to be cut.
    pub all_read: bool,
    /// How often the model was asked.
    pub calls: usize,
}

/// Reads a book.
///
/// # Errors
/// As the pen's.
pub async fn read(
    job: &StepRun,
    pen: &mut impl Pen,
    book: &[Sentence],
    slugs: &[&str],
    (grounds, language): (&Grounds, &str),
) -> Result<Digest, JobError> {
    let (whole, each) = rooms(pen, slugs);
    let told = told(book);
    let mut texts = said(told);
    let mut packs = pack(pen, &texts, whole).await?;
    let (mut votes, mut calls, mut rounds) = (Vec::new(), 0, 0);
    while packs.len() > 1 && rounds < ROUNDS {
        let parts = pack(pen, &texts, each).await?;
        let mut questions: Vec<Question> = parts.iter().map(|part| Question::new(About::Part, part, slugs)).collect();
        if rounds == 0 {
            let ending = pack(pen, &said(&book[told.len()..]), each).await?;
            questions.extend(ending.iter().map(|part| Question::new(About::Ending, part, slugs)));
        }
        let answers = ask_all(job, pen, questions).await?;
        calls += answers.len();
        if rounds == 0 {
            votes = answers.iter().map(|answer| answer.categories.clone()).collect();
        }
        let summary = |(part, answer): (&String, Answer)| sound(&answer.description, part, grounds, language);
        texts = parts.iter().zip(answers).map(summary).collect();
        packs = pack(pen, &texts, whole).await?;
        rounds += 1;
    }
    let all_read = packs.len() <= 1;
    Ok(Digest { text: packs.into_iter().next().unwrap_or_default(), votes, all_read, calls })
}

/// Tokens of text for one answer about the whole book, and of each part, where several are read together.
fn rooms(pen: &impl Pen, slugs: &[&str]) -> (u32, u32) {
    let names = u32::try_from(slugs.iter().map(|slug| slug.len()).sum::<usize>()).unwrap_or(0);
    let context = pen.context_tokens().saturating_sub(INSTRUCTION_TOKENS + names);
    let whole = context.saturating_sub(ANSWER_TOKENS).max(200);
    let each = (context / pen.at_once().max(1)).saturating_sub(PART_TOKENS).max(SMALLEST_PART).min(whole);
    (whole, each)
}

/// Asks so many questions at once as the pen takes. An answer that cannot be read is an empty one.
async fn ask_all(job: &StepRun, pen: &mut impl Pen, questions: Vec<Question>) -> Result<Vec<Answer>, JobError> {
    let (all, at_once) = (questions.len(), usize::try_from(pen.at_once()).unwrap_or(1).max(1));
    let mut answers: Vec<Answer> = Vec::new();
    let mut questions = questions.into_iter();
    while answers.len() < all {
        let some: Vec<Question> = questions.by_ref().take(at_once).collect();
        if some.is_empty() {
            break;
        }
        let written = pen.ask_all(some).await?;
        answers.extend(written.iter().map(|text| Answer::read(text).unwrap_or_default()));
        // The last tenth is for putting it together.
        job.progress(answers.len() * 9, all * 10).await?;
    }
    Ok(answers)
}

/// What may be kept of a summary; sentences of the part itself where that is nothing.
fn sound(summary: &str, part: &str, grounds: &Grounds, language: &str) -> String {
    let (kept, _) = checks::sound(summary, grounds, language);
    if kept.is_empty() { extractive::telling(part, INSTEAD) } else { kept }
}

fn said(book: &[Sentence]) -> Vec<String> {
    book.iter().map(|sentence| sentence.text.clone()).collect()
}

/// Packs texts into as few pieces as fit the model, in order. Token counts are asked of the model itself, a paragraph at a
/// time.
async fn pack(pen: &mut impl Pen, texts: &[String], room: u32) -> Result<Vec<String>, JobError> {
    let mut packs: Vec<(String, u32)> = Vec::new();
    for paragraph in texts.chunks(8).map(|texts| texts.join(" ")) {
        for piece in pieces(&paragraph, room) {
            let tokens = pen.count(&piece).await? + 1;
            match packs.last_mut() {
                Some((text, used)) if *used + tokens <= room => {
                    text.push(' ');
                    text.push_str(&piece);
                    *used += tokens;
                }
                _ => packs.push((piece, tokens)),
            }
        }
    }
    Ok(packs.into_iter().map(|(text, _)| text).collect())
}

/// A paragraph in pieces that surely fit: a token has at least one letter of the plain alphabet, and one of another script may
/// be two tokens.
fn pieces(paragraph: &str, room: u32) -> Vec<String> {
    let most = usize::try_from(room).unwrap_or(usize::MAX);
    let mut pieces = vec![String::new()];
    let mut characters = 0;
    for word in paragraph.split_whitespace().flat_map(|word| stretches(word, most / 2)) {
        let length = word.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum::<usize>() + 1;
        if characters + length > most && characters > 0 {
            pieces.push(String::new());
            characters = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            if !piece.is_empty() {
                piece.push(' ');
            }
            piece.push_str(word);
        }
        characters += length;
    }
    pieces
}

/// A word in stretches of so many signs at most: a script without spaces writes whole paragraphs as one.
fn stretches(word: &str, most: usize) -> Vec<&str> {
    let (mut rest, mut found) = (word, Vec::new());
    while let Some((end, _)) = rest.char_indices().nth(most.max(1)) {
        let (stretch, after) = rest.split_at(end);
        found.push(stretch);
        rest = after;
    }
    found.push(rest);
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    #[test]
    fn a_long_paragraph_is_cut_into_pieces_that_fit() {
        let paragraph = "word ".repeat(500);
        let pieces = pieces(&paragraph, 100);
        assert!(pieces.iter().all(|piece| piece.len() <= 100));
        assert_eq!(pieces.iter().map(|piece| piece.split(' ').count()).sum::<usize>(), 500);
    }

    #[test]
    fn a_paragraph_without_spaces_is_cut_as_well() {
        let pieces = pieces(&"灯".repeat(500), 100);
        assert!(pieces.iter().all(|piece| piece.chars().count() <= 50), "{pieces:?}");
        assert_eq!(pieces.concat().chars().count(), 500);
    }

    #[test]
    fn of_a_summary_only_that_is_kept_which_the_book_bears_out() {
        let part = "The captain of the ship saw a lighthouse in the fog. The crew rang the old bell all night.";
        let grounds = Grounds::new(&book(part), "");
        let kept =
            sound("A captain sees a lighthouse in the fog. He marries the queen of Spain.", part, &grounds, "en");
        assert_eq!(kept, "A captain sees a lighthouse in the fog.");
        let instead = sound("You will love this. You will love this.", part, &grounds, "en");
        assert!(part.contains(instead.split('.').next().unwrap()) && !instead.is_empty(), "{instead}");
    }
}
