//! Who was passed over in the steps of a title.

use crate::database::fresh;
use crate::production;
use domain::production::passes::Pass;
use domain::production::{PassedOver, Step, StepView, chunks, passes, steps};
use domain::{Currency, Db};
use uuid::Uuid;

async fn passed(db: &Db, id: Uuid, step: Step) -> Vec<PassedOver> {
    let view = steps::view(db, id).await.unwrap();
    let of = |view: StepView| (view.step == step).then_some(view.passed_over);
    view.steps.into_iter().find_map(of).unwrap()
}

/// The same for a name each time.
fn away(name: &str, reason: &str) -> Vec<Pass> {
    vec![Pass { provider_id: Uuid::from_u128(name.len() as u128), name: name.to_owned(), reason: reason.to_owned() }]
}

#[tokio::test]
async fn a_step_says_who_was_passed_over_and_why_until_it_is_done_anew() {
    let shop = fresh().await;
    let id = domain::catalog::drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    let other = domain::catalog::drafts::create(&shop.db, "The Owl", Currency::USD).await.unwrap();
    shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    passes::note(&shop.db, id, Step::Transcribe, &away("Cloud", "It is away.")).await.unwrap();
    shop.clock.advance(1);
    passes::note(&shop.db, id, Step::Transcribe, &away("Cloud", "It asks for money.")).await.unwrap();
    passes::note(&shop.db, id, Step::Describe, &away("Pen", &"long ".repeat(200))).await.unwrap();
    passes::note(&shop.db, other, Step::Transcribe, &[]).await.unwrap();

    let told = passed(&shop.db, id, Step::Transcribe).await;
    assert_eq!((told.len(), told[0].times, told[0].reason.as_str()), (1, 2, "It asks for money."));
    assert_eq!(passed(&shop.db, id, Step::Describe).await[0].reason.chars().count(), 500);
    assert!(passed(&shop.db, other, Step::Transcribe).await.is_empty());

    shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    assert!(passed(&shop.db, id, Step::Transcribe).await.is_empty(), "it is done anew");
}

#[tokio::test]
async fn two_of_the_same_name_are_told_of_each_with_its_own_reason() {
    let shop = fresh().await;
    let id = domain::catalog::drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    let passes = [(1, "It is away."), (2, "It asks for money.")].map(|(provider, reason)| Pass {
        provider_id: Uuid::from_u128(provider),
        name: "Cloud".to_owned(),
        reason: reason.to_owned(),
    });
    passes::note(&shop.db, id, Step::Transcribe, &passes).await.unwrap();
    let told = passed(&shop.db, id, Step::Transcribe).await;
    let told: Vec<_> = told.iter().map(|over| (over.provider.as_str(), over.times, over.reason.as_str())).collect();
    assert_eq!(told, [("Cloud", 1, "It is away."), ("Cloud", 1, "It asks for money.")]);
}

#[tokio::test]
async fn where_several_heard_a_title_each_is_told_with_how_much() {
    let shop = fresh().await;
    let id = production::arrived(&shop, "The Bell").await;
    production::probe(&shop, id).await;
    production::prepare(&shop, id).await;
    let claim = production::start(&shop, "one", "transcribe").await;
    let makers = async || {
        let view = steps::view(&shop.db, id).await.unwrap();
        let step = view.steps.into_iter().find(|view| view.step == Step::Transcribe).unwrap();
        step.makers.into_iter().map(|maker| (maker.by, maker.pieces)).collect::<Vec<_>>()
    };
    for by in ["Cloud, whisper-1", "whisper.cpp, base.en", "whisper.cpp, base.en"] {
        let chunk = production::next(&shop, id).await.unwrap();
        chunks::save_chunk(&shop.db, &claim, &chunk, by, &production::heard(&chunk)).await.unwrap();
        if by.starts_with("Cloud") {
            assert!(makers().await.is_empty(), "one alone is told as who did the step");
        }
    }
    let told = [("whisper.cpp, base.en".to_owned(), 2), ("Cloud, whisper-1".to_owned(), 1)];
    assert_eq!(makers().await, told);
}

#[tokio::test]
async fn a_step_that_is_done_again_forgets_who_was_passed_over_in_it_and_after_it() {
    let shop = fresh().await;
    let id = production::arrived(&shop, "The Bell").await;
    production::probe(&shop, id).await;
    production::prepare(&shop, id).await;
    for step in [Step::Prepare, Step::Transcribe, Step::Describe] {
        passes::note(&shop.db, id, step, &away("Cloud", "It is away.")).await.unwrap();
    }
    steps::redo(&shop.db, id, Step::Transcribe).await.unwrap();
    for (step, left) in [(Step::Prepare, 1), (Step::Transcribe, 0), (Step::Describe, 0)] {
        assert_eq!(passed(&shop.db, id, step).await.len(), left, "{step:?}");
    }
}
