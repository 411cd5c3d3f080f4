//! Files as they come: each ends as done or as a plain sentence.

use super::{Bench, bench, run};
use domain::catalog::covers::{self, CoverSource, PictureOf};
use domain::catalog::edit;
use domain::production::{Step, StepStatus, parts};
use sound::{Limits, Pulse, facts, pcm, plan};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sentence that a file ends with in the probe.
async fn sentence(bench: &Bench, path: &Path) -> String {
    let id = bench.title("A file", &[path]).await;
    bench.work().await;
    let probed = bench.step(id, Step::Probe).await;
    assert_eq!(probed.status, StepStatus::Failed, "{probed:?}");
    assert!(bench.view(id).await.can_resume);
    probed.message.unwrap()
}

#[tokio::test]
async fn an_empty_file_is_called_empty() {
    let bench = bench().await;
    let path = bench.path("nothing.mp3");
    std::fs::write(&path, b"").unwrap();
    assert_eq!(sentence(&bench, &path).await, "“nothing.mp3” is empty: it holds no bytes at all.");
}

#[tokio::test]
async fn a_file_without_a_sample_is_said_to_hold_no_sound() {
    let bench = bench().await;
    let path = bench.path("short.wav");
    run(Command::new("sox").args(["-n", "-r", "16000", "-b", "16"]).arg(&path).args(["trim", "0", "0"]));
    let said = sentence(&bench, &path).await;
    assert!(said.contains("no sound") || said.contains("not audio"), "{said}");
}

#[tokio::test]
async fn what_is_not_audio_is_refused_whatever_its_name() {
    let bench = bench().await;
    let path = bench.path("letter.mp3");
    std::fs::write(&path, "Dear reader, this is a letter. ".repeat(2_000)).unwrap();
    let said = sentence(&bench, &path).await;
    assert!(said.starts_with("“letter.mp3”"), "{said}");
    assert!(
        ["not audio", "no audio", "no sound", "cannot be decoded"].iter().any(|part| said.contains(part)),
        "{said}"
    );
}

#[tokio::test]
async fn a_file_that_was_cut_off_says_how_much_is_there() {
    let bench = bench().await;
    let whole = bench.path("whole.wav");
    run(Command::new("sox").args(["-n", "-r", "16000", "-b", "16"]).arg(&whole).args(["synth", "60", "sine", "300"]));
    let bytes = std::fs::read(&whole).unwrap();
    let path = bench.path("cut.wav");
    std::fs::write(&path, &bytes[..bytes.len() / 3]).unwrap();
    let said = sentence(&bench, &path).await;
    assert!(said.contains("cut off") && said.contains("1 min 0 s") && said.contains("Upload the whole file"), "{said}");
}

#[tokio::test]
async fn a_silent_file_is_done_and_says_that_nothing_was_said() {
    let bench = bench().await;
    let path = bench.path("silence.wav");
    run(Command::new("sox").args(["-n", "-r", "16000", "-b", "16"]).arg(&path).args(["trim", "0", "30"]));
    let id = bench.title("Silence", &[&path]).await;
    bench.work().await;
    let view = bench.view(id).await;
    assert!(view.steps.iter().all(|step| step.status == StepStatus::Done), "{:#?}", view.steps);
    assert_eq!(bench.step(id, Step::Transcribe).await.message.as_deref(), Some("Nothing was said."));
    assert!(bench.step(id, Step::Describe).await.message.unwrap().starts_with("Nothing was said"));
    assert!(view.proposal.is_none());
}

/// Eight hours at 8 kHz as a WAV file, silent but for a beep every ten minutes, written as a stream.
fn eight_hours(path: &Path) {
    const RATE: u32 = 8_000;
    let seconds = 8 * 3600;
    let mut file = std::io::BufWriter::with_capacity(1 << 20, std::fs::File::create(path).unwrap());
    let bytes: u32 = seconds * RATE;
    file.write_all(b"RIFF").unwrap();
    file.write_all(&(bytes + 36).to_le_bytes()).unwrap();
    file.write_all(b"WAVEfmt \x10\0\0\0\x01\0\x01\0").unwrap();
    file.write_all(&RATE.to_le_bytes()).unwrap();
    file.write_all(&RATE.to_le_bytes()).unwrap();
    file.write_all(b"\x01\0\x08\0data").unwrap();
    file.write_all(&bytes.to_le_bytes()).unwrap();
    let silence = vec![128_u8; RATE as usize];
    let beep: Vec<u8> = (0..RATE).map(|n| if n / 10 % 2 == 0 { 228 } else { 28 }).collect();
    for second in 0..seconds {
        file.write_all(if second % 600 == 30 { &beep } else { &silence }).unwrap();
    }
    file.flush().unwrap();
}

/// The most memory that this process has ever used, in bytes (Linux).
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn eight_hours_are_read_and_cut_within_a_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (path, raw) = (folder.path().join("long.wav"), folder.path().join("long.s16"));
    eight_hours(&path);
    let before = peak_memory();
    let facts = facts::look_into(&path, "long.wav", &Limits::default(), &Pulse::default()).unwrap();
    assert_eq!(facts.duration_ms, 8 * 3_600_000);
    let decoded = pcm::to_pcm(&path, "long.wav", &raw, 16_000, facts.duration_ms, &Pulse::default()).unwrap();
    assert_eq!(std::fs::metadata(&raw).unwrap().len(), 8 * 3600 * 32_000);
    let chunks = plan::chunks(&decoded.levels, 9_600);
    assert_eq!(chunks.len(), 48, "one for each beep, none for the silence");
    assert!(chunks.iter().all(|chunk| chunk.end - chunk.start < 2_000), "{chunks:?}");
    let grown = peak_memory() - before;
    assert!(grown < 64 << 20, "{} MB for a file that decodes to 921 MB", grown >> 20);
}

#[tokio::test]
async fn joined_files_are_as_long_as_what_is_heard_of_them() {
    let bench = bench().await;
    let fixtures = super::repository().join("sound/tests/fixtures");
    let both = ["a.mp3", "stereo.mp3"].map(|name| std::fs::read(fixtures.join(name)).unwrap()).concat();
    let path = bench.path("joined.mp3");
    std::fs::write(&path, both).unwrap();
    let id = bench.title("Joined", &[&path]).await;
    bench.work().await;
    for step in [Step::Probe, Step::Prepare] {
        let view = bench.step(id, step).await;
        assert_eq!((view.status, view.coverage_permille), (StepStatus::Done, Some(1000)), "{view:?}");
        assert_eq!(view.provider.as_deref(), Some("symphonia"));
    }
    let part = parts::parts(bench.shop.db.read(), id).await.unwrap().remove(0);
    assert!((3_000..3_200).contains(&part.duration_ms), "{} ms", part.duration_ms);
}

#[tokio::test]
async fn a_file_that_asks_for_more_than_it_is_worth_is_refused_and_leaves_nothing() {
    let bench = bench().await;
    let path = bench.path("bomb.flac");
    std::fs::copy(super::repository().join("sound/tests/fixtures/bomb.flac"), &path).unwrap();
    let said = sentence(&bench, &path).await;
    assert!(said.contains("1 samples a second"), "{said}");
}

/// A recording with this picture in its tag (ID3 2.3, APIC), and its title.
fn with_picture(bench: &Bench, name: &str, picture: &[u8]) -> PathBuf {
    let frame = |id: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [id, &length, &[0, 0], body].concat()
    };
    let frames = [
        frame(b"TALB", b"\0Salt and Light"),
        frame(b"TPUB", b"\0Tide Press"),
        frame(b"TYER", b"\x002021"),
        frame(b"APIC", &[&b"\0image/jpeg\0\x03\0"[..], picture].concat()),
    ]
    .concat();
    let size = u32::try_from(frames.len()).unwrap();
    let safe = [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7f).unwrap());
    let sound =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/the-bell-at-north-rock.mp3"));
    let path = bench.path(name);
    std::fs::write(&path, [&b"ID3\x03\0\0"[..], &safe, &frames, &sound.unwrap()].concat()).unwrap();
    path
}

#[tokio::test]
async fn a_draft_without_a_cover_gets_the_one_in_its_recording() {
    let bench = bench().await;
    let picture = include_bytes!("../../../../pictures/tests/cmyk.jpg");
    let path = with_picture(&bench, "salt.mp3", picture);
    let id = bench.title("salt", &[&path]).await;
    bench.work_once().await;
    let view = covers::view(&bench.shop.db, PictureOf::Title(id)).await.unwrap();
    assert_eq!((view.source, view.in_recording), (Some(CoverSource::Embedded), false));
    let key = covers::original(&bench.shop.db, PictureOf::Title(id)).await.unwrap().unwrap();
    assert_eq!(bench.shop.storage.size(&key).await.unwrap(), picture.len() as u64);
    let form = edit::form(&bench.shop.db, id).await.unwrap();
    assert_eq!(
        (form.title.as_str(), form.publisher.as_str(), form.year.as_str()),
        ("Salt and Light", "Tide Press", "2021")
    );
}

#[tokio::test]
async fn a_recording_with_a_broken_picture_is_heard_all_the_same() {
    let bench = bench().await;
    let path = with_picture(&bench, "salt.mp3", b"\xff\xd8\xff\xe0 and nothing else");
    let id = bench.title("salt", &[&path]).await;
    bench.work_once().await;
    assert_eq!(bench.step(id, Step::Probe).await.status, StepStatus::Done);
    assert_eq!(covers::view(&bench.shop.db, PictureOf::Title(id)).await.unwrap().source, None);
}
