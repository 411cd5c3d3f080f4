//! Stories spoken aloud, as the engine writes them down.

mod support;

use engine_protocol::{
    EngineKind, Event, ModelFacts, PROTOCOL_VERSION, PcmFormat, Request, SAMPLE_RATE, Segment, Transcribe,
};
use support::engine::{Engine, demo};
use support::errors::{heard_right, normalised, word_error_rate};
use support::speech::{chunks, save, speak};
use support::{chunk, hear, listening};

const LIGHTHOUSE: &str = include_str!("stories/held-out-1.txt");
const DETECTIVE: &str = include_str!("stories/held-out-2.txt");
const ROBOT: &str = include_str!("stories/held-out-3.txt");

/// Speaks a story, cuts it, and hears it; each segment with the start of its chunk in milliseconds.
fn told(engine: &mut Engine, story: &str, words_a_minute: u32) -> Vec<(u32, Segment)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pcm = folder.path().join("story.pcm");
    let samples = speak(story, words_a_minute);
    save(&samples, &pcm);
    let mut segments = Vec::new();
    for (start, length) in chunks(&samples) {
        let heard = hear(engine, &chunk(&pcm, start as u64, length as u64));
        let start_ms = (start as u64 * 1000 / u64::from(SAMPLE_RATE)) as u32;
        segments.extend(heard.into_iter().map(|segment| (start_ms, segment)));
    }
    segments
}

fn text(segments: &[(u32, Segment)]) -> String {
    segments.iter().map(|(_, segment)| segment.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn stories_are_written_down_as_they_are_told() {
    let mut engine = listening();
    let rare: [(&str, &[&str]); 3] = [
        (LIGHTHOUSE, &["keeper", "lighthouse", "captain", "rope", "tower"]),
        (DETECTIVE, &["detective", "clara", "clock", "henry"]),
        (ROBOT, &["robot", "battery", "oxygen", "rocket", "orbit"]),
    ];
    for (story, rare) in rare {
        let heard = text(&told(&mut engine, story, 160));
        let errors = word_error_rate(story, &heard);
        println!("{errors:.3}  {heard}");
        assert!(errors <= 0.15, "word error rate {errors:.3}: {heard}");
        let heard = normalised(&heard);
        for word in rare {
            assert!(heard.iter().any(|heard| heard == word), "{word:?} was not heard in {heard:?}");
        }
    }
}

#[test]
fn a_slow_and_a_quick_reader_are_understood_alike() {
    let mut engine = listening();
    for words_a_minute in [140, 170] {
        let heard = text(&told(&mut engine, LIGHTHOUSE, words_a_minute));
        let errors = word_error_rate(LIGHTHOUSE, &heard);
        println!("{words_a_minute}: {errors:.3}");
        assert!(errors <= 0.15, "word error rate {errors:.3} at {words_a_minute} words a minute: {heard}");
    }
}

#[test]
fn every_word_has_its_own_time_and_certainty() {
    let segments = told(&mut listening(), LIGHTHOUSE, 160);
    assert!(segments.len() > 5, "a story has sentences");
    let mut last_end = 0;
    for (chunk_ms, segment) in &segments {
        assert!(segment.start_ms < segment.end_ms, "{segment:?}");
        assert!((0.0..=1.0).contains(&segment.confidence) && (0.0..=1.0).contains(&segment.no_speech_prob));
        let words: Vec<_> = segment.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words.join(" "), segment.text);
        for word in &segment.words {
            assert!(word.start_ms >= segment.start_ms && word.end_ms <= segment.end_ms, "{word:?} in {segment:?}");
            assert!(word.end_ms > word.start_ms, "{word:?} takes time");
            assert!((0.0..=1.0).contains(&word.confidence));
            assert!(chunk_ms + word.start_ms >= last_end, "{word:?} begins before the word before it ends");
            last_end = chunk_ms + word.end_ms;
        }
    }
}

#[test]
fn silence_and_a_click_are_not_made_into_words() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("silence.pcm");
    let mut samples = vec![0_i16; 5 * SAMPLE_RATE as usize];
    save(&samples, &pcm);
    let mut engine = listening();
    let count = samples.len() as u64;
    assert_eq!(hear(&mut engine, &chunk(&pcm, 0, count)), []);
    samples[40_000..40_020].fill(20_000);
    save(&samples, &pcm);
    assert_eq!(hear(&mut engine, &chunk(&pcm, 0, count)), []);
}

#[test]
fn a_chunk_of_a_few_samples_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("short.pcm");
    let samples = speak("The sea was quiet.", 160);
    save(&samples, &pcm);
    let mut engine = listening();
    for count in [1, 159, 800, 1_599, 3_000] {
        for segment in hear(&mut engine, &chunk(&pcm, 4_000, count)) {
            assert!(u64::from(segment.end_ms) <= count / 16, "{segment:?} is longer than its chunk");
        }
    }
    let heard = hear(&mut engine, &chunk(&pcm, 0, samples.len() as u64));
    assert!(heard[0].text.to_lowercase().contains("sea"), "{heard:?}");
}

#[test]
fn floats_are_heard_like_integers() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("floats.pcm");
    let samples = speak("The keeper set the lamp to burn.", 160);
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| (f32::from(*sample) / 32_768.0).to_le_bytes()).collect();
    std::fs::write(&pcm, bytes).unwrap();
    let heard = listening().ask(&Request::Transcribe(Transcribe {
        id: 2,
        pcm_path: pcm,
        pcm_format: PcmFormat::F32le,
        offset_samples: 0,
        sample_count: samples.len() as u64,
        language: Some("en".into()),
        prompt: None,
        retry: 0,
    }));
    let Event::Transcribed(heard) = heard else { panic!("{heard:?}") };
    assert_eq!(heard.language.as_deref(), Some("en"));
    assert!(heard.segments[0].text.contains("lamp"), "{heard:?}");
}

#[test]
fn the_engine_says_who_it_is_and_what_it_loaded() {
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    assert_eq!((engine.hello.engine, engine.hello.protocol), (EngineKind::Whisper, PROTOCOL_VERSION));
    let Ok(ModelFacts::Speech(model)) = engine.load(&demo("demo-asr.bin")) else { panic!("not a speech model") };
    assert_eq!((model.audio_context, model.window_ms, model.multilingual), (500, 10_000, false));
    assert_eq!(model.size, "custom");
    assert!(engine.close().success(), "the end of the input is no error");
    assert!(Engine::start(env!("CARGO_BIN_EXE_lectern-whisper")).shut_down().success());
}

#[test]
fn the_word_that_is_lit_is_the_word_that_is_spoken() {
    let sentences =
        ["The keeper pulled the rope.", "Far away, a bell began to ring.", "I only kept the light, she said."];
    let gap = vec![0_i16; SAMPLE_RATE as usize * 4 / 10];
    let (mut samples, mut starts, mut ends) = (gap.clone(), Vec::new(), Vec::new());
    let milliseconds = |samples: &[i16]| (samples.len() as u64 * 1000 / u64::from(SAMPLE_RATE)) as u32;
    for sentence in sentences {
        let spoken = speak(sentence, 160);
        let is_loud = |sample: &i16| sample.unsigned_abs() > 300;
        let first = spoken.iter().position(is_loud).unwrap();
        let last = spoken.iter().rposition(is_loud).unwrap();
        starts.push(milliseconds(&samples));
        samples.extend(&spoken[first..=last]);
        ends.push(milliseconds(&samples));
        samples.extend(&gap);
    }
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("sentences.pcm");
    save(&samples, &pcm);
    let segments = hear(&mut listening(), &chunk(&pcm, 0, samples.len() as u64));
    let words: Vec<_> = segments.iter().flat_map(|segment| &segment.words).collect();
    let time_of = |wanted: &str| {
        let word = words.iter().find(|word| normalised(&word.text) == [wanted]);
        word.unwrap_or_else(|| panic!("{wanted:?} was not heard: {words:?}"))
    };
    // "the" opens the first sentence and is found first.
    for (first, last, sentence) in [("the", "rope", 0), ("far", "ring", 1), ("i", "said", 2)] {
        let (start, end) = (time_of(first).start_ms, time_of(last).end_ms);
        assert!(start.abs_diff(starts[sentence]) <= 120, "{first:?} at {start}, said at {}", starts[sentence]);
        assert!(end.abs_diff(ends[sentence]) <= 120, "{last:?} ends at {end}, in truth at {}", ends[sentence]);
    }
}

#[test]
fn a_word_misheard_shifts_no_other() {
    let right = |spoken: &str, heard: &str| heard_right(&normalised(spoken), &normalised(heard));
    assert_eq!(right("the lamp and the bell", "a lamp and the bell"), [(1, 1), (2, 2), (3, 3), (4, 4)]);
    assert_eq!(right("far away the bell", "far the bell"), [(0, 0), (2, 1), (3, 2)]);
    assert_eq!(right("the bell", "so then the bell"), [(0, 2), (1, 3)]);
    assert_eq!(right("", "the bell"), []);
}
