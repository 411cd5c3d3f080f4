//! What a request says in its headers.

use super::answer::{Refusal, VERSION};
use crate::uploads::Checksum;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

/// A header's text, where it is text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The headers of a request of this protocol.
#[derive(Debug)]
pub struct Asked {
    pub content_length: Option<u64>,
    content_type: Option<String>,
    length: Option<String>,
    offset: Option<String>,
    checksum: Option<String>,
}

/// A number without sign or space, as the protocol writes them.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) { None } else { text.parse().ok() }
}

impl Asked {
    /// # Errors
    /// 412 when the client speaks another version of the protocol.
    pub fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        if text(headers, "tus-resumable") != Some(VERSION) {
            return Err(Refusal::other_version());
        }
        let owned = |name| text(headers, name).map(str::to_owned);
        Ok(Self {
            content_length: text(headers, "content-length").and_then(number),
            content_type: owned("content-type"),
            length: owned("upload-length"),
            offset: owned("upload-offset"),
            checksum: owned("upload-checksum"),
        })
    }

    /// Whether the body is bytes of the file.
    pub fn brings_bytes(&self) -> bool {
        self.content_type.as_deref() == Some("application/offset+octet-stream")
    }

    /// # Errors
    /// 400 when the size of the file is missing: it must be known from the beginning.
    pub fn length(&self) -> Result<u64, Refusal> {
        let length = self.length.as_deref().and_then(number);
        length.ok_or_else(|| Refusal::bad("Upload-Length must say how many bytes the file has."))
    }

    /// # Errors
    /// 400 when it is missing.
    pub fn offset(&self) -> Result<u64, Refusal> {
        let offset = self.offset.as_deref().and_then(number);
        offset.ok_or_else(|| Refusal::bad("Upload-Offset must say where these bytes begin."))
    }

    /// # Errors
    /// 400 for an algorithm that is not known.
    pub fn checksum(&self) -> Result<Option<Checksum>, Refusal> {
        let Some(text) = &self.checksum else { return Ok(None) };
        let (algorithm, sum) = text.split_once(' ').unwrap_or((text, ""));
        let sum = STANDARD.decode(sum.trim()).map_err(|_| Refusal::bad("Upload-Checksum is not Base64."))?;
        match Checksum::new(algorithm, sum) {
            Some(checksum) => Ok(Some(checksum)),
            None => Err(Refusal::bad("Upload-Checksum takes sha1 and sha256.")),
        }
    }
}
