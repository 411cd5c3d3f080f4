//! Machines elsewhere tried out: each is asked for a little of what it is for. What that costs is counted like everything.

use super::{SAID, SAMPLE, TOKENS, seconds, shown};
use crate::production::step::Workshop;
use crate::providers::writing::Chance;
use crate::providers::{Over, speech, writing};
use domain::providers::Purpose;
use domain::providers::read::Ready;
use domain::settings::Finding;
use engine_protocol::{Message, Role};
use serde_json::json;
use std::time::Instant;

pub async fn tried(shop: &Workshop, ready: &Ready) -> Finding {
    let begun = Instant::now();
    let answered = match ready.provider.purpose {
        Purpose::Speech => heard(shop, ready).await,
        Purpose::Writing => written(shop, ready).await,
    };
    let name = &ready.provider.name;
    match answered {
        Ok(words) => Finding { good: true, words: format!("{name} answered in {}: {words}", seconds(begun.elapsed())) },
        Err(over) => Finding { good: false, words: format!("{name} cannot be used: {over}.") },
    }
}

async fn heard(shop: &Workshop, ready: &Ready) -> Result<String, Over> {
    let heard = speech::hear(&shop.outside, ready, SAMPLE, Some("en"), false).await?;
    let text: Vec<String> = heard.segments.into_iter().map(|segment| segment.text).collect();
    Ok(format!("Said: “{SAID}” Heard: “{}”", shown(&text.join(" "))))
}

async fn written(shop: &Workshop, ready: &Ready) -> Result<String, Over> {
    let say = |role, content: &str| Message { role, content: content.to_owned() };
    let messages = [
        say(Role::System, "Write one short sentence about the text. Answer with JSON: {\"sentence\": \"…\"}."),
        say(Role::User, SAID),
    ];
    let schema = json!({
        "type": "object",
        "properties": { "sentence": { "type": "string" } },
        "required": ["sentence"],
        "additionalProperties": false,
    });
    // The braces and the name of its one member are tokens as well.
    let text = writing::write(&shop.outside, ready, &messages, &schema, TOKENS * 4, Chance::default()).await?;
    Ok(format!("it wrote “{}”", shown(&text)))
}
