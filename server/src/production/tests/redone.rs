//! Steps that are done again say truly who made what, and keep what people put right.

use super::{bench, words};
use domain::entities::{chunks, production_steps};
use domain::production::{Corrections, Step, StepStatus, editing, steps};
use domain::transcript::edits::change::Change;
use domain::transcript::segments;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const SPOKEN: &str = "The sea was quiet, and the fog lay thick upon the water. The captain heard the bell, and turned the \
    wheel to the north.";

#[tokio::test]
async fn a_run_that_hears_nothing_itself_names_those_who_heard() {
    let bench = bench().await;
    let spoken = bench.speak("fog.wav", SPOKEN);
    let id = bench.title("The Fog", &[&spoken]).await;
    bench.work().await;
    chunks::Entity::update_many()
        .col_expr(chunks::Column::TranscribedBy, Expr::value("another library, another model"))
        .filter(chunks::Column::AudiobookId.eq(id))
        .exec(bench.shop.db.read())
        .await
        .unwrap();
    steps::redo(&bench.shop.db, id, Step::Prepare).await.unwrap();
    bench.work().await;
    let step = bench.step(id, Step::Transcribe).await;
    assert_eq!(step.status, StepStatus::Done);
    assert_eq!((step.provider.as_deref(), step.model.as_deref()), (Some("another library"), Some("another model")));
}

#[tokio::test]
async fn a_title_that_was_transcribed_elsewhere_is_heard_here_and_keeps_what_was_put_right() {
    let bench = bench().await;
    let spoken = bench.speak("fog.wav", SPOKEN);
    let id = bench.title("The Fog", &[&spoken]).await;
    bench.work().await;
    let db = &bench.shop.db;
    // As if it had been brought along: nobody here has cut or heard it.
    chunks::Entity::delete_many().filter(chunks::Column::AudiobookId.eq(id)).exec(db.read()).await.unwrap();
    production_steps::Entity::update_many()
        .col_expr(production_steps::Column::Provider, Expr::value("elsewhere"))
        .filter(production_steps::Column::AudiobookId.eq(id))
        .exec(db.read())
        .await
        .unwrap();
    let mut before = editing::desk(db, id, 0, 100).await.unwrap().window.lines;
    let line = before.remove(0);
    let put_right = Change::Said { text: Some("Nobody can hear this.".to_owned()), speaker: None, reach: 1 };
    editing::edit(db, id, line.id, line.version, &put_right).await.unwrap().unwrap();

    steps::hear_again(db, id, Corrections::Keep).await.unwrap();
    bench.work().await;
    let step = bench.step(id, Step::Transcribe).await;
    assert_eq!(step.status, StepStatus::Done, "{step:?}");
    assert!(step.provider.as_deref().is_some_and(|provider| provider.contains("whisper")), "{step:?}");
    let said = segments::sentences(db.read(), id).await.unwrap();
    assert_eq!(said.iter().filter(|sentence| sentence.text == "Nobody can hear this.").count(), 1, "{said:?}");
    let captains = |texts: Vec<&str>| words(&texts.join(" ")).iter().filter(|word| *word == "captain").count();
    let (now, then): (Vec<_>, Vec<_>) = (
        said.iter().map(|sentence| sentence.text.as_str()).collect(),
        before.iter().map(|line| line.text.as_str()).collect(),
    );
    assert_eq!(captains(now), captains(then), "all else was heard again, once and not twice: {said:?}");
}
