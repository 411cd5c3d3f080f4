//! A whole recording heard as the shop hears it: decoded, cut at pauses, as many chunks at once as the engine takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine_protocol::{Event, Load, PcmFormat, Request, SAMPLE_RATE, Segment, Transcribe};
use sound::{Pulse, pcm, plan};

use super::engine::Engine;

/// How a recording is heard.
#[derive(Clone, Debug)]
pub struct Hearing {
    pub model: PathBuf,
    /// Threads of the engine; 0 leaves it the choice.
    pub threads: u32,
    pub language: Option<String>,
    pub prompt: Option<String>,
}

/// A recording as text, with what it cost.
#[derive(Debug)]
pub struct Heard {
    /// On the time of the recording.
    pub segments: Vec<Segment>,
    pub languages: Vec<Option<String>>,
    pub sound: Duration,
    pub chunks: usize,
    /// From the recording to samples and a plan of chunks, from the model's file to the engine, from the chunks to text.
    pub prepared: Duration,
    pub loaded: Duration,
    pub heard: Duration,
    /// Processor time of the engine, loading included, and its largest memory in MiB.
    pub processor: Duration,
    pub memory_mib: u64,
}

impl Heard {
    pub fn text(&self) -> String {
        self.segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Hears a recording.
pub fn hear_book(program: &str, recording: &Path, hearing: &Hearing) -> Heard {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let samples = folder.path().join("book.s16");
    let started = Instant::now();
    let name = recording.file_name().and_then(|name| name.to_str()).expect("a file name");
    let pulse = Pulse::default();
    let facts =
        sound::facts::look_into(recording, name, &sound::limits::Limits::default(), &pulse).expect("a recording");
    let decoded = pcm::to_pcm(recording, name, &samples, SAMPLE_RATE, facts.duration_ms, &pulse).expect("a recording");
    let prepared = started.elapsed();

    let started = Instant::now();
    let mut engine = Engine::start(program);
    let load =
        Load { id: 1, model_path: hearing.model.clone(), gpu: None, threads: hearing.threads, context_limit: None };
    let Event::Loaded(loaded) = engine.ask(&Request::Load(load)) else { panic!("no model: {:?}", hearing.model) };
    let engine_protocol::ModelFacts::Speech(facts) = loaded.model else { panic!("not a speech model") };
    let loaded = started.elapsed();

    let window = i64::from(facts.window_ms);
    // As in the shop's step of preparing.
    let chunks = plan::chunks(&decoded.levels, window - window * 40 / 1000);
    let in_file = std::fs::metadata(&samples).expect("samples").len() / PcmFormat::S16le.sample_bytes();
    let started = Instant::now();
    let at = |ms: i64| (u64::try_from(ms).expect("a time") * u64::from(SAMPLE_RATE) / 1000).min(in_file);
    let mut waiting = chunks.iter().enumerate();
    let (mut under_way, mut answers) = (0, BTreeMap::new());
    loop {
        // As the shop does: one waits in the engine.
        while under_way <= facts.at_once.max(1) {
            let Some((index, chunk)) = waiting.next() else { break };
            engine.send(&Request::Transcribe(Transcribe {
                id: index as u64 + 10,
                pcm_path: samples.clone(),
                pcm_format: PcmFormat::S16le,
                offset_samples: at(chunk.start),
                sample_count: at(chunk.end) - at(chunk.start),
                language: hearing.language.clone().filter(|_| facts.multilingual),
                prompt: hearing.prompt.clone(),
                retry: 0,
            }));
            under_way += 1;
        }
        if under_way == 0 {
            break;
        }
        match engine.next_answer() {
            Event::Transcribed(heard) => drop(answers.insert(heard.id, heard)),
            other => panic!("not heard: {other:?}"),
        }
        under_way -= 1;
    }
    let heard = started.elapsed();
    let (processor, memory_mib) = cost_of(engine.process_id());
    let mut segments = Vec::new();
    let mut languages = Vec::new();
    for (chunk, (_, answer)) in chunks.iter().zip(answers) {
        let from = u32::try_from(chunk.start).expect("a recording of hours");
        languages.push(answer.language);
        segments.extend(answer.segments.into_iter().map(|mut segment| {
            segment.start_ms += from;
            segment.end_ms += from;
            for word in &mut segment.words {
                word.start_ms += from;
                word.end_ms += from;
            }
            segment
        }));
    }
    Heard {
        segments,
        languages,
        sound: Duration::from_millis(in_file * 1000 / u64::from(SAMPLE_RATE)),
        chunks: chunks.len(),
        prepared,
        loaded,
        heard,
        processor,
        memory_mib,
    }
}

/// Processor time and largest memory in MiB of a running process, as Linux counts them; nothing elsewhere.
fn cost_of(process: u32) -> (Duration, u64) {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name in brackets: field 14 and 15 are the times in hundredths of a second.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = peak.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0);
    (Duration::from_millis(ticks * 10), kib / 1024)
}
