//! No writer is believed for its name: what stands on a page was checked, and the page says who wrote it and why.

use super::{Bench, bench_with};
use crate::providers::tests::naughty::{HEARD, Manner, Naughty, written};
use crate::providers::tests::{add, form};
use domain::production::{Step, StepView};
use domain::providers::Purpose;
use uuid::Uuid;

/// A shop without a writing model of its own, whose only writer elsewhere says this of whatever is heard.
async fn described_by(description: &str) -> (Bench, Uuid, Naughty) {
    described(HEARD, description).await
}

async fn described(heard: &str, description: &str) -> (Bench, Uuid, Naughty) {
    let bench = bench_with(|shop| {
        shop.models.demo = false;
        shop.models.speech = shop.models.demo_dir.join("demo-asr.bin").to_string_lossy().into_owned();
    })
    .await;
    let cloud = Naughty::open(Manner::Says(written(description, &["adventure", "food"]))).await;
    add(&bench.shop.outside, &form(Purpose::Writing, "Cloud", &cloud.address)).await;
    let spoken = bench.speak("speech.wav", heard);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    (bench, id, cloud)
}

fn reason(step: &StepView) -> String {
    step.passed_over.iter().find(|over| over.provider == "Cloud").map(|over| over.reason.clone()).unwrap_or_default()
}

#[tokio::test]
async fn one_sentence_again_and_again_never_reaches_the_page_which_says_why_another_wrote_it() {
    let (bench, id, cloud) = described_by("I am happy to see you, dear cat. I am happy to see you, dear cat.").await;
    let step = bench.step(id, Step::Describe).await;
    assert_eq!(step.provider.as_deref(), Some("extractive"), "{step:?}");
    assert!(reason(&step).contains("refused 3 times") && reason(&step).contains("repeats"), "{}", reason(&step));
    assert!(step.message.unwrap().contains("Cloud could not be used"));
    let asked: Vec<serde_json::Value> =
        cloud.asked().iter().map(|(_, _, body)| serde_json::from_slice(body).unwrap()).collect();
    let seeds: Vec<_> = asked.iter().map(|body| body["seed"].as_u64().unwrap()).collect();
    assert_eq!(seeds, [0, 1, 2], "it was asked again in another way");
    let proposal = bench.view(id).await.proposal.unwrap();
    assert!(!proposal.description.contains("dear cat") && !proposal.evidence.is_empty(), "{proposal:?}");
}

#[tokio::test]
async fn what_the_book_does_not_say_never_reaches_the_page() {
    for (invented, because) in [
        ("A captain marries a princess who was asleep.", "bears out"),
        ("A captain sees the lighthouse of Alexandria in the fog.", "Alexandria"),
        ("You see a captain and a lighthouse in the fog.", "speaks to the reader"),
    ] {
        let (bench, id, _cloud) = described_by(invented).await;
        let step = bench.step(id, Step::Describe).await;
        assert_eq!(step.provider.as_deref(), Some("extractive"), "{invented}: {step:?}");
        assert!(reason(&step).contains(because), "{invented}: {}", reason(&step));
    }
}

#[tokio::test]
async fn what_stands_up_is_proposed_with_where_it_comes_from_and_why_its_category() {
    let (bench, id, cloud) = described_by("A captain sees a lighthouse in the fog.").await;
    let step = bench.step(id, Step::Describe).await;
    assert_eq!((step.provider.as_deref(), cloud.asked().len()), (Some("Cloud"), 1), "{step:?}");
    let proposal = bench.view(id).await.proposal.unwrap();
    assert_eq!(proposal.evidence.len(), 1);
    assert_eq!(proposal.categories, ["adventure"], "no food is spoken of, whatever the writer chose");
    assert!(proposal.reasons[0].because.contains("“captain” (1)"), "{:?}", proposal.reasons);
    assert!(proposal.reasons[0].because.contains("The writer chose it."), "{:?}", proposal.reasons);
}

#[tokio::test]
async fn whoever_writes_the_description_is_not_shown_the_ending() {
    let book = "The captain of the ship saw a lighthouse in the fog. The fog lay thick upon the water. There was a ship in \
        the dark. The captain heard the bell. The crew came with bread and tea.";
    let (bench, id, cloud) = described(book, "A captain sees a lighthouse in the fog.").await;
    let asked: Vec<String> =
        cloud.asked().iter().map(|(_, _, body)| String::from_utf8_lossy(body).to_lowercase()).collect();
    assert!(
        !asked.is_empty() && asked.iter().all(|body| body.contains("captain") && !body.contains("bread")),
        "{asked:?}"
    );
    let end = bench.view(id).await.proposal.unwrap().evidence[0].end_ms;
    assert!(end > 0 && end < 10_000, "{end}");
}
