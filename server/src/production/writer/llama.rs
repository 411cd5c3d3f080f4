//! The writer that is a language model, here or elsewhere: it reads the whole transcript, part by part where it must, and
//! answers in JSON that a grammar or a schema holds it to. What it says is checked, and asked for again, before it counts.

use super::checks;
use super::digest::{self, Digest};
use super::grounds::Grounds;
use super::pen::Pen;
use super::question::{About, Answer, Question};
use super::{LONGEST_DESCRIPTION, Written, bounded, categories as chosen, told, whole};
use crate::jobs::JobError;
use crate::production::step::{StepRun, apart};
use domain::catalog::categories::CategoryFacts;
use domain::catalog::edit;
use domain::transcript::segments::Sentence;

/// How often a description is asked for before another writer takes over.
const ATTEMPTS: u32 = 3;
/// So many sentences of the best of them stand for themselves.
const ENOUGH: usize = 2;

/// Writes description and categories.
///
/// # Errors
/// [`JobError::Again`] when no answer is of use, with what was wrong with the last one; as the pen's otherwise.
pub async fn write(
    job: &StepRun,
    pen: &mut impl Pen,
    book: &[Sentence],
    categories: &[CategoryFacts],
) -> Result<Written, JobError> {
    let form = edit::form(&job.shop.db, job.audiobook_id).await?;
    let page =
        [form.title, form.subtitle, form.authors, form.narrators, form.series, form.year, form.publisher].join(" ");
    let told = told(book).to_vec();
    let grounds = apart(move || Grounds::new(&told, &page)).await?;
    let slugs: Vec<&str> = categories.iter().map(|category| category.slug.as_str()).collect();
    let Digest { text, mut votes, all_read, calls } =
        digest::read(job, pen, book, &slugs, (&grounds, &form.language)).await?;
    let Described { answer, attempts, note } = describe(pen, &text, &slugs, &grounds, &form.language).await?;
    tracing::info!(calls = calls + attempts, parts = votes.len(), attempts, "described");
    if votes.is_empty() {
        votes.push(answer.categories);
    }
    let (all, facts) = (book.to_vec(), categories.to_vec());
    let categories = apart(move || chosen::choose(&all, &facts, &votes)).await?;
    let coverage_permille = if all_read { 1000 } else { 900 };
    Ok(Written { description: answer.description, categories, coverage_permille, note })
}

/// An answer that stands up to the checks.
#[derive(Debug, PartialEq, Eq)]
struct Described {
    answer: Answer,
    /// How many were asked for.
    attempts: usize,
    /// What was left out of it, and why.
    note: Option<String>,
}

/// The first answer that stands up to the checks; or else what does of the best one, where that is enough.
async fn describe(
    pen: &mut impl Pen,
    text: &str,
    slugs: &[&str],
    grounds: &Grounds,
    language: &str,
) -> Result<Described, JobError> {
    let (mut wrong, mut advice) = ("it was not the JSON asked for".to_owned(), "");
    let mut best: Option<(usize, Described)> = None;
    for attempt in 0..ATTEMPTS {
        let question = Question::new(About::Book, text, slugs).again(attempt, advice);
        let Some(answer) = Answer::read(&pen.ask(question).await?) else { continue };
        let description = whole(&bounded(&answer.description, LONGEST_DESCRIPTION));
        let mut faults = checks::faults(&description, grounds, language);
        faults.extend(checks::says_little(&description, text));
        let Some(first) = faults.first() else {
            let answer = Answer { description, ..answer };
            return Ok(Described { answer, attempts: attempt as usize + 1, note: None });
        };
        tracing::info!(attempt, faults = faults.len(), "a description is refused");
        (wrong, advice) = (first.to_string(), first.advice());
        let (description, kept) = checks::sound(&description, grounds, language);
        if kept >= ENOUGH && best.as_ref().is_none_or(|(most, _)| kept > *most) {
            let note =
                Some(format!("What did not stand up to the shop's checks was left out of it, such as: {wrong}."));
            let answer = Answer { description, ..answer };
            best = Some((kept, Described { answer, attempts: ATTEMPTS as usize, note }));
        }
    }
    let refused = || JobError::Again(format!("its description was refused {ATTEMPTS} times, at last because {wrong}"));
    best.map(|(_, described)| described).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    /// Says one thing after the other, and the last again.
    struct Parrot {
        says: Vec<&'static str>,
        asked: Vec<Question>,
    }

    impl Pen for Parrot {
        fn context_tokens(&self) -> u32 {
            2_000
        }

        fn at_once(&self) -> u32 {
            1
        }

        async fn count(&mut self, text: &str) -> Result<u32, JobError> {
            Ok(u32::try_from(text.len()).unwrap())
        }

        async fn ask(&mut self, question: Question) -> Result<String, JobError> {
            let at = self.asked.len().min(self.says.len() - 1);
            self.asked.push(question);
            Ok(format!(r#"{{"description": "{}", "categories": ["adventure"]}}"#, self.says[at]))
        }

        async fn ask_all(&mut self, questions: Vec<Question>) -> Result<Vec<String>, JobError> {
            let mut answers = Vec::new();
            for question in questions {
                answers.push(self.ask(question).await?);
            }
            Ok(answers)
        }
    }

    const BOOK: &str = "The captain of the ship saw a lighthouse in the fog. The crew rang the old bell all night.";
    const MORE: &str = "The crew rings an old bell at night.";
    const GOOD: &str = "A captain sees a lighthouse in the fog.";

    async fn described(says: &[&'static str]) -> (Result<Described, JobError>, Vec<Question>) {
        let mut parrot = Parrot { says: says.to_vec(), asked: Vec::new() };
        let grounds = Grounds::new(&book(BOOK), "");
        (describe(&mut parrot, BOOK, &["adventure"], &grounds, "en").await, parrot.asked)
    }

    #[tokio::test]
    async fn what_stands_up_is_taken_at_once() {
        let (answer, asked) = described(&[GOOD]).await;
        assert_eq!(answer.unwrap().answer.description, GOOD);
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn what_does_not_is_asked_for_again_in_another_way() {
        let (answer, asked) = described(&["You will love the captain.", GOOD]).await;
        let answered = Answer { description: GOOD.into(), categories: vec!["adventure".into()] };
        assert_eq!(answer.unwrap(), Described { answer: answered, attempts: 2, note: None });
        assert_eq!(asked.iter().map(|question| question.attempt).collect::<Vec<_>>(), [0, 1]);
        assert!(asked[1].messages[0].content.contains("Do not speak to the reader"), "{:?}", asked[1].messages);
    }

    #[tokio::test]
    async fn a_sentence_that_breaks_off_is_left_out_where_others_stand() {
        let (answer, _) = described(&["A captain sees a lighthouse in the fog. The crew rang the"]).await;
        assert_eq!(answer.unwrap().answer.description, GOOD);
    }

    #[tokio::test]
    async fn who_goes_on_like_that_is_passed_over_with_the_reason() {
        let (answer, asked) = described(&["I am happy to see you. I am happy to see you."]).await;
        let Err(JobError::Again(reason)) = answer else { panic!("{answer:?}") };
        assert!(reason.contains("refused 3 times") && reason.contains("repeats"), "{reason}");
        assert_eq!(asked.len(), 3);
    }

    #[tokio::test]
    async fn of_a_description_that_says_too_much_the_rest_stays_and_the_page_says_so() {
        let too_much: &'static str =
            Box::leak(format!("{GOOD} He marries the queen of Spain. {MORE}").into_boxed_str());
        let (described, asked) = described(&[too_much]).await;
        let described = described.unwrap();
        assert_eq!(described.answer.description, format!("{GOOD} {MORE}"));
        assert!(described.note.unwrap().contains("Spain"));
        assert_eq!(asked.len(), 3, "not before it was asked for again");
    }
}
