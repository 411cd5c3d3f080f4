//! What is asked of a model that writes, and how its answer is read.

use super::{LONGEST_DESCRIPTION, MOST_CATEGORIES, bounded};
use engine_protocol::{Message, Role};
use serde::Deserialize;
use serde_json::{Value, json};

/// Tokens left for a description of the whole book.
pub const ANSWER_TOKENS: u32 = 320;
/// Tokens left for a summary of a part.
pub const PART_TOKENS: u32 = 160;
/// Tokens left for the instruction and the marks of a conversation, besides the category names.
pub const INSTRUCTION_TOKENS: u32 = 200;
/// Characters of a description, and of a summary, that the grammar allows.
const CHARACTERS: [usize; 2] = [600, 300];

/// What is asked of a model.
#[derive(Clone, Debug)]
pub struct Question {
    pub messages: Vec<Message>,
    /// GBNF.
    pub grammar: String,
    /// JSON schema.
    pub schema: Value,
    /// Of the answer.
    pub most_tokens: u32,
    /// How often it was asked before, with an answer that was of no use: from 1 on with some chance, another each time, and
    /// without what was said already.
    pub attempt: u32,
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// All that may be told of a book.
    Book,
    /// A part that is put together with others.
    Part,
    /// A part that is not told of: only its categories are asked for.
    Ending,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Answer {
    #[serde(default)]
    pub description: String,
    pub categories: Vec<String>,
}

impl Answer {
    /// None when it is not the JSON that was asked for, such as one that was cut off. What no grammar holds may be of any
    /// length, and hold signs that no database takes.
    pub fn read(text: &str) -> Option<Self> {
        let Self { description, mut categories } = serde_json::from_str(text).ok()?;
        categories.truncate(MOST_CATEGORIES);
        Some(Self {
            description: bounded(&description.replace(char::is_control, " "), LONGEST_DESCRIPTION),
            categories,
        })
    }
}

impl Question {
    pub fn new(about: About, text: &str, slugs: &[&str]) -> Self {
        Self {
            messages: vec![
                Message { role: Role::System, content: instruction(about, slugs) },
                Message { role: Role::User, content: text.to_owned() },
            ],
            grammar: grammar(about, slugs),
            schema: schema(about, slugs),
            most_tokens: if about == About::Book { ANSWER_TOKENS } else { PART_TOKENS },
            attempt: 0,
        }
    }

    /// The same once more, with what was wrong with the last answer.
    pub fn again(mut self, attempt: u32, advice: &str) -> Self {
        self.attempt = attempt;
        if let Some(instruction) = self.messages.first_mut().filter(|_| !advice.is_empty()) {
            instruction.content.push(' ');
            instruction.content.push_str(advice);
        }
        self
    }
}

/// Short and plain: small models follow nothing else. The parts of one book begin with the same words, which the engine
/// reads once.
fn instruction(about: About, slugs: &[&str]) -> String {
    let what = match about {
        About::Book => {
            "Write a short description of the audiobook below and choose up to three categories from the list."
        }
        About::Part => {
            "Summarise this part of the audiobook in two sentences and choose up to three categories from the list."
        }
        About::Ending => "Choose up to three categories from the list for this part of the audiobook.",
    };
    let how = match about {
        About::Ending => "",
        About::Book | About::Part => " Use only what is said in the text. Do not give the ending away.",
    };
    format!("{what}{how} Categories: {}. Answer with JSON only.", slugs.join(", "))
}

/// The answer as a JSON schema. It says no more than every machine that knows schemas can hold to.
fn schema(about: About, slugs: &[&str]) -> Value {
    let category =
        if slugs.is_empty() { json!({ "type": "string" }) } else { json!({ "type": "string", "enum": slugs }) };
    let categories = json!({ "type": "array", "items": category });
    let (properties, required) = match about {
        About::Ending => (json!({ "categories": categories }), json!(["categories"])),
        About::Book | About::Part => (
            json!({ "description": { "type": "string" }, "categories": categories }),
            json!(["description", "categories"]),
        ),
    };
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The grammar of an answer (GBNF): a description and up to three of the categories.
fn grammar(about: About, slugs: &[&str]) -> String {
    let categories = if slugs.is_empty() {
        String::new()
    } else {
        r#"(category ("," " "? category)? ("," " "? category)?)?"#.to_owned()
    };
    let alternatives = slugs.iter().map(|slug| format!(r#""\"{slug}\"""#)).collect::<Vec<_>>().join(" | ");
    let rule = if slugs.is_empty() { String::new() } else { format!("category ::= {alternatives}\n") };
    let most = if about == About::Book { CHARACTERS[0] } else { CHARACTERS[1] };
    let (description, letter) = match about {
        About::Ending => (String::new(), ""),
        About::Book | About::Part => (
            format!(r#""\"description\":" " "? "\"" letter{{1,{most}}} "\"," " "?"#),
            "letter ::= [^\"\\\\\\x00-\\x1F]\n",
        ),
    };
    format!(
        r#"root ::= "{{" " "? {description} "\"categories\":" " "? "[" {categories} "]" " "? "}}"
{letter}{rule}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_names_every_category_of_the_shop() {
        let grammar = grammar(About::Book, &["adventure", "family-life"]);
        assert!(grammar.contains(r#"category ::= "\"adventure\"" | "\"family-life\"""#), "{grammar}");
        assert!(grammar.contains(r#"letter ::= [^"\\\x00-\x1F]"#), "{grammar}");
    }

    #[test]
    fn of_an_ending_only_the_categories_are_asked_for() {
        let question = Question::new(About::Ending, "They were home.", &["adventure"]);
        assert!(
            !question.grammar.contains("description") && !question.grammar.contains("letter"),
            "{}",
            question.grammar
        );
        assert_eq!(question.schema["required"], json!(["categories"]));
        let answer = Answer::read(r#"{"categories": []}"#).unwrap();
        assert_eq!(answer, Answer::default(), "and there may be none");
    }

    #[test]
    fn of_an_answer_as_much_is_read_as_was_asked_for() {
        let long =
            json!({ "description": "A bell\u{0} rings.\n".repeat(100_000), "categories": vec!["adventure"; 1_000] });
        let Answer { description, categories } = Answer::read(&long.to_string()).unwrap();
        assert!(description.starts_with("A bell rings. A bell rings.") && description.ends_with("rings."));
        assert!(description.chars().count() <= LONGEST_DESCRIPTION && categories.len() == MOST_CATEGORIES);
    }

    #[test]
    fn what_is_asked_again_says_what_was_wrong() {
        let again = Question::new(About::Book, "A bell rings.", &[]).again(2, "Say nothing twice.");
        assert_eq!(again.attempt, 2);
        assert!(again.messages[0].content.ends_with("Answer with JSON only. Say nothing twice."));
    }
}
