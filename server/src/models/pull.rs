//! Getting a model: resumed where it was cut, checked, and given its name only when it is whole.

use super::known::{KnownModel, Purpose};
use super::record::Record;
use super::verify;
use futures::StreamExt;
use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, RANGE};
use reqwest::{Client, Response, StatusCode, redirect};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt;

/// Times a cut line is taken up again without having come any further.
const PATIENCE: u32 = 5;
/// How long the hub may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// A file whose size nobody states may have so many times what its publisher rounds it to.
const AT_MOST: u64 = 2;
/// Whom the hub's checksum is ascribed to.
const HUB: &str = "the hub's X-Linked-ETag";

#[derive(Debug, thiserror::Error)]
pub enum PullError {
    #[error("{url} could not be reached: {reason}. Is this machine connected to the internet?")]
    Unreachable { url: String, reason: String },
    #[error("{url} answered {status}")]
    Refused { url: String, status: StatusCode },
    #[error("the file that came is not {name}: {reason}. It was removed; try again.")]
    WrongFile { name: String, reason: String },
    #[error("the model could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// What is known of a file before it is pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stated {
    /// As the hub says.
    size: Option<u64>,
    /// In hexadecimal, when the hub states one.
    sha256: Option<String>,
    /// In bytes. What goes on beyond it would fill the disk.
    most: u64,
}

/// Pulls a known model from `hub` into a folder; `progress` hears of (bytes here, bytes in all).
///
/// # Errors
/// Each is a sentence for the operator.
pub async fn pull(
    model: &KnownModel,
    hub: &str,
    dir: &Path,
    mut progress: impl FnMut(u64, Option<u64>),
) -> Result<PathBuf, PullError> {
    let url = format!("{}/{}/resolve/main/{}", hub.trim_end_matches('/'), model.repository, model.file);
    tokio::fs::create_dir_all(dir).await?;
    let target = dir.join(model.file);
    let partial = dir.join(format!("{}.partial", model.file));
    let stated = ask(&url, model).await?;
    receive(&url, &partial, &stated, &mut progress).await?;
    check(model, &url, &partial, &stated, &target).await?;
    tokio::fs::rename(&partial, &target).await?;
    Ok(target)
}

fn client(redirects: redirect::Policy) -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(redirects)
        .connect_timeout(Duration::from_secs(15))
        .read_timeout(SILENCE)
        .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Asks for size and checksum. The hub states them in its own answer, before it sends one on to where the file lies: so
/// this does not follow.
async fn ask(url: &str, model: &KnownModel) -> Result<Stated, PullError> {
    let unreachable = |error: reqwest::Error| PullError::Unreachable { url: url.to_owned(), reason: why(&error) };
    let client = client(redirect::Policy::none()).map_err(unreachable)?;
    let response = client.head(url).send().await.map_err(unreachable)?;
    let status = response.status();
    if !(status.is_success() || status.is_redirection()) {
        return Err(PullError::Refused { url: url.to_owned(), status });
    }
    Ok(stated(response.headers(), model))
}

fn stated(headers: &HeaderMap, model: &KnownModel) -> Stated {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // For a large file the tag is its SHA-256; for a small one something else, which proves nothing.
    let is_sha256 = |tag: &&str| tag.len() == 64 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    let size: Option<u64> = text("x-linked-size").and_then(|size| size.parse().ok());
    Stated {
        size,
        most: size.unwrap_or(model.about_bytes.saturating_mul(AT_MOST)),
        sha256: text("x-linked-etag").map(|tag| tag.trim_matches('"')).filter(is_sha256).map(str::to_lowercase),
    }
}

/// Receives until all is there; a line that is cut is taken up again.
async fn receive(
    url: &str,
    partial: &Path,
    stated: &Stated,
    progress: &mut impl FnMut(u64, Option<u64>),
) -> Result<(), PullError> {
    let unreachable = |reason: String| PullError::Unreachable { url: url.to_owned(), reason };
    let client = client(redirect::Policy::limited(10)).map_err(|error| unreachable(why(&error)))?;
    let (mut in_vain, mut farthest) = (0, 0);
    let mut tag: Option<String> = None;
    loop {
        let here = tokio::fs::metadata(partial).await.map_or(0, |file| file.len());
        if stated.size.is_some_and(|size| here == size) {
            progress(here, stated.size);
            return Ok(());
        }
        // More than there should be: what lies there is of another file.
        let here = if stated.size.is_some_and(|size| here > size) { 0 } else { here };
        // Where every answer starts from the beginning, one that is cut where the last one was leads nowhere.
        if here > farthest {
            (in_vain, farthest) = (0, here);
        }
        let mut request = client.get(url);
        if here > 0 {
            request = request.header(RANGE, format!("bytes={here}-"));
        }
        let reason = match request.send().await {
            Ok(response) => match take(response, url, partial, here, stated, &mut tag, progress).await? {
                Taken::All => return Ok(()),
                Taken::Cut(reason) => reason,
            },
            Err(error) => why(&error),
        };
        in_vain += 1;
        if in_vain > PATIENCE {
            return Err(unreachable(reason));
        }
        tokio::time::sleep(Duration::from_millis(200 * u64::from(in_vain))).await;
    }
}

enum Taken {
    All,
    /// The line was cut, perhaps before anything came.
    Cut(String),
}

async fn take(
    response: Response,
    url: &str,
    partial: &Path,
    here: u64,
    stated: &Stated,
    tag: &mut Option<String>,
    progress: &mut impl FnMut(u64, Option<u64>),
) -> Result<Taken, PullError> {
    let status = response.status();
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        // What lies there does not fit what the server has: from the start.
        tokio::fs::remove_file(partial).await?;
        return Ok(Taken::Cut("the server refused to go on where the file was cut".into()));
    }
    if !status.is_success() {
        let error = PullError::Refused { url: url.to_owned(), status };
        return if status.is_server_error() { Ok(Taken::Cut(error.to_string())) } else { Err(error) };
    }
    let new_tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let changed = tag.is_some() && new_tag.is_some() && *tag != new_tag;
    *tag = new_tag.or(tag.take());
    let goes_on = status == StatusCode::PARTIAL_CONTENT && starts_at(response.headers()) == Some(here) && !changed;
    if status == StatusCode::PARTIAL_CONTENT && !goes_on {
        tokio::fs::remove_file(partial).await?;
        return Ok(Taken::Cut("the file changed on the server".into()));
    }
    // A server that ignores the range sends everything: what was there is written over.
    let start = if goes_on { here } else { 0 };
    let total = stated.size.or_else(|| response.content_length().map(|length| start + length));
    let mut file = OpenOptions::new().create(true).write(true).truncate(!goes_on).append(false).open(partial).await?;
    tokio::io::AsyncSeekExt::seek(&mut file, std::io::SeekFrom::Start(start)).await?;
    let mut at = start;
    let mut stream = response.bytes_stream();
    let cut = loop {
        match stream.next().await {
            Some(Ok(bytes)) => {
                file.write_all(&bytes).await?;
                at += bytes.len() as u64;
                progress(at, total);
                // The check says that it is none; what else would come is not waited for.
                if at > stated.most {
                    break None;
                }
            }
            Some(Err(error)) => break Some(why(&error)),
            None => break total.filter(|total| at < *total).map(|_| "the line was cut".to_owned()),
        }
    };
    file.sync_all().await?;
    Ok(cut.map_or(Taken::All, Taken::Cut))
}

/// The first byte of a partial answer.
fn starts_at(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

async fn check(model: &KnownModel, url: &str, partial: &Path, stated: &Stated, target: &Path) -> Result<(), PullError> {
    let path = partial.to_owned();
    let looked = move || Ok::<_, std::io::Error>((verify::sums(&path)?, verify::is_gguf(&path)?));
    let (sums, is_gguf) = tokio::task::spawn_blocking(looked).await.map_err(std::io::Error::other)??;
    let reason = if stated.size.is_some_and(|size| size != sums.size) {
        Some(format!("it has {} bytes and should have {}", sums.size, stated.size.unwrap_or(0)))
    } else if sums.size > stated.most {
        Some(format!("it has more than {} bytes", stated.most))
    } else if model.sha1.is_some_and(|sha1| sha1 != sums.sha1) {
        Some(format!("its SHA-1 is {}", sums.sha1))
    } else if stated.sha256.as_ref().is_some_and(|sha256| *sha256 != sums.sha256) {
        Some(format!("its SHA-256 is {}", sums.sha256))
    } else if model.purpose != Purpose::Speech && !is_gguf {
        // A page that a network shows before it lets anybody out, where no checksum is stated.
        Some("it is no GGUF file".to_owned())
    } else {
        None
    };
    if let Some(reason) = reason {
        tokio::fs::remove_file(partial).await?;
        return Err(PullError::WrongFile { name: model.name.to_owned(), reason });
    }
    let source = match (&model.sha1, &stated.sha256) {
        (Some(_), _) => "whisper.cpp's models/README.md",
        (None, Some(_)) => HUB,
        (None, None) => "nobody; recorded as it came",
    };
    let record = Record { sha256: sums.sha256, source: source.into(), url: url.to_owned(), size: sums.size };
    record.write(target)?;
    Ok(())
}

/// The innermost cause of a failure: the outer ones repeat the address.
fn why(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
