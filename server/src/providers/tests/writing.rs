//! Writing elsewhere.

use super::naughty::{Manner, Naughty, WRITTEN};
use super::office;
use crate::providers::writing::{Chance, write};
use crate::providers::{Failure, Over};
use domain::providers::Purpose;
use engine_protocol::{Message, Role};
use serde_json::{Value, json};

fn messages() -> [Message; 2] {
    let say = |role, content: &str| Message { role, content: content.to_owned() };
    [say(Role::System, "Describe it."), say(Role::User, "The captain saw a lighthouse.")]
}

#[tokio::test]
async fn an_answer_is_held_to_its_schema_and_paid_by_its_own_count() {
    let (office, cloud) = (office().await, Naughty::open(Manner::Good).await);
    let ready = office.ready(Purpose::Writing, &cloud.address).await;
    let schema = json!({ "type": "object" });
    let text = write(&office.outside, &ready, &messages(), &schema, 300, Chance::default()).await.unwrap();
    assert!(text.contains(WRITTEN), "{text}");
    let (path, _, body) = cloud.asked().remove(0);
    let sent: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (path.as_str(), &sent["model"], &sent["max_tokens"]),
        ("/v1/chat/completions", &json!("cloud-1"), &json!(300))
    );
    assert_eq!(sent["messages"][0], json!({ "role": "system", "content": "Describe it." }));
    assert_eq!(sent["response_format"]["json_schema"]["schema"], schema);
    // A hundred tokens at 0.006 a million and twenty at 0.6, each rounded up to a millionth.
    assert_eq!(office.provider(&ready).await.month.spent.0, 1 + 12);
}

#[tokio::test]
async fn what_is_no_answer_is_asked_for_again_and_then_passed_over() {
    let (office, cloud) = (office().await, Naughty::open(Manner::Broken).await);
    let ready = office.ready(Purpose::Writing, &cloud.address).await;
    let refused = write(&office.outside, &ready, &messages(), &json!({}), 300, Chance::default()).await.unwrap_err();
    assert!(matches!(refused, Over::Failed(Failure::Broken(_))), "{refused}");
    assert_eq!(cloud.asked().len(), 2);
    cloud.set([Manner::Broken, Manner::Good]);
    write(&office.outside, &ready, &messages(), &json!({}), 300, Chance::default()).await.unwrap();
}

#[tokio::test]
async fn what_is_asked_again_is_asked_with_another_seed_and_temperature() {
    let (office, cloud) = (office().await, Naughty::open(Manner::Good).await);
    let ready = office.ready(Purpose::Writing, &cloud.address).await;
    for chance in [Chance::default(), Chance { temperature: 0.3, seed: 1 }] {
        write(&office.outside, &ready, &messages(), &json!({}), 300, chance).await.unwrap();
    }
    let sent: Vec<Value> = cloud.asked().iter().map(|(_, _, body)| serde_json::from_slice(body).unwrap()).collect();
    let chance: Vec<_> = sent.iter().map(|body| (body["temperature"].to_string(), body["seed"].to_string())).collect();
    assert_eq!(chance, [("0.0".to_owned(), "0".to_owned()), ("0.3".to_owned(), "1".to_owned())]);
}
