//! Damaged and hostile files, as many as one likes, each the same every time it is made: whatever is uploaded, it is heard or
//! refused with a reason, within its time and with little memory, and the shop's own process goes on.
//!
//! `LECTERN_HOSTILE_FILES` says how many, `LECTERN_HOSTILE_FROM` from which number on, and `LECTERN_HOSTILE_KEEP` names a folder
//! for those that a decoder broke over.

use crate::bombs::BOMBS;
use crate::damage::WAYS;
use crate::recordings::{Chance, Recording, library};
use crate::setting;
use futures::StreamExt;
use server::decoding::{Content, Decoder, DecodingError};
use server::storage::{Disk, Storage};
use sound::{AudioError, Limits};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// More than a decoder may take, and everything that is counted beside its data.
const MOST_MEMORY: u64 = 600 << 20;
/// A file is given up after this time without a sign of life.
const PATIENCE: Duration = Duration::from_secs(40);
/// Longer than that nothing may take altogether.
const LONGEST: Duration = Duration::from_secs(180);

/// A file, and what was done to it.
struct Hostile {
    number: usize,
    name: String,
    how: String,
    bytes: Vec<u8>,
}

/// The same every time for a number.
pub fn chance_of(number: usize) -> Chance {
    let seed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut chance = Chance(seed | 1);
    // The first numbers of a seed are like those of its neighbours.
    for _ in 0..8 {
        chance.next();
    }
    chance
}

fn hostile(number: usize, recordings: &[Recording]) -> Hostile {
    let mut chance = chance_of(number);
    let (mut how, name, mut bytes) = if chance.below(4) == 0 {
        let (how, make) = chance.pick(&BOMBS);
        let (name, bytes) = make(&mut chance);
        (vec![how], name.to_owned(), bytes)
    } else {
        let recording = &recordings[chance.below(recordings.len())];
        (Vec::new(), recording.name.clone(), recording.bytes.clone())
    };
    let damages = if how.is_empty() { 1 + chance.below(3) } else { chance.below(2) };
    for _ in 0..damages {
        if !bytes.is_empty() {
            let (what, damage) = chance.pick(&WAYS);
            damage(&mut chance, &mut bytes);
            how.push(what);
        }
    }
    Hostile { number, name, how: how.join(", "), bytes }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Heard,
    /// With a sentence.
    Refused,
    /// The decoder broke over it; with a sentence as well.
    Broke(String),
    /// That is the shop's fault.
    Wrong(String),
}

fn end(error: DecodingError) -> End {
    match error {
        DecodingError::Audio(AudioError::Unusable(sentence)) if sentence.ends_with('.') => End::Refused,
        DecodingError::Harmful(sentence) => End::Broke(sentence),
        error => End::Wrong(error.to_string()),
    }
}

/// What becomes of a file on its way through the shop: looked at when it arrives, looked into, decoded.
async fn through(decoder: &Decoder, storage: &Arc<dyn Storage>, folder: &Path, file: &Hostile) -> End {
    let key = format!("audio/hostile/{}.bin", file.number);
    let path = folder.join(format!("{}.bin", file.number));
    let raw = folder.join(format!("{}.s16", file.number));
    std::fs::write(&path, &file.bytes).unwrap();
    storage.put_file(&key, &path, "application/octet-stream").await.unwrap();
    let content = Content::open(storage, &key).await.unwrap();
    let limits = Limits::hours(1);
    let heard = async {
        let sniffed = decoder.kind(&content).await;
        // Whatever was thought of it at first, an older shop may have taken it.
        let facts = decoder.look_into(&path, &file.name, &limits).await?;
        decoder.to_pcm(&path, &file.name, &raw, 16_000, facts.duration_ms).await?;
        sniffed.map(|_| ())
    };
    let ended = heard.await.map_or_else(end, |()| End::Heard);
    let _ = std::fs::remove_file(&raw);
    let left = std::fs::exists(sound::wav::partial(&raw)).unwrap();
    std::fs::remove_file(&path).unwrap();
    storage.delete(&key).await.unwrap();
    if left { End::Wrong("a part of its samples was left on the disk".to_owned()) } else { ended }
}

/// Looks how much memory the children of this process take.
pub struct MemoryWatch {
    most: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    watching: JoinHandle<()>,
}

impl MemoryWatch {
    pub fn begin() -> Self {
        let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let watching = {
            let (most, over) = (most.clone(), over.clone());
            std::thread::spawn(move || watch_children(&most, &over))
        };
        Self { most, over, watching }
    }

    /// The most that one was seen to use, in bytes.
    pub fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        self.watching.join().unwrap();
        self.most.load(Ordering::Relaxed)
    }
}

/// The most memory that a child of this process was seen to use, in bytes (Linux).
fn watch_children(most: &AtomicU64, over: &AtomicBool) {
    let children = || {
        let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().filter_map(Result::ok);
        let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
        lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    while !over.load(Ordering::Relaxed) {
        for child in children() {
            let status = std::fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            most.fetch_max(kilobytes.unwrap_or(0) * 1024, Ordering::Relaxed);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_uploaded_ends_as_heard_or_with_a_reason_and_the_shop_goes_on() {
    let (files, from) = (setting("LECTERN_HOSTILE_FILES", 120), setting("LECTERN_HOSTILE_FROM", 0));
    let keep = std::env::var_os("LECTERN_HOSTILE_KEEP");
    let folder = TempDir::new().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Disk::open(&folder.path().join("storage")).await.unwrap());
    let decoder = Decoder::new(2).with_patience(PATIENCE);
    let recordings = library();
    let watch = MemoryWatch::begin();
    let began = Instant::now();
    let work = futures::stream::iter(from..from + files).map(|number| {
        let file = hostile(number, &recordings);
        let (decoder, storage, folder) = (&decoder, &storage, folder.path());
        async move {
            let began = Instant::now();
            let end = through(decoder, storage, folder, &file).await;
            (file, end, began.elapsed())
        }
    });
    let mut work = work.buffer_unordered(2);
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut slowest, mut wrong) = ((Duration::ZERO, String::new()), Vec::new());
    while let Some((file, end, took)) = work.next().await {
        let about = format!("{} {} ({})", file.number, file.name, file.how);
        let (word, said) = match &end {
            End::Heard => ("heard", None),
            End::Refused => ("refused", None),
            End::Broke(sentence) => ("the decoder broke", Some(sentence)),
            End::Wrong(what) => ("wrong", Some(what)),
        };
        *ends.entry(word).or_default() += 1;
        if let Some(said) = said {
            println!("  {about}: {word}: {said}");
            if let Some(keep) = &keep {
                let name = file.name.replace('/', "-");
                std::fs::write(Path::new(keep).join(format!("{}-{name}", file.number)), &file.bytes).unwrap();
            }
        }
        if matches!(end, End::Wrong(_)) || took > LONGEST {
            wrong.push(format!("{about}: {end:?} after {took:.1?}"));
        }
        slowest = slowest.max((took, about));
    }
    let most = watch.end();
    println!(
        "  {files} files in {:.0?}: {ends:?}; most memory {} MB; slowest {slowest:.1?}",
        began.elapsed(),
        most >> 20
    );
    assert!(wrong.is_empty(), "{} of {files}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(most < MOST_MEMORY, "a decoder took {} MB", most >> 20);
    assert!(ends.len() > 1, "{ends:?}");
}

#[test]
fn a_hostile_file_is_the_same_every_time() {
    let recordings = library();
    for number in [0, 7, 4_321] {
        let (one, other) = (hostile(number, &recordings), hostile(number, &recordings));
        assert!((one.name, one.how, one.bytes) == (other.name, other.how, other.bytes));
    }
}
