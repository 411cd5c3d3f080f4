//! Published weights on recordings of people and on voices of known words. They lie where `LECTERN_REAL_MODELS` says
//! (`ggml-base.bin`, `librivox/`, and `narrated/` with a story read by a natural voice); run by `scripts/test`, which sets it.

mod support;

use std::path::{Path, PathBuf};

use engine_protocol::{SAMPLE_RATE, Segment};
use support::book::{Heard, Hearing, hear_book};
use support::engine::Engine;
use support::errors::{heard_right, normalised, word_error_rate};
use support::speech::{save, speak};
use support::{chunk, hear};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lectern-whisper");
const STORY: &str = include_str!("stories/held-out-2.txt");

fn folder() -> PathBuf {
    std::env::var("LECTERN_REAL_MODELS").expect("LECTERN_REAL_MODELS names the folder of published models").into()
}

fn book(recording: &Path, prompt: Option<&str>) -> Heard {
    let hearing = Hearing {
        model: folder().join("ggml-base.bin"),
        threads: 0,
        language: Some("en".into()),
        prompt: prompt.map(Into::into),
    };
    hear_book(PROGRAM, recording, &hearing)
}

fn base() -> Engine {
    let mut engine = Engine::start(PROGRAM);
    engine.load(&folder().join("ggml-base.bin")).expect("the published model loads");
    engine
}

/// Segments that the shop would take without a second look: nothing in the measures speaks against them.
fn unmarked(segments: &[Segment]) -> Vec<&Segment> {
    let doubted = |segment: &&Segment| {
        segment.evidence.is_none_or(|evidence| {
            evidence.compression_ratio > 2.4
                || evidence.average_log_probability < -1.0
                || evidence.no_speech_probability > 0.6
                || evidence.temperature > 0.0
        })
    };
    segments.iter().filter(|segment| !doubted(segment)).collect()
}

#[test]
fn a_human_reader_is_written_down() {
    let (mut spoken, mut heard) = (String::new(), String::new());
    let clips = std::fs::read_dir(folder().join("librivox")).expect("clips of a human reader");
    let mut clips: Vec<PathBuf> = clips.map(|clip| clip.expect("a clip").path()).collect();
    clips.retain(|clip| clip.extension().is_some_and(|extension| extension == "wav"));
    clips.sort();
    assert!(clips.len() >= 5, "{clips:?}");
    for clip in clips {
        let words = std::fs::read_to_string(clip.with_extension("txt")).expect("the words of the clip");
        spoken.push_str(&words.replace("<s>", "").replace("</s>", ""));
        spoken.push(' ');
        heard.push_str(&book(&clip, None).text());
        heard.push(' ');
    }
    let errors = word_error_rate(&spoken, &heard);
    println!("{errors:.3} {heard}");
    assert!(errors <= 0.12, "word error rate {errors:.3}: {heard}");
}

#[test]
fn a_natural_voice_is_written_down_with_the_names_it_says() {
    let recording = folder().join("narrated/held-out-2.wav");
    let heard = book(&recording, None).text();
    let errors = word_error_rate(STORY, &heard);
    println!("{errors:.3} {heard}");
    assert!(errors <= 0.08, "word error rate {errors:.3}: {heard}");
    // Names that the shop knows are given to the model, and never come back where they were not said.
    let named = book(&recording, Some("Zebediah Quillfeather, The Ormolu Clock of Wexcombe.")).text();
    assert!(!normalised(&named).contains(&"quillfeather".to_owned()), "{named}");
    assert!(word_error_rate(STORY, &named) <= 0.08, "{named}");
}

#[test]
fn a_word_begins_when_it_is_said() {
    // Words said one by one, so that the truth is known to the sample.
    let words: Vec<&str> = STORY.split_whitespace().take(160).collect();
    let gap = vec![0_i16; SAMPLE_RATE as usize / 25];
    let (mut samples, mut truth) = (vec![0_i16; SAMPLE_RATE as usize / 4], Vec::new());
    for word in &words {
        let said = speak(word, 160);
        let is_loud = |sample: &i16| sample.unsigned_abs() > 200;
        let (Some(first), Some(last)) = (said.iter().position(is_loud), said.iter().rposition(is_loud)) else {
            continue;
        };
        truth.push((*word, samples.len() as u64 * 1000 / u64::from(SAMPLE_RATE)));
        samples.extend(&said[first..=last]);
        samples.extend(&gap);
        if word.ends_with(['.', ',', '?', '!']) {
            samples.extend(std::iter::repeat_n(0, SAMPLE_RATE as usize * 3 / 10));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("words.wav");
    save_wav(&samples, &recording);
    let heard = book(&recording, None);
    let said: Vec<_> = heard.segments.iter().flat_map(|segment| &segment.words).collect();
    let one = |text: &str| normalised(text).concat();
    let spoken: Vec<String> = truth.iter().map(|(word, _)| one(word)).collect();
    let written: Vec<String> = said.iter().map(|word| one(&word.text)).collect();
    let right = heard_right(&spoken, &written);
    let mut lean: Vec<i64> =
        right.iter().map(|&(i, j)| i64::from(said[j].start_ms) - i64::try_from(truth[i].1).expect("a time")).collect();
    lean.sort_unstable();
    let mut off: Vec<u64> = lean.iter().map(|lean| lean.unsigned_abs()).collect();
    off.sort_unstable();
    let near = off.iter().filter(|off| **off <= 100).count();
    println!(
        "{near} of {} within 100 ms, median {} ms, worst {} ms, half of them later than {} ms",
        off.len(),
        off[off.len() / 2],
        off[off.len() - 1],
        lean[lean.len() / 2]
    );
    assert!(
        off.len() * 10 >= truth.len() * 7,
        "only {} of {} words were heard: {}",
        off.len(),
        truth.len(),
        heard.text()
    );
    assert!(near * 100 >= off.len() * 90, "{near} of {} words begin within 100 ms", off.len());
}

#[test]
fn what_is_no_speech_gives_no_text_that_nobody_questions() {
    let second = SAMPLE_RATE as usize;
    let wave = |at: usize, hertz: f64| (at as f64 / f64::from(SAMPLE_RATE) * hertz * std::f64::consts::TAU).sin();
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(seed >> 16) / 32_768.0 - 1.0
    };
    let chord = [261.6, 329.6, 392.0, 523.3];
    let sounds: [(&str, Vec<f64>); 4] = [
        ("silence", vec![0.0; second * 25]),
        ("noise", (0..second * 25).map(|_| noise() * 0.2).collect()),
        ("a tone", (0..second * 25).map(|at| wave(at, 440.0) * 0.3).collect()),
        (
            "music",
            (0..second * 25).map(|at| wave(at, chord[at * 2 / second % 4]) * 0.2 + wave(at, 130.8) * 0.1).collect(),
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("sound.pcm");
    let mut engine = base();
    for (name, sound) in sounds {
        let samples: Vec<i16> = sound.iter().map(|sample| (sample * 32_767.0) as i16).collect();
        save(&samples, &pcm);
        let heard = hear(&mut engine, &chunk(&pcm, 0, samples.len() as u64));
        println!("{name}: {heard:?}");
        assert_eq!(unmarked(&heard), Vec::<&Segment>::new(), "{name}");
    }
}

#[test]
fn one_sentence_many_times_is_called_a_loop() {
    let said = speak("The lamp was lit again.", 170);
    let samples: Vec<i16> = std::iter::repeat_n(said, 100).flatten().take(SAMPLE_RATE as usize * 28).collect();
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("loop.pcm");
    save(&samples, &pcm);
    let heard = hear(&mut base(), &chunk(&pcm, 0, samples.len() as u64));
    println!("{heard:?}");
    assert!(!heard.is_empty());
    assert_eq!(unmarked(&heard), Vec::<&Segment>::new());
}

#[test]
fn no_chunk_is_too_short_for_a_published_model() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("short.pcm");
    save(&speak("The sea was quiet.", 160), &pcm);
    let mut engine = base();
    for count in [1, 159, 800, 1_599, 2_200, 3_000, 8_000] {
        for segment in hear(&mut engine, &chunk(&pcm, 4_000, count)) {
            assert!(u64::from(segment.end_ms) <= count / 16, "{segment:?} is longer than its chunk");
        }
    }
}

/// A WAV file of 16-bit samples.
fn save_wav(samples: &[i16], path: &Path) {
    let bytes = u32::try_from(samples.len() * 2).expect("a short recording");
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(SAMPLE_RATE.to_le_bytes());
    file.extend((SAMPLE_RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(path, file).expect("the folder can be written");
}
