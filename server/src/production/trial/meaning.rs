//! The model that tells what texts mean, tried out: two sentences that mean the same have to be nearer than two that do not.

use super::{SAID, failed, seconds};
use crate::models::Chosen;
use crate::models::known::Purpose;
use crate::production::step::Workshop;
use crate::production::writer::meaning::nearness;
use domain::settings::Finding;
use std::time::Instant;

/// Means what [`SAID`] says, in other words.
const THE_SAME: &str = "Through the mist the skipper caught sight of a beacon on the coast.";
/// Means something else.
const ANOTHER: &str = "The baker sells bread and butter in the market.";

pub async fn tried(shop: &Workshop, model: &Chosen) -> Finding {
    let begun = Instant::now();
    let vectors = match shop.pool.embed(&model.path, &[SAID, THE_SAME, ANOTHER].map(str::to_owned)).await {
        Ok(vectors) => vectors,
        Err(error) => return failed(model, &error.into(), Purpose::Embedding),
    };
    let to_said = |at: usize| vectors.first().zip(vectors.get(at)).map_or(0.0, |(said, other)| nearness(said, other));
    let (near, far) = (to_said(1), to_said(2));
    let words = if near > far {
        format!(
            "Meaning: {} compared three sentences in {}: {near:.2} for two that mean the same, {far:.2} for two that do not.",
            model.name,
            seconds(begun.elapsed())
        )
    } else {
        format!(
            "Meaning: {} puts two sentences that mean the same no nearer ({near:.2}) than two that do not ({far:.2}): choose \
             another one.",
            model.name
        )
    };
    Finding { good: near > far, words }
}
