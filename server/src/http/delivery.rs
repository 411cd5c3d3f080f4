//! Who sends the bytes of what is heard: the shop itself, the proxy in front of it, or the bucket. The shop says who may hear
//! what in any case.

use super::HttpError;
use super::media::{Media, attachment, missing, with_headers};
use crate::Config;
use crate::config::{SentBy, StorageKind};
use crate::storage::{Link, Storage, checked};
use anyhow::{Context, ensure};
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    LOCATION,
};
use http::{Method, StatusCode};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

const ACCEL_REDIRECT: HeaderName = HeaderName::from_static("x-accel-redirect");
const SENDFILE: HeaderName = HeaderName::from_static("x-sendfile");
/// The longest that a link into the bucket is good for, in seconds: a day. It opens what it names to whoever has it.
const LONGEST_LINK_S: u64 = 24 * 3600;

/// Who sends.
#[derive(Clone, Debug)]
pub enum Delivery {
    Shop,
    /// nginx, told a path below this one, which only it can reach.
    AccelRedirect {
        below: String,
    },
    /// Apache, lighttpd and others, told a file in this folder.
    Sendfile {
        folder: PathBuf,
    },
    /// The bucket, by a link that is good for so long.
    Link {
        good_for: Duration,
        origin: String,
    },
}

impl Delivery {
    /// As configured.
    ///
    /// # Errors
    /// When the configuration does not fit together; the sentence names the key.
    pub async fn new(config: &Config, storage: &dyn Storage) -> anyhow::Result<Self> {
        let keys = &config.storage;
        let (by, kind) = (keys.sent_by, keys.kind);
        ensure!(
            kind == StorageKind::Folder || !matches!(by, SentBy::AccelRedirect | SentBy::Sendfile),
            "storage.sent_by = {by:?} needs storage.kind = folder: a proxy sends files that it can read"
        );
        Ok(match by {
            SentBy::Shop => Self::Shop,
            SentBy::AccelRedirect => {
                let below = keys.internal_path.trim_end_matches('/');
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
                ensure!(
                    below.starts_with('/')
                        && below.chars().all(plain)
                        && !below.contains("//")
                        && !below.contains(".."),
                    "storage.internal_path is no path such as /stored"
                );
                Self::AccelRedirect { below: below.to_owned() }
            }
            SentBy::Sendfile => Self::Sendfile { folder: std::path::absolute(config.storage_path())? },
            SentBy::Link => {
                ensure!(kind == StorageKind::S3, "storage.sent_by = link needs storage.kind = s3");
                ensure!(
                    (10..=LONGEST_LINK_S).contains(&keys.link_seconds),
                    "storage.link_seconds must be 10 to {LONGEST_LINK_S}"
                );
                let good_for = Duration::from_secs(keys.link_seconds);
                // Any link tells where the bucket is; making one sends nothing.
                let any = Link { good_for, media_type: String::new(), disposition: None };
                let any = storage.link("audio/any", &any).await?.context("the storage makes no links")?;
                let origin = Url::parse(&any).context("storage.s3.public_endpoint")?.origin().ascii_serialization();
                Self::Link { good_for, origin }
            }
        })
    }

    /// Where sound comes from besides the shop, for the policy of its pages.
    pub fn origin(&self) -> Option<&str> {
        if let Self::Link { origin, .. } = self { Some(origin) } else { None }
    }

    /// The answer by which somebody else sends; none when the shop does. Which part is wanted, and whether the browser has it
    /// already, whoever sends finds out.
    ///
    /// # Errors
    /// When no stored thing can have this key, or the storage fails.
    pub async fn handed_over(
        &self,
        storage: &dyn Storage,
        method: &Method,
        media: &Media,
    ) -> Result<Option<Response>, HttpError> {
        let key = checked(&media.key).map_err(missing)?;
        let disposition = media.save_as.as_deref().map(attachment);
        let (name, value) = match self {
            Self::Shop => return Ok(None),
            Self::AccelRedirect { below } => (ACCEL_REDIRECT, HeaderValue::try_from(format!("{below}/{key}"))),
            Self::Sendfile { folder } => (SENDFILE, HeaderValue::from_bytes(folder.join(key).as_os_str().as_bytes())),
            Self::Link { .. } if *method == Method::HEAD => return size_of(media, disposition).map(Some),
            Self::Link { good_for, .. } => {
                let link = Link { good_for: *good_for, media_type: media.media_type.clone(), disposition };
                return linked(storage.link(key, &link).await.map_err(missing)?).map(Some);
            }
        };
        let value = value.map_err(HttpError::internal)?;
        let mut response = size_unsaid(media, disposition)?;
        response.headers_mut().insert(name, value);
        Ok(Some(response))
    }
}

fn size_unsaid(media: &Media, disposition: Option<String>) -> Result<Response, HttpError> {
    let headers = [
        (CONTENT_TYPE, media.media_type.clone()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        // Where whoever sends has a tag of its own, that one counts.
        (ETAG, format!("\"{}\"", media.tag)),
        (CACHE_CONTROL, media.cache.to_owned()),
    ];
    with_headers(
        StatusCode::OK.into_response(),
        headers.into_iter().chain(disposition.map(|it| (CONTENT_DISPOSITION, it))),
    )
}

/// A link is good for GET alone.
fn size_of(media: &Media, disposition: Option<String>) -> Result<Response, HttpError> {
    with_headers(size_unsaid(media, disposition)?, [(CONTENT_LENGTH, media.size.to_string())])
}

/// The link ends soon: no cache keeps where it leads.
fn linked(link: Option<String>) -> Result<Response, HttpError> {
    let link = link.ok_or_else(|| HttpError::internal("the storage makes no links"))?;
    let kept = (CACHE_CONTROL, "private, no-store".to_owned());
    with_headers(StatusCode::FOUND.into_response(), [(LOCATION, link), kept])
}
