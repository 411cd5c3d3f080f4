//! Who was passed over in the steps of a title.

use crate::database::fresh;
use domain::production::{PassedOver, Step, StepView, passes, steps};
use domain::{Currency, Db};
use uuid::Uuid;

async fn passed(db: &Db, id: Uuid, step: Step) -> Vec<PassedOver> {
    let view = steps::view(db, id).await.unwrap();
    let of = |view: StepView| (view.step == step).then_some(view.passed_over);
    view.steps.into_iter().find_map(of).unwrap()
}

fn away(name: &str, reason: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), reason.to_owned())]
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
