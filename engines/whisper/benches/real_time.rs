//! How fast and how well the demonstration model hears: `cargo bench --profile dev --workspace --exclude frontend`.
//!
//! For each story and speed, the word error rate and the real-time factor (seconds of work for each second of speech).

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use engine_protocol::SAMPLE_RATE;
use support::errors::word_error_rate;
use support::speech::{chunks, save, speak};
use support::{chunk, hear, listening};

const STORIES: [(&str, &str); 3] = [
    ("lighthouse", include_str!("../tests/stories/held-out-1.txt")),
    ("detective", include_str!("../tests/stories/held-out-2.txt")),
    ("robot", include_str!("../tests/stories/held-out-3.txt")),
];

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pcm = folder.path().join("story.pcm");
    let mut engine = listening();
    let (mut work, mut spoken) = (Duration::ZERO, 0.0);
    for (name, story) in STORIES {
        for words_a_minute in [140, 150, 160, 170, 180] {
            let samples = speak(story, words_a_minute);
            save(&samples, &pcm);
            let started = Instant::now();
            let mut text = String::new();
            for (start, length) in chunks(&samples) {
                for segment in hear(&mut engine, &chunk(&pcm, start as u64, length as u64)) {
                    text.push_str(&segment.text);
                    text.push(' ');
                }
            }
            work += started.elapsed();
            spoken += samples.len() as f64 / f64::from(SAMPLE_RATE);
            println!("{name:>12} at {words_a_minute}: word error rate {:.3}", word_error_rate(story, &text));
        }
    }
    println!("real-time factor {:.3} over {spoken:.0} s of speech", work.as_secs_f64() / spoken);
}
