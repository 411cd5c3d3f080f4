//! Which language a book is in: its title's own, or the one that most of what is heard at several places of it is surely in.

use super::ears;
use super::engine::EngineError;
use super::step::StepRun;
use crate::jobs::JobError;
use crate::models::known;
use domain::production::chunks::{self, Chunk};
use domain::production::parts::Part;
use domain::production::{Step, steps, tongue};
use domain::providers::{ProviderKind, Purpose, read};
use engine_protocol::{EngineKind, Event, Identified, ModelFacts};
use std::collections::BTreeMap;

/// Places of a book that are listened to: if these few are not surely of one language, as many as those besides.
const FEW_PLACES: usize = 3;
const MORE_PLACES: usize = 7;
/// Less likely than this a language is not counted.
const LIKELY: f32 = 0.5;
/// As likely as this it is certain: a chunk is heard in it, whatever the rest of the book is in.
const CERTAIN: f32 = 0.85;
/// Answers of somebody who finds the language by hearing, until they are believed.
const ANSWERS: usize = 3;

/// The language of a book, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Tongue {
    /// That of the book, and after it others that are heard in places.
    languages: Vec<String>,
    vote: Vote,
}

impl Tongue {
    /// What was found before.
    pub fn of(languages: Vec<String>) -> Self {
        Self { languages, vote: Vote::default() }
    }

    pub fn language(&self) -> Option<&String> {
        self.languages.first()
    }

    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Whether each chunk has to be asked for its language before it is heard.
    pub fn is_mixed(&self) -> bool {
        self.languages.len() > 1
    }

    /// Somebody who finds the language by hearing has heard a chunk of so many milliseconds in one. Says whether that of the book
    /// is known by this.
    pub fn answered(&mut self, language: Option<&str>, length_ms: i64) -> bool {
        if self.language().is_some() {
            return false;
        }
        self.vote.count(language, length_ms);
        if self.vote.counted >= ANSWERS {
            self.languages.extend(self.vote.winner());
        }
        self.language().is_some()
    }
}

/// Milliseconds of each language.
#[derive(Clone, Debug, Default)]
struct Vote {
    languages: BTreeMap<String, i64>,
    counted: usize,
}

impl Vote {
    fn count(&mut self, language: Option<&str>, length_ms: i64) {
        if let Some(language) = language {
            *self.languages.entry(language.to_owned()).or_default() += length_ms;
            self.counted += 1;
        }
    }

    fn winner(&self) -> Option<String> {
        self.ranked().into_iter().next()
    }

    /// The language of most milliseconds first.
    fn ranked(&self) -> Vec<String> {
        let mut ranked: Vec<(&String, &i64)> = self.languages.iter().collect();
        ranked.sort_by(|one, other| other.1.cmp(one.1));
        ranked.into_iter().map(|(language, _)| language.clone()).collect()
    }
}

/// The language of a chunk, where there is no doubt.
pub fn certain(found: &Identified) -> Option<String> {
    found.language.clone().filter(|_| found.probability >= CERTAIN)
}

/// What is known of the language of a book before it is heard: of a run that goes on, what was found then; the title's own; or
/// what several places of the book are in, if the engine can tell. `named` is the language of the title.
///
/// # Errors
/// When the shop cannot be asked.
pub async fn of_book(job: &StepRun, parts: &[Part], named: &str) -> Result<Tongue, JobError> {
    let db = job.shop.db.read();
    let found = steps::output(db, job.audiobook_id, Step::Transcribe).await?.languages;
    let begun = chunks::counts(db, job.audiobook_id).await?.done > 0;
    if begun && !found.is_empty() {
        return Ok(Tongue::of(found));
    }
    if let Some(own) = tongue::of_title(named) {
        return Ok(Tongue::of(vec![own]));
    }
    let languages = match at_places(job, parts).await? {
        Ok(languages) => languages,
        Err(error) => {
            // Whoever hears the chunks next says what is the matter, or hears it all the same.
            tracing::warn!(%error, "the engine could not find the language of a book");
            Vec::new()
        }
    };
    if !languages.is_empty() {
        tongue::heard(&job.shop.db, &job.claim, &languages).await?;
        tracing::info!(audiobook = %job.audiobook_id, ?languages, "the language of a book is found");
    }
    Ok(Tongue::of(languages))
}

/// The languages at several places; none where the engine is not the one who hears, or knows none. The inner error is its own.
async fn at_places(job: &StepRun, parts: &[Part]) -> Result<Result<Vec<String>, EngineError>, JobError> {
    let (nothing, shop) = (Ok(Ok(Vec::new())), &job.shop);
    let first = read::ready(&shop.db, Purpose::Speech).await?.into_iter().next();
    if first.is_none_or(|ready| ready.provider.kind != ProviderKind::Engine)
        || shop.rests.is_resting(EngineKind::Whisper, shop.db.now())
    {
        return nothing;
    }
    let Some(model) = shop.models.choose(known::Purpose::Speech) else { return nothing };
    let mut lease = match shop.pool.lease(EngineKind::Whisper, &model.path).await {
        Ok(lease) => lease,
        Err(error) => return Ok(Err(error)),
    };
    let facts = match &lease.model {
        ModelFacts::Speech(facts) if facts.multilingual => facts.clone(),
        _ => return nothing,
    };
    let window_ms = i64::from(facts.window_ms);
    let mut listened: Vec<Chunk> = Vec::new();
    let mut votes: Vec<(Identified, i64)> = Vec::new();
    for number in [FEW_PLACES, MORE_PLACES] {
        let places = chunks::places(&shop.db, job.audiobook_id, number).await?;
        let new: Vec<Chunk> = places.into_iter().filter(|chunk| !listened.contains(chunk)).collect();
        let engine = match lease.engine() {
            Ok(engine) => engine,
            Err(error) => return Ok(Err(error)),
        };
        let mut asked = engine.several();
        let mut lengths = BTreeMap::new();
        for chunk in &new {
            let length_ms = chunk.end_ms - chunk.start_ms;
            let Some(part) = parts.iter().find(|part| part.id == chunk.part_id).filter(|_| length_ms <= window_ms)
            else {
                continue;
            };
            match asked.identify(&ears::request(job, part, chunk).await?).await {
                Ok(id) => {
                    lengths.insert(id, length_ms);
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        while asked.under_way() > 0 {
            match asked.next_answer().await {
                Ok((id, Ok(Event::Identified(found)))) => {
                    votes.push((found, lengths.get(&id).copied().unwrap_or_default()));
                }
                // It cannot tell of this place.
                Ok(_) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        listened.extend(new);
        if agree(&votes) {
            break;
        }
    }
    let known = |language: &String| facts.languages.is_empty() || facts.languages.contains(language);
    Ok(Ok(elected(&votes).into_iter().filter(known).collect()))
}

/// Whether all places are certainly of one language.
fn agree(votes: &[(Identified, i64)]) -> bool {
    let mut languages = votes.iter().filter(|(found, _)| found.language.is_some()).map(|(found, _)| certain(found));
    let Some(Some(first)) = languages.next() else { return false };
    languages.all(|other| other.as_ref() == Some(&first))
}

/// The language of most of the milliseconds that are likely of one, and after it those that are certain somewhere.
fn elected(votes: &[(Identified, i64)]) -> Vec<String> {
    let mut vote = Vote::default();
    for (found, length_ms) in votes.iter().filter(|(found, _)| found.probability >= LIKELY) {
        vote.count(found.language.as_deref(), *length_ms);
    }
    let sure: Vec<String> = votes.iter().filter_map(|(found, _)| certain(found)).collect();
    let mut ranked = vote.ranked().into_iter();
    let first: Vec<String> = ranked.next().into_iter().collect();
    first.into_iter().chain(ranked.filter(|language| sure.contains(language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(votes: &[(&str, f32, i64)]) -> Vec<(Identified, i64)> {
        let found = |(language, probability, length_ms): &(&str, f32, i64)| {
            let language = (!language.is_empty()).then(|| (*language).to_owned());
            (Identified { id: 1, language, probability: *probability }, *length_ms)
        };
        votes.iter().map(found).collect()
    }

    #[test]
    fn a_book_is_in_the_language_of_most_of_its_confident_seconds() {
        // A song at the beginning, and a place that could be anything.
        let places = votes(&[("it", 0.9, 8_000), ("de", 0.95, 28_000), ("de", 0.9, 25_000), ("nl", 0.3, 90_000)]);
        assert_eq!(elected(&places), ["de", "it"]);
        assert!(!agree(&places));
        assert_eq!(elected(&votes(&[("de", 0.95, 28_000), ("nl", 0.6, 9_000)])), ["de"], "likely is not certain");
    }

    #[test]
    fn places_of_one_language_need_no_others_and_silence_says_nothing() {
        assert!(agree(&votes(&[("de", 0.99, 1), ("", 0.0, 1), ("de", 0.9, 1)])));
        assert!(!agree(&votes(&[("de", 0.99, 1), ("de", 0.6, 1)])));
        assert!(!agree(&[]));
        assert_eq!(elected(&[]), [] as [String; 0]);
    }

    #[test]
    fn who_finds_the_language_by_hearing_is_believed_after_several_answers() {
        let mut tongue = Tongue::default();
        assert!(!tongue.answered(Some("it"), 8_000));
        assert!(!tongue.answered(None, 20_000), "nothing was said");
        assert!(!tongue.answered(Some("de"), 28_000));
        assert_eq!(tongue.language(), None);
        assert!(tongue.answered(Some("de"), 25_000));
        assert_eq!(tongue.language().map(String::as_str), Some("de"));
        assert!(!tongue.answered(Some("it"), 90_000), "and stays");
    }
}
