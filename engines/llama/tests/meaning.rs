//! What texts mean, told by the demonstration model: it was made to write, and its vectors say little, but they are vectors.

mod support;

use engine_protocol::{Embed, Event, FailureKind, MOST_EMBEDDED, Request};
use support::engine::Engine;
use support::{describe, ready, write};

fn embed(engine: &mut Engine, texts: &[&str]) -> Vec<Vec<f32>> {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    match engine.ask(&Request::Embed(Embed { id: 5, texts })) {
        Event::Embedded(embedded) => embedded.vectors,
        other => panic!("nothing told: {other:?}"),
    }
}

fn nearness(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[test]
fn each_text_has_a_vector_of_length_one_in_the_order_of_the_texts() {
    let mut engine = ready();
    let [ship, bread, again] = <[_; 3]>::try_from(embed(
        &mut engine,
        &["The captain of the ship.", "The baker and the bread.", "The captain of the ship."],
    ))
    .expect("three were asked about");
    assert!(ship.len() > 16 && ship.len() == bread.len(), "{} and {}", ship.len(), bread.len());
    for vector in [&ship, &bread] {
        assert!((nearness(vector, vector) - 1.0).abs() < 1e-3);
    }
    assert!(nearness(&ship, &again) > 0.999 && nearness(&ship, &again) > nearness(&ship, &bread));
    assert_eq!(embed(&mut engine, &[]), Vec::<Vec<f32>>::new());
}

#[test]
fn what_is_written_beside_it_changes_no_meaning_and_is_not_changed_by_it() {
    let mut engine = ready();
    let story = "The keeper of the lighthouse saw a ship in the fog.";
    let (written, before) = (write(&mut engine, describe(story)), embed(&mut engine, &[story]));
    assert_eq!(write(&mut engine, describe(story)).text, written.text);
    assert!(nearness(&embed(&mut engine, &[story])[0], &before[0]) > 0.999);
}

#[test]
fn of_a_long_text_the_beginning_counts() {
    let mut engine = ready();
    let long = "The sea was quiet. ".repeat(2_000);
    assert_eq!(embed(&mut engine, &[long.as_str()]).len(), 1);
}

#[test]
fn too_many_texts_and_empty_ones_are_refused_and_the_engine_lives_on() {
    let mut engine = ready();
    for texts in [vec!["A bell.".to_owned(); MOST_EMBEDDED + 1], vec![" ".to_owned()]] {
        let Event::Failed(failed) = engine.ask(&Request::Embed(Embed { id: 6, texts })) else { panic!("not refused") };
        assert_eq!((failed.id, failed.kind), (Some(6), FailureKind::BadInput));
    }
    embed(&mut engine, &["A bell."]);
}

#[test]
fn without_a_model_nothing_is_told() {
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-llama"));
    let asked = Embed { id: 7, texts: vec!["A bell.".into()] };
    let Event::Failed(failed) = engine.ask(&Request::Embed(asked)) else { panic!("not refused") };
    assert_eq!((failed.id, failed.kind), (Some(7), FailureKind::BadModel));
}
