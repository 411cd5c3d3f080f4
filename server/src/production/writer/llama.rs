//! The writer that is a language model, here or elsewhere: it reads the whole transcript, part by part where it must, and
//! answers in JSON that a grammar or a schema holds it to.

use super::pen::{Pen, Question};
use super::{LONGEST_DESCRIPTION, MOST_CATEGORIES, Written, bounded};
use crate::jobs::JobError;
use crate::production::step::StepRun;
use domain::catalog::categories::CategoryFacts;
use domain::transcript::segments::Sentence;
use engine_protocol::{Message, Role};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tokens left for an answer.
const ANSWER_TOKENS: u32 = 320;
/// Tokens left for the instruction and the marks of a conversation, besides the category names.
const INSTRUCTION_TOKENS: u32 = 160;
/// Characters of a description that the grammar allows.
const GRAMMAR_CHARACTERS: usize = 600;
/// Times that summaries are summarised again before the rest is cut.
const ROUNDS: usize = 4;

#[derive(Debug, Deserialize)]
struct Answer {
    description: String,
    categories: Vec<String>,
}

/// Writes description and categories.
///
/// # Errors
/// [`JobError::Again`] when the answer is of no use; as the pen's otherwise.
pub async fn write(
    job: &StepRun,
    pen: &mut impl Pen,
    book: &[Sentence],
    categories: &[CategoryFacts],
) -> Result<Written, JobError> {
    let names = u32::try_from(categories.iter().map(|category| category.slug.len()).sum::<usize>()).unwrap_or(0);
    let room = pen.context_tokens().saturating_sub(ANSWER_TOKENS + INSTRUCTION_TOKENS + names).max(200);
    let mut texts: Vec<String> = book.iter().map(|sentence| sentence.text.clone()).collect();
    let mut packs = pack(pen, &texts, room).await?;
    let (mut done, mut rounds) = (0, 0);
    while packs.len() > 1 && rounds < ROUNDS {
        texts.clear();
        for (number, pack) in packs.iter().enumerate() {
            let answer = ask(pen, pack, categories).await?;
            texts.push(answer.description);
            done += 1;
            // The last tenth is for putting it together.
            job.progress((number + 1) * 9, packs.len() * 10).await?;
        }
        packs = pack(pen, &texts, room).await?;
        rounds += 1;
    }
    let all_read = packs.len() <= 1;
    let text = packs.into_iter().next().unwrap_or_default();
    let answer = ask(pen, &text, categories).await?;
    tracing::info!(calls = done + 1, rounds, "described");
    let description = bounded(&answer.description, LONGEST_DESCRIPTION);
    if description.is_empty() {
        return Err(JobError::Again("its answer was empty".into()));
    }
    let mut chosen: Vec<String> = Vec::new();
    for slug in answer.categories {
        if categories.iter().any(|category| category.slug == slug) && !chosen.contains(&slug) {
            chosen.push(slug);
        }
    }
    chosen.truncate(MOST_CATEGORIES);
    let coverage_permille = if all_read { 1000 } else { 900 };
    Ok(Written { description, categories: chosen, coverage_permille })
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

/// A paragraph in pieces that surely fit: a token has at least one character.
fn pieces(paragraph: &str, room: u32) -> Vec<String> {
    let most = usize::try_from(room).unwrap_or(usize::MAX);
    let mut pieces = vec![String::new()];
    let mut characters = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count() + 1;
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

async fn ask(pen: &mut impl Pen, text: &str, categories: &[CategoryFacts]) -> Result<Answer, JobError> {
    let slugs: Vec<&str> = categories.iter().map(|category| category.slug.as_str()).collect();
    let question = Question {
        messages: vec![
            Message { role: Role::System, content: instruction(&slugs) },
            Message { role: Role::User, content: text.to_owned() },
        ],
        grammar: grammar(&slugs),
        schema: schema(&slugs),
        most_tokens: ANSWER_TOKENS,
    };
    let answer = pen.ask(question).await?;
    serde_json::from_str(&answer).map_err(|_| JobError::Again("its answer was not the JSON asked for".into()))
}

/// The same as a JSON schema. It says no more than every machine that knows schemas can hold to.
fn schema(slugs: &[&str]) -> Value {
    let category =
        if slugs.is_empty() { json!({ "type": "string" }) } else { json!({ "type": "string", "enum": slugs }) };
    json!({
        "type": "object",
        "properties": {
            "description": { "type": "string" },
            "categories": { "type": "array", "items": category },
        },
        "required": ["description", "categories"],
        "additionalProperties": false,
    })
}

/// Short and plain: small models follow nothing else.
fn instruction(slugs: &[&str]) -> String {
    format!(
        "Write a short description of the audiobook below and choose up to three categories from the list. Use only what \
         is said in the text. Do not give the ending away. Categories: {}. Answer with JSON only.",
        slugs.join(", ")
    )
}

/// The grammar of an answer (GBNF): a description and one to three of the categories.
fn grammar(slugs: &[&str]) -> String {
    let categories = if slugs.is_empty() {
        String::new()
    } else {
        r#"category ("," " "? category)? ("," " "? category)?"#.to_owned()
    };
    let alternatives = slugs.iter().map(|slug| format!(r#""\"{slug}\"""#)).collect::<Vec<_>>().join(" | ");
    let rule = if slugs.is_empty() { String::new() } else { format!("category ::= {alternatives}\n") };
    format!(
        r#"root ::= "{{" " "? "\"description\":" " "? "\"" letter{{1,{GRAMMAR_CHARACTERS}}} "\"," " "? "\"categories\":" " "? "[" {categories} "]" " "? "}}"
letter ::= [^"\\\x00-\x1F]
{rule}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_names_every_category_of_the_shop() {
        let grammar = grammar(&["adventure", "family-life"]);
        assert!(grammar.contains(r#"category ::= "\"adventure\"" | "\"family-life\"""#), "{grammar}");
    }

    #[test]
    fn a_long_paragraph_is_cut_into_pieces_that_fit() {
        let paragraph = "word ".repeat(500);
        let pieces = pieces(&paragraph, 100);
        assert!(pieces.iter().all(|piece| piece.len() <= 100));
        assert_eq!(pieces.iter().map(|piece| piece.split(' ').count()).sum::<usize>(), 500);
    }
}
