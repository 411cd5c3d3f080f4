//! Two hundred odd and hostile recordings, made from a seed: each is heard to its last tone and is as long as it is, or is
//! refused with a sentence.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

mod recordings;

use recordings::{Recording, Right, library};
use sound::{AudioError, Limits, Pulse, facts, pcm};
use std::path::Path;

/// Every tone that occurs in a recording, in hertz.
const TONES: [f32; 4] = [330.0, 440.0, 1500.0, 2000.0];
const RATE: u32 = 16_000;

/// What is wrong with how a recording is heard; nothing when all is right.
fn wrong(recording: &Recording, folder: &Path) -> Option<String> {
    let path = folder.join(&recording.name);
    std::fs::write(&path, &recording.bytes).unwrap();
    let raw = folder.join("raw.s16");
    let heard = facts::look_into(&path, &recording.name, &Limits::default(), &Pulse::default()).and_then(|facts| {
        let decoded = pcm::to_pcm(&path, &recording.name, &raw, RATE, facts.duration_ms, &Pulse::default())?;
        Ok((facts.duration_ms, decoded.duration_ms))
    });
    let wrong = match (&recording.right, heard) {
        (Right::Refused(says), Err(AudioError::Unusable(sentence))) => {
            let good = sentence.contains(says) && sentence.contains(&recording.name) && sentence.ends_with('.');
            (!good).then_some(sentence)
        }
        (Right::BySecond { .. }, Err(AudioError::Unusable(sentence))) if !sound::second::is_there() => {
            (!sentence.contains("install the program ffmpeg")).then_some(sentence)
        }
        (Right::Heard { ms, within, last } | Right::BySecond { ms, within, last }, Ok((counted, decoded))) => {
            let off = (counted - ms).abs().max((decoded - ms).abs());
            let tone = last_tone(&std::fs::read(&raw).unwrap());
            let bad = off > *within || tone != Some(*last);
            bad.then(|| {
                format!("{counted} ms counted, {decoded} ms decoded, {tone:?} Hz last; right are {ms} and {last}")
            })
        }
        (_, Ok((_, decoded))) => Some(format!("heard for {decoded} ms")),
        (_, Err(error)) => Some(format!("refused: {error}")),
    };
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let partial = left.iter().any(|name| name.to_string_lossy().ends_with(".partial"));
    std::fs::remove_file(&path).unwrap();
    wrong.or_else(|| partial.then(|| "a part of its samples was left on the disk".to_owned()))
}

/// The tone before the last silence.
fn last_tone(raw: &[u8]) -> Option<f32> {
    let samples: Vec<f32> = raw.chunks_exact(2).map(|two| f32::from(i16::from_le_bytes([two[0], two[1]]))).collect();
    let end = samples.iter().rposition(|sample| sample.abs() > 1_500.0)?.saturating_sub(640);
    let window = &samples[end.saturating_sub(2_000)..end];
    let power = |tone: f32| {
        let (mut re, mut im) = (0.0, 0.0);
        for (at, sample) in window.iter().enumerate() {
            let turn = std::f32::consts::TAU * tone * at as f32 / RATE as f32;
            (re, im) = (re + sample * turn.cos(), im + sample * turn.sin());
        }
        re * re + im * im
    };
    let loudest = TONES.into_iter().max_by(|a, b| power(*a).total_cmp(&power(*b)))?;
    let clear = TONES.into_iter().all(|tone| tone == loudest || power(tone) * 4.0 < power(loudest));
    clear.then_some(loudest)
}

#[test]
fn every_recording_is_heard_to_its_last_tone_or_refused_with_a_sentence() {
    let library = library();
    assert!(library.len() >= 200, "{} recordings", library.len());
    let folder = tempfile::tempdir().unwrap();
    let wrong: Vec<String> = library
        .iter()
        .filter_map(|recording| wrong(recording, folder.path()).map(|what| format!("{}: {what}", recording.name)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), library.len(), wrong.join("\n"));
}

#[test]
fn the_library_is_the_same_every_time() {
    let bytes = |library: Vec<Recording>| library.into_iter().map(|one| (one.name, one.bytes)).collect::<Vec<_>>();
    assert!(bytes(library()) == bytes(library()));
}
