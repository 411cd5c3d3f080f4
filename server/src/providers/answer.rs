//! What a provider says that it heard, checked: times lie inside the stretch and in order, and every word has one. What is
//! left is judged as what the shop's own engine hears.

use super::words::{is_same, plain, with_signs};
use domain::transcript::script::joined;
use engine_protocol::{Evidence, Segment, Transcribed, Word};
use serde::Deserialize;

/// A provider rounds: so far beyond the end of the stretch, in milliseconds, a time may lie.
const BEYOND_MS: f64 = 2_000.0;
/// Most words of an answer, and most bytes of its text: so many in any case, and so many more for each second. Nobody speaks
/// like that, and no model that repeats itself comes near it.
const MOST_WORDS: (usize, usize) = (100, 20);
const MOST_BYTES: (usize, usize) = (4_000, 400);
/// Of a word of which nothing is known: not certain, and not doubtful.
const UNKNOWN_CONFIDENCE: f32 = 0.5;
/// Names of languages that providers write out, and their codes (ISO 639-1).
const LANGUAGES: &[(&str, &str)] = &[
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    text: String,
    language: Option<String>,
    segments: Option<Vec<SaidSegment>>,
    words: Option<Vec<SaidWord>>,
}

/// Times in seconds.
#[derive(Deserialize)]
struct SaidSegment {
    start: f64,
    end: f64,
    text: String,
    avg_logprob: Option<f32>,
    compression_ratio: Option<f32>,
    no_speech_prob: Option<f32>,
    temperature: Option<f32>,
    /// Some give the words with each segment, others all of them beside.
    words: Option<Vec<SaidWord>>,
}

#[derive(Deserialize)]
struct SaidWord {
    #[serde(alias = "text")]
    word: String,
    start: f64,
    end: f64,
    #[serde(alias = "confidence")]
    probability: Option<f32>,
}

/// Reads an answer for a stretch of so many milliseconds.
///
/// # Errors
/// Why it makes no sense, as the end of a sentence.
pub fn heard(said: &[u8], duration_ms: u64) -> Result<Transcribed, String> {
    let said: Said = serde_json::from_slice(said).map_err(|_| "it is not the JSON that was asked for".to_owned())?;
    if is_too_much(&said, duration_ms) {
        return Err("it has more words than anybody says in that time".to_owned());
    }
    let language = said.language.as_deref().and_then(code);
    let mut beside = words(said.words.unwrap_or_default(), duration_ms, UNKNOWN_CONFIDENCE)?;
    let mut segments = Vec::new();
    let told = said.segments.unwrap_or_default();
    let last = told.len().saturating_sub(1);
    let all = told.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" ");
    let all_beside = is_same(&all, &beside);
    for (number, mut segment) in told.into_iter().enumerate() {
        let (_, end_ms) = span(segment.start, segment.end, duration_ms)?;
        let sure =
            segment.avg_logprob.filter(|log| log.is_finite()).map_or(UNKNOWN_CONFIDENCE, |log| log.exp().min(1.0));
        let own = words(segment.words.take().unwrap_or_default(), duration_ms, sure)?;
        let own = if own.is_empty() {
            // A word belongs where most of it lies; the last segment takes what is left.
            let belongs = |word: &Word| {
                number == last || u64::from(word.start_ms) + u64::from(word.end_ms) < 2 * u64::from(end_ms)
            };
            let until = beside.iter().position(|word| !belongs(word)).unwrap_or(beside.len());
            beside.drain(..until).map(|word| sure_of(word, sure)).collect()
        } else {
            own
        };
        // By its times a short sentence may lie within the one before, which then has its words.
        if own.is_empty() && all_beside {
            continue;
        }
        let evidence = evidence(&segment);
        segments.extend(piece(&segment.text, own, evidence)?);
    }
    if segments.is_empty() {
        segments.extend(piece(&said.text, beside, None)?);
    }
    if segments.windows(2).any(|two| two[1].start_ms < two[0].start_ms) {
        return Err("its sentences are not in the order of time".to_owned());
    }
    Ok(Transcribed { id: 0, language, segments })
}

fn is_too_much(said: &Said, duration_ms: u64) -> bool {
    let seconds = usize::try_from(duration_ms / 1000).unwrap_or(usize::MAX);
    let most = |(always, a_second): (usize, usize)| a_second.saturating_mul(seconds).saturating_add(always);
    let (words, bytes) = (most(MOST_WORDS), most(MOST_BYTES));
    let segments = || said.segments.iter().flatten();
    let within = segments().flat_map(|segment| segment.words.iter().flatten());
    let all: [Vec<&str>; 4] = [
        vec![said.text.as_str()],
        said.words.iter().flatten().map(|word| word.word.as_str()).collect(),
        within.map(|word| word.word.as_str()).collect(),
        segments().map(|segment| segment.text.as_str()).collect(),
    ];
    all.iter().any(|texts| texts.len() > words || texts.iter().map(|text| text.len()).sum::<usize>() > bytes)
}

/// A segment of words that have times; `None` where nothing is said.
fn piece(text: &str, words: Vec<Word>, evidence: Option<Evidence>) -> Result<Option<Segment>, String> {
    let text = plain(text);
    // Signs by themselves, such as notes for music, are nothing that is said.
    if words.is_empty() && is_same(&text, &[]) {
        return Ok(None);
    }
    let same = is_same(&text, &words);
    let words = if same { with_signs(&text, words) } else { words };
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Err("its words have no times".to_owned());
    };
    let number = words.len() as f32;
    let (start_ms, end_ms) = (first.start_ms, last.end_ms.max(first.start_ms));
    let confidence = words.iter().map(|word| word.confidence).sum::<f32>() / number;
    // What is read is what is heard: a sentence that says something else than its words is told by them.
    let text = if same { text } else { joined(words.iter().map(|word| word.text.as_str())) };
    let no_speech_prob = evidence.map_or(0.0, |evidence| evidence.no_speech_probability);
    Ok(Some(Segment { start_ms, end_ms, text, confidence, no_speech_prob, words, evidence }))
}

fn evidence(segment: &SaidSegment) -> Option<Evidence> {
    let known = |number: Option<f32>| number.filter(|number| number.is_finite());
    Some(Evidence {
        average_log_probability: known(segment.avg_logprob)?,
        no_speech_probability: known(segment.no_speech_prob).unwrap_or(0.0).clamp(0.0, 1.0),
        compression_ratio: known(segment.compression_ratio).unwrap_or(1.0),
        temperature: known(segment.temperature).unwrap_or(0.0),
        retry: 0,
    })
}

/// Words in order, none before the one before it, each inside the stretch.
fn words(said: Vec<SaidWord>, duration_ms: u64, sure: f32) -> Result<Vec<Word>, String> {
    let mut words: Vec<Word> = Vec::with_capacity(said.len());
    let mut latest_ms = 0;
    for SaidWord { word, start, end, probability } in said {
        let (start_ms, end_ms) = span(start, end, duration_ms)?;
        let text = plain(&word);
        if text.is_empty() {
            continue;
        }
        let before = words.last().map_or(0, |word: &Word| word.end_ms);
        // Words may lie over each other; one that begins before the last one did is out of order.
        if start_ms < latest_ms {
            return Err("its words are not in the order of time".to_owned());
        }
        latest_ms = start_ms;
        let start_ms = start_ms.max(before);
        let confidence = probability.filter(|sure| sure.is_finite()).map_or(sure, |sure| sure.clamp(0.0, 1.0));
        words.push(Word { start_ms, end_ms: end_ms.max(start_ms), text, confidence });
    }
    Ok(words)
}

fn sure_of(word: Word, sure: f32) -> Word {
    Word { confidence: sure, ..word }
}

/// Milliseconds of two times in seconds, inside the stretch.
fn span(start: f64, end: f64, duration_ms: u64) -> Result<(u32, u32), String> {
    let most = duration_ms as f64;
    let sensible = start.is_finite() && end.is_finite() && start >= 0.0 && end >= start;
    if !sensible || end * 1000.0 > most + BEYOND_MS {
        return Err(format!("a time from {start} to {end} s in {} s of sound", most / 1000.0));
    }
    let ms = |seconds: f64| (seconds * 1000.0).round().min(most) as u32;
    Ok((ms(start), ms(end)))
}

/// The code of a language, however it is written.
fn code(said: &str) -> Option<String> {
    let said = said.trim().to_lowercase();
    if said.len() == 2 && said.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(said);
    }
    LANGUAGES.iter().find(|(name, _)| *name == said).map(|(_, code)| (*code).to_owned())
}
