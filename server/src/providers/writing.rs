//! Writing elsewhere: `POST /chat/completions`, held to a JSON schema.

use super::Outside;
use super::ask::{Over, Question, ask};
use domain::providers::read::Ready;
use domain::providers::{Micros, Prices};
use engine_protocol::Message;
use serde::Deserialize;
use serde_json::{Value, json};

/// What prices of writers are for: so many tokens.
const A_MILLION: u64 = 1_000_000;
/// The count of a machine is believed up to so many times what its answer may cost: one that makes no sense would use up the
/// budget of a month.
const BELIEVED: i64 = 10;

/// How much is left to chance in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chance {
    /// 0 always takes the likeliest word.
    pub temperature: f32,
    /// Of two answers with the same question and seed nothing differs, where the machine keeps to it.
    pub seed: u32,
}

#[derive(Deserialize)]
struct Said {
    choices: Vec<Choice>,
    /// [`Usage`], where it is one.
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    message: Answer,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
}

/// Has an answer written that a JSON schema holds; returns its text.
///
/// # Errors
/// Why the provider is passed over.
pub async fn write(
    outside: &Outside,
    ready: &Ready,
    messages: &[Message],
    schema: &Value,
    most_tokens: u32,
    chance: Chance,
) -> Result<String, Over> {
    let provider = &ready.provider;
    let read: u64 = messages.iter().map(|message| u64::from(tokens(&message.content))).sum();
    let price = cost(&provider.prices, read, u64::from(most_tokens));
    let turn = |message: &Message| json!({ "role": message.role.as_str(), "content": message.content });
    let messages: Vec<Value> = messages.iter().map(turn).collect();
    let body = json!({
        "model": provider.model,
        "messages": messages,
        "temperature": tenths(chance.temperature),
        "seed": chance.seed,
        "max_tokens": most_tokens,
        "response_format": {
            "type": "json_schema",
            "json_schema": { "name": "answer", "strict": true, "schema": schema },
        },
    });
    let question = Question {
        operation: "/chat/completions",
        content_type: "application/json".to_owned(),
        body: body.to_string().into(),
        price,
    };
    ask(outside, ready, &question, |said| written(said, &provider.prices, price)).await
}

/// The text of an answer and what it cost: by its own count, or else as much as it may have.
fn written(said: &[u8], prices: &Prices, at_most: Micros) -> Result<(String, Micros), String> {
    let said: Said = serde_json::from_slice(said).map_err(|_| "it is not the JSON that was asked for".to_owned())?;
    let usage = said.usage.and_then(|usage| serde_json::from_value::<Usage>(usage).ok());
    let cost = usage.map_or(at_most, |usage| {
        let counted = cost(prices, usage.prompt_tokens, usage.completion_tokens);
        counted.min(Micros(at_most.0.saturating_mul(BELIEVED)))
    });
    let choice = said.choices.into_iter().next().ok_or("there is nothing in it")?;
    if choice.finish_reason.as_deref() == Some("length") {
        return Err("it did not come to an end".to_owned());
    }
    let text = choice.message.content.filter(|text| !text.trim().is_empty()).ok_or("there is nothing in it")?;
    // Held to a schema, it is JSON; whether it is the right one is for whoever asked.
    serde_json::from_str::<serde::de::IgnoredAny>(&text).map_err(|_| "what was written is no JSON".to_owned())?;
    Ok((text, cost))
}

/// A number as it is written by people: 0.3, and not 0.30000001192092896.
fn tenths(number: f32) -> f64 {
    (f64::from(number) * 10.0).round() / 10.0
}

fn cost(prices: &Prices, read: u64, written: u64) -> Micros {
    prices.input.for_part(read, A_MILLION).plus(prices.output.for_part(written, A_MILLION))
}

/// Tokens of a text, rather too many than too few: nobody but the model itself can count them.
pub fn tokens(text: &str) -> u32 {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let other = text.chars().filter(|sign| !sign.is_ascii()).count();
    u32::try_from(ascii / 3 + other * 3 / 2 + 4).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices() -> Prices {
        let micros = |text: &str| text.parse().unwrap();
        Prices { currency: "USD".parse().unwrap(), input: micros("0.15"), output: micros("0.6"), budget: None }
    }

    #[test]
    fn an_answer_costs_what_it_says_or_as_much_as_it_may() {
        let told = r#"{"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":2000000,"completion_tokens":1000000}}"#;
        assert_eq!(written(told.as_bytes(), &prices(), Micros(950_000)).unwrap(), ("{}".to_owned(), Micros(900_000)));
        assert_eq!(written(told.as_bytes(), &prices(), Micros(7)).unwrap().1, Micros(70), "nonsense");
        for usage in ["null", "{}", r#"{"prompt_tokens":-1,"completion_tokens":1}"#] {
            let untold = format!(r#"{{"choices":[{{"message":{{"content":"{{}}"}}}}],"usage":{usage}}}"#);
            assert_eq!(written(untold.as_bytes(), &prices(), Micros(7)).unwrap().1, Micros(7), "{usage}");
        }
    }

    #[test]
    fn an_answer_that_makes_no_sense_is_none() {
        for wrong in [
            "",
            "<html></html>",
            r#"{"choices":[]}"#,
            r#"{"choices":[{"message":{"content":null}}]}"#,
            r#"{"choices":[{"message":{"content":"Sure! Here it is"}}]}"#,
            r#"{"choices":[{"message":{"content":"{\"description\":\"A be"},"finish_reason":"length"}]}"#,
        ] {
            assert!(written(wrong.as_bytes(), &prices(), Micros(0)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_text_has_rather_too_many_tokens_than_too_few() {
        assert!(tokens("The captain saw a lighthouse in the fog.") >= 12);
        assert!(tokens("船長は霧の中に灯台を見た") >= 15);
    }
}
