//! Whether the models that would be used are there, are what their publishers stated, and begin as their engines expect.

use super::Finding;
use crate::Config;
use crate::models::known::{self, Purpose};
use crate::models::verify::{Verdict, verify_while};
use crate::models::{Chosen, Models};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

const OF: &str = "models";
/// How long checksums may take; large models take longer.
pub const LIMIT: Duration = Duration::from_secs(60);
/// What files begin with that whisper.cpp reads: `ggml` as a number of 32 bits, little-endian.
const GGML: [u8; 4] = 0x6767_6d6c_u32.to_le_bytes();
/// And those that llama.cpp reads (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>): a version follows.
const GGUF: [u8; 4] = *b"GGUF";
const GGUF_VERSIONS: std::ops::RangeInclusive<u32> = 2..=3;

pub async fn examine(config: &Config) -> Vec<Finding> {
    if !config.worker.enabled {
        return vec![Finding::good(OF, "None is needed: this server has no worker.")];
    }
    let models = Models::new(config);
    let until = Instant::now() + LIMIT;
    let look = move || Purpose::ALL.map(|purpose| of_purpose(&models, purpose, until));
    match tokio::task::spawn_blocking(look).await {
        Ok(found) => found.into(),
        Err(error) => vec![Finding::wrong(OF, format!("They could not be looked at: {error}."), String::new())],
    }
}

fn of_purpose(models: &Models, purpose: Purpose, until: Instant) -> Finding {
    let Some(chosen) = models.choose(purpose) else {
        let missing = models.missing(purpose);
        return match (purpose, models.wanted(purpose).is_empty()) {
            (Purpose::Embedding, false) => Finding::wrong(
                OF,
                missing,
                "Until then what a description claims is compared with the book by its words only.",
            ),
            (_, false) => Finding::wrong(OF, missing, "What needs it waits until then."),
            (Purpose::Speech, true) => Finding::doubtful(OF, missing, "Nothing is transcribed until then."),
            (Purpose::Writing, true) => {
                Finding::doubtful(OF, missing, "Until then descriptions are put together from sentences of the book.")
            }
            (Purpose::Embedding, true) => Finding::good(
                OF,
                "What a description claims is compared with the book by its words only: no embedding model is here.",
            ),
        };
    };
    let words = |said: &str| format!("{} ({}): {said}.", chosen.name, purpose.name());
    let again = || format!("Remove {} and get it again with `lectern models pull`.", chosen.path.display());
    match begins_well(&chosen.path, purpose) {
        Ok(true) => {}
        Ok(false) => return Finding::wrong(OF, words("its file is no model of that kind"), again()),
        Err(error) => {
            return Finding::wrong(OF, words(&format!("it cannot be read: {error}")), "Check the rights of its file.");
        }
    }
    let known = known::KNOWN.iter().find(|model| chosen.path == models.dir.join(model.file));
    match verify_while(&chosen.path, known, || Instant::now() < until) {
        Ok(Verdict::Good(source)) => Finding::good(OF, words(&format!("it is what {source} states"))),
        Ok(Verdict::Wrong(reason)) => Finding::wrong(OF, words(&reason), again()),
        Ok(Verdict::Unknown) => unstated(&chosen, purpose),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Finding::doubtful(
            OF,
            words(&format!("its checksum takes longer than {} s", LIMIT.as_secs())),
            "`lectern models verify` takes its time.",
        ),
        Err(error) => Finding::wrong(OF, words(&format!("it cannot be read: {error}")), "Check the disk."),
    }
}

/// One that nobody stated a checksum for.
fn unstated(chosen: &Chosen, purpose: Purpose) -> Finding {
    let words = format!("{} ({}): nobody stated a checksum for it.", chosen.name, purpose.name());
    if let Some(example) = crate::models::example(purpose).filter(|_| chosen.demonstration) {
        let advice =
            format!("It is a demonstration: before you sell, get a real one with `lectern models pull {example}`.");
        Finding::doubtful(OF, words, advice)
    } else {
        Finding::good(OF, words)
    }
}

/// Whether a file begins as those do that the engine reads.
fn begins_well(path: &Path, purpose: Purpose) -> io::Result<bool> {
    let mut head = [0; 8];
    match File::open(path)?.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        outcome => outcome?,
    }
    let [a, b, c, d, rest @ ..] = head;
    Ok(match purpose {
        Purpose::Speech => [a, b, c, d] == GGML,
        Purpose::Writing | Purpose::Embedding => {
            [a, b, c, d] == GGUF && GGUF_VERSIONS.contains(&u32::from_le_bytes(rest))
        }
    })
}
