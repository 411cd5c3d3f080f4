//! Hearing elsewhere, and what is believed of it.

use super::naughty::{HEARD, Manner, Naughty, heard};
use super::{KEY, office};
use crate::providers::answer;
use crate::providers::speech::hear;
use crate::providers::{Failure, Over};
use domain::providers::Purpose;
use serde_json::{Value, json};

/// Three seconds.
const SOUND: &[u8] = &[0; 96_000];

fn broken(error: &Over) -> bool {
    matches!(error, Over::Failed(Failure::Broken(_)))
}

#[tokio::test]
async fn a_stretch_is_heard_with_its_words_their_times_and_their_signs() {
    let (office, cloud) = (office().await, Naughty::open(Manner::Good).await);
    let ready = office.ready(Purpose::Speech, &cloud.address).await;
    let answer = hear(&office.outside, &ready, SOUND, Some("en"), false).await.unwrap();
    assert_eq!(answer.language.as_deref(), Some("en"));
    let [segment] = answer.segments.as_slice() else { panic!("{answer:?}") };
    assert_eq!(segment.text, HEARD);
    let (first, last) = (&segment.words[0], segment.words.last().unwrap());
    assert_eq!((first.text.as_str(), first.start_ms, first.end_ms), ("The", 0, 150));
    assert_eq!((last.text.as_str(), last.start_ms), ("fog.", 2_000), "with the full stop of the sentence");
    let evidence = segment.evidence.unwrap();
    assert!((evidence.average_log_probability + 0.2).abs() < 0.001 && segment.confidence > 0.8, "{evidence:?}");

    let (path, headers, body) = cloud.asked().remove(0);
    let key = headers["authorization"].to_str().unwrap();
    assert_eq!((path.as_str(), key), ("/v1/audio/transcriptions", format!("Bearer {KEY}").as_str()));
    assert!(headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    let text = String::from_utf8_lossy(&body);
    for part in ["name=\"model\"\r\n\r\ncloud-1\r\n", "verbose_json", "name=\"timestamp_granularities[]\"", "RIFF"] {
        assert!(text.contains(part), "{part}");
    }
    // A minute is 0.006 dollars: three seconds are 0.0003.
    let month = office.provider(&ready).await.month;
    assert_eq!((month.calls, month.spent.to_string().as_str()), (1, "0.0003"));
}

#[tokio::test]
async fn silence_is_heard_as_nothing() {
    let silent = json!({ "language": "english", "text": "", "segments": [], "words": [] });
    let (office, cloud) = (office().await, Naughty::open(Manner::Says(silent)).await);
    let ready = office.ready(Purpose::Speech, &cloud.address).await;
    assert!(hear(&office.outside, &ready, SOUND, None, false).await.unwrap().segments.is_empty());
}

#[tokio::test]
async fn an_answer_that_cannot_be_is_not_believed() {
    let (office, cloud) = (office().await, Naughty::open(Manner::Good).await);
    let ready = office.ready(Purpose::Speech, &cloud.address).await;
    let edited = |edit: fn(&mut Value)| {
        let mut answer = heard(HEARD);
        edit(&mut answer);
        Manner::Says(answer)
    };
    let wrong = [
        Manner::Broken,
        Manner::Endless,
        Manner::Says(json!([])),
        Manner::Says(json!({ "text": "Words without any times." })),
        edited(|answer| answer["words"][3]["end"] = json!(3_600.0)),
        edited(|answer| answer["words"][3]["start"] = json!(-1.0)),
        edited(|answer| answer["words"][3]["start"] = json!(0.01)),
        edited(|answer| answer["words"] = json!([])),
        edited(|answer| answer["segments"][0]["end"] = json!("soon")),
    ];
    for manner in wrong {
        cloud.set([manner.clone()]);
        let refused = hear(&office.outside, &ready, SOUND, None, false).await.unwrap_err();
        assert!(broken(&refused), "{manner:?}: {refused}");
        // So that the next one is asked too.
        let id = ready.provider.id;
        domain::providers::keep::switch(&office.outside.db, id, false).await.unwrap();
        domain::providers::keep::switch(&office.outside.db, id, true).await.unwrap();
    }
}

#[tokio::test]
async fn words_that_say_something_else_than_their_sentence_are_what_was_heard() {
    let mut answer = heard(HEARD);
    answer["segments"][0]["text"] = json!("Thank you for watching.");
    let (office, cloud) = (office().await, Naughty::open(Manner::Says(answer)).await);
    let ready = office.ready(Purpose::Speech, &cloud.address).await;
    let answer = hear(&office.outside, &ready, SOUND, None, false).await.unwrap();
    assert!(answer.segments[0].text.starts_with("The captain of the ship"), "{answer:?}");
}

fn read(answer: &Value) -> Result<Vec<String>, String> {
    let heard = answer::heard(answer.to_string().as_bytes(), 3_000)?;
    Ok(heard.segments.into_iter().map(|segment| segment.text).collect())
}

#[test]
fn more_than_anybody_says_is_no_answer() {
    let mut many = heard(HEARD);
    many["words"] = (0..1_000).map(|_| json!({ "word": "so.", "start": 1.0, "end": 1.0 })).collect();
    let mut long = heard(HEARD);
    long["words"][0]["word"] = json!("o".repeat(100_000));
    let mut told = heard(HEARD);
    told["segments"][0]["text"] = json!("so ".repeat(10_000));
    for answer in [many, long, told] {
        assert!(read(&answer).unwrap_err().contains("more words than anybody says"));
    }
}

#[test]
fn what_nobody_sees_is_left_out_of_what_was_heard() {
    let mut answer = heard(HEARD);
    answer["words"][1]["word"] = json!("captain\u{0}\n\n");
    answer["segments"][0]["text"] = json!(HEARD.replacen("captain", "captain\u{0}", 1));
    assert_eq!(read(&answer).unwrap(), [HEARD]);
}

#[test]
fn a_sentence_whose_words_lie_elsewhere_does_not_spoil_the_answer() {
    let mut music = heard(HEARD);
    let notes = json!({ "start": 2.3, "end": 2.9, "text": " \u{266a}" });
    music["segments"].as_array_mut().unwrap().push(notes);
    assert_eq!(read(&music).unwrap(), [HEARD]);
    let mut short = heard(HEARD);
    short["segments"][0]["text"] = json!(HEARD.trim_end_matches(" fog."));
    short["segments"].as_array_mut().unwrap().push(json!({ "start": 2.2, "end": 2.3, "text": " fog." }));
    assert_eq!(read(&short).unwrap(), [HEARD.trim_end_matches('.')], "nothing that was said is lost");
}

#[test]
fn words_that_lie_over_each_other_are_heard_one_after_the_other() {
    let mut answer = heard(HEARD);
    for (place, start) in [(1_usize, 0.1), (2, 0.12), (3, 0.14)] {
        answer["words"][place]["start"] = json!(start);
    }
    let heard = answer::heard(answer.to_string().as_bytes(), 3_000).unwrap();
    assert!(heard.segments[0].words.windows(2).all(|two| two[0].end_ms <= two[1].start_ms), "{heard:?}");
}

#[test]
fn signs_of_scripts_without_spaces_are_put_together_without_them() {
    let words: Vec<Value> = ["钟", "声"].iter().map(|sign| json!({ "word": sign, "start": 0.0, "end": 0.5 })).collect();
    let answer = json!({ "words": words, "segments": [{ "start": 0.0, "end": 1.0, "text": "钟" }] });
    assert_eq!(read(&answer).unwrap(), ["钟声"]);
}
