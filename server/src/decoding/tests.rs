//! Decoders that are missing, dying, hanging or talking; and the true one.

use super::{Decoder, DecodingError, process};
use sound::apart::MOST_MEMORY;
use sound::{AudioError, Limits};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than anything here takes, on a machine under load.
const LONG: Duration = Duration::from_secs(60);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../sound/tests/fixtures").join(name)
}

/// A decoder that is a shell script; it is given its task and does something else.
fn script(folder: &TempDir, body: &str, patience: Duration) -> Decoder {
    let path = folder.path().join("decoder.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Decoder::new(1).with_program(path).with_patience(patience)
}

async fn look(decoder: &Decoder) -> Result<sound::facts::Facts, DecodingError> {
    decoder.look_into(&fixture("a.mp3"), "a.mp3", &Limits::default()).await
}

async fn said(body: &str) -> DecodingError {
    let folder = TempDir::new().unwrap();
    look(&script(&folder, body, LONG)).await.unwrap_err()
}

#[tokio::test]
async fn a_recording_is_looked_into_and_decoded_by_a_process_of_its_own() {
    let folder = TempDir::new().unwrap();
    let decoder = Decoder::new(1);
    let facts = look(&decoder).await.unwrap();
    assert_eq!((facts.codec.as_str(), facts.provider.as_str()), ("mp3", "symphonia"));
    assert!((1_490..=1_510).contains(&facts.duration_ms), "{} ms", facts.duration_ms);
    let (raw, wav) = (folder.path().join("a.s16"), folder.path().join("a.wav"));
    let decoded = decoder.to_pcm(&fixture("a.mp3"), "a.mp3", &raw, 16_000, facts.duration_ms).await.unwrap();
    assert_eq!(decoded.levels.len() as i64, (decoded.duration_ms + 9) / 10);
    assert!(decoded.levels.iter().any(|level| *level > 40), "it is heard");
    assert_eq!(std::fs::metadata(&raw).unwrap().len(), (decoded.duration_ms * 32) as u64);
    assert_eq!(decoder.excerpt(&fixture("a.mp3"), "a.mp3", 500..1_000, &wav).await.unwrap(), 500);
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_passed_on_as_it_was_said() {
    let decoder = Decoder::new(1);
    let refused = decoder.look_into(&fixture("bomb.flac"), "bomb.flac", &Limits::default()).await.unwrap_err();
    let DecodingError::Audio(AudioError::Unusable(sentence)) = refused else { panic!("{refused:?}") };
    assert!(sentence.contains("1 samples a second"), "{sentence}");
}

#[tokio::test]
async fn a_file_that_ends_the_decoder_is_told_from_a_decoder_that_was_ended() {
    for (body, harmful, says) in [
        ("kill -SEGV $$", true, "made the decoder break off"),
        ("exit 101", true, "made the decoder break off"),
        ("echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$", true, "more than 512 MB of memory"),
        ("printf 'a\\000\\000\\000\\001x'; sleep 600", true, "says more of itself"),
        ("printf 'b\\377\\377\\377\\377'; sleep 600", true, "says more of itself"),
        ("printf 'd\\000\\000\\000\\001x'; exec sleep 600", true, "says more of itself"),
        ("kill -KILL $$", false, "from outside"),
    ] {
        let error = said(body).await;
        assert_eq!(matches!(error, DecodingError::Harmful(_)), harmful, "{body}: {error:?}");
        assert!(error.to_string().contains(says), "{body}: {error}");
    }
    let missing = Decoder::new(1).with_program("/nowhere/lectern".into());
    assert!(matches!(look(&missing).await, Err(DecodingError::Broken(_))));
}

#[tokio::test]
async fn a_decoder_that_does_not_get_on_is_ended_with_all_that_it_started() {
    let folder = TempDir::new().unwrap();
    let child = folder.path().join("child");
    let body = format!("sleep 600 &\necho $! >'{}'\nwait", child.display());
    let error = look(&script(&folder, &body, Duration::from_secs(2))).await.unwrap_err();
    assert!(matches!(&error, DecodingError::Harmful(says) if says.contains("kept the decoder busy")), "{error:?}");
    let id = std::fs::read_to_string(child).unwrap();
    gone(Path::new("/proc").join(id.trim()).as_path()).await;
}

/// Waits until a process is over: nothing, or what its parent has not looked at.
async fn gone(process: &Path) {
    let until = Instant::now() + LONG;
    let over = || match std::fs::read_to_string(process.join("stat")) {
        Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) => true,
    };
    while !over() {
        assert!(Instant::now() < until, "it lives on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_decoder_that_talks_without_end_fills_nothing() {
    let error = said("yes 'I am talking' >&2 & sleep 1; kill $!; exit 1").await;
    assert!(matches!(error, DecodingError::Harmful(_)), "{error:?}");
}

#[tokio::test]
async fn a_decoder_bounds_its_memory_and_ends_with_whoever_started_it() {
    let mut child =
        Command::new(process::own_program()).arg("decode").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let until = Instant::now() + LONG;
    let bounded = || {
        let limits = std::fs::read_to_string(process.join("limits")).unwrap();
        let data = limits.lines().find(|line| line.starts_with("Max data size")).unwrap().to_owned();
        data.split_whitespace().filter(|word| *word == MOST_MEMORY.to_string()).count() == 2
    };
    while !bounded() {
        assert!(Instant::now() < until, "its memory has no bound");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(child.stdin.take());
    gone(&process).await;
    assert!(!child.wait().unwrap().success());
}
