//! Hearing elsewhere: `POST /audio/transcriptions`, with words and their times.

use super::Outside;
use super::answer;
use super::ask::{Over, Question, ask};
use super::wave::wave;
use bytes::Bytes;
use domain::providers::read::Ready;
use engine_protocol::{SAMPLE_RATE, Transcribed};
use uuid::Uuid;

/// What a provider hears at once, in milliseconds: as long as every published whisper model does, so that engines and
/// providers stand in for each other from one stretch to the next.
pub const WINDOW_MS: i64 = 30_000;
/// The chance that is allowed when a stretch is heard once more, as its first reading is doubted.
const AGAIN: &str = "0.4";

/// Has a stretch heard: raw samples, 16 bits, mono, at [`SAMPLE_RATE`]. `again` says that the first answer was doubted.
///
/// # Errors
/// Why the provider is passed over.
pub async fn hear(
    outside: &Outside,
    ready: &Ready,
    samples: &[u8],
    language: Option<&str>,
    again: bool,
) -> Result<Transcribed, Over> {
    let provider = &ready.provider;
    let duration_ms = samples.len() as u64 / 2 * 1000 / u64::from(SAMPLE_RATE);
    let price = provider.prices.input.for_part(duration_ms, 60_000);
    let mut form = Form::new();
    form.text("model", &provider.model);
    form.text("response_format", "verbose_json");
    form.text("timestamp_granularities[]", "word");
    form.text("timestamp_granularities[]", "segment");
    form.text("temperature", if again { AGAIN } else { "0" });
    if let Some(language) = language {
        form.text("language", language);
    }
    form.file("file", "stretch.wav", "audio/wav", &wave(samples));
    let (content_type, body) = form.finish();
    let question = Question { operation: "/audio/transcriptions", content_type, body, price };
    ask(outside, ready, &question, |said| answer::heard(said, duration_ms).map(|heard| (heard, price))).await
}

/// A form with a file in it (RFC 7578).
struct Form {
    boundary: String,
    body: Vec<u8>,
}

impl Form {
    fn new() -> Self {
        Self { boundary: format!("lectern-{}", Uuid::now_v7().simple()), body: Vec::new() }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.head(name, "");
        self.body.extend_from_slice(value.as_bytes());
        self.body.extend_from_slice(b"\r\n");
    }

    fn file(&mut self, name: &str, file: &str, media_type: &str, content: &[u8]) {
        self.head(name, &format!("; filename=\"{file}\"\r\nContent-Type: {media_type}"));
        self.body.extend_from_slice(content);
        self.body.extend_from_slice(b"\r\n");
    }

    fn head(&mut self, name: &str, rest: &str) {
        let head = format!("--{}\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n", self.boundary);
        self.body.extend_from_slice(head.as_bytes());
    }

    fn finish(mut self) -> (String, Bytes) {
        self.body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        (format!("multipart/form-data; boundary={}", self.boundary), self.body.into())
    }
}
