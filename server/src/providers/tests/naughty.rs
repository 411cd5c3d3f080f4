//! A machine elsewhere that hears and writes, well or badly.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// How it answers.
#[derive(Clone, Debug)]
pub enum Manner {
    Good,
    /// It says nothing for as long as it is asked.
    Slow,
    /// This status, with words that repeat the key.
    Status(u16),
    /// Too many requests, and how many seconds to wait.
    Busy(u64),
    /// The line is cut in the middle of a good answer.
    Cut,
    /// What is no JSON.
    Broken,
    /// Whatever a test wants it to say.
    Says(Value),
    /// It talks without an end.
    Endless,
    /// Somebody else is to be asked.
    Moved,
}

/// What came: path, headers, body.
pub type Asked = (String, HeaderMap, Bytes);

#[derive(Clone)]
pub struct Naughty {
    pub address: String,
    /// What it does first, one after the other; then it does as before.
    manners: Arc<Mutex<Vec<Manner>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What it hears, whatever is said to it.
pub const HEARD: &str = "The captain of the ship saw a lighthouse in the fog.";
/// What it writes.
pub const WRITTEN: &str = "A captain sees a lighthouse in the fog.";

impl Naughty {
    pub async fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let naughty = Self { address, manners: Arc::new(Mutex::new(vec![manner])), asked: Arc::default() };
        let router = Router::new().fallback(answer).with_state(naughty.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        naughty
    }

    /// From now on it behaves like this: each manner once, and the last one from then on.
    pub fn set(&self, manners: impl IntoIterator<Item = Manner>) {
        *self.manners.lock().unwrap() = manners.into_iter().collect();
    }

    /// What came since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn manner(&self) -> Manner {
        let mut manners = self.manners.lock().unwrap();
        if manners.len() > 1 { manners.remove(0) } else { manners[0].clone() }
    }
}

async fn answer(State(naughty): State<Naughty>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers.get(header::AUTHORIZATION).map(|key| key.to_str().unwrap().replace("Bearer ", ""));
    let hears = uri.path().ends_with("/audio/transcriptions");
    naughty.asked.lock().unwrap().push((uri.path().to_owned(), headers, body));
    let good = || if hears { heard(HEARD) } else { written(WRITTEN, &["adventure"]) };
    match naughty.manner() {
        Manner::Good => good().to_string().into_response(),
        Manner::Slow => std::future::pending().await,
        Manner::Status(status) => {
            let words = json!({ "error": { "message": format!("I do not like {}.", key.unwrap_or_default()) } });
            (StatusCode::from_u16(status).unwrap(), words.to_string()).into_response()
        }
        Manner::Busy(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Manner::Cut => {
            let half = good().to_string();
            let pieces = [Ok(half[..half.len() / 2].to_owned()), Err(std::io::Error::other("the line is cut"))];
            let pieces = stream::iter(pieces).then(|piece| async {
                if piece.is_err() {
                    // What was sent before has to get through first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                piece
            });
            Body::from_stream(pieces).into_response()
        }
        Manner::Broken => "{\"text\": \"The capt".into_response(),
        Manner::Says(value) => value.to_string().into_response(),
        Manner::Endless => {
            let pieces = stream::repeat_with(|| Ok::<_, std::io::Error>(" ".repeat(100_000)));
            Body::from_stream(pieces).into_response()
        }
        Manner::Moved => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/v1/elsewhere")]).into_response(),
    }
}

/// A good answer of one who hears: each word a fifth of a second after the one before, without its signs.
pub fn heard(text: &str) -> Value {
    let word = |(number, word): (u32, &str)| {
        let start = f64::from(number) * 0.2;
        json!({ "word": word.trim_matches(['.', ',']), "start": start, "end": start + 0.15 })
    };
    let words: Vec<Value> = (0..).zip(text.split(' ')).map(word).collect();
    let end = words.len() as f64 * 0.2;
    json!({
        "task": "transcribe",
        "language": "english",
        "duration": end,
        "text": text,
        "words": words,
        "segments": [{
            "id": 0, "start": 0.0, "end": end, "text": format!(" {text}"), "temperature": 0.0,
            "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.02,
        }],
    })
}

/// A good answer of one who writes.
pub fn written(description: &str, categories: &[&str]) -> Value {
    let content = json!({ "description": description, "categories": categories }).to_string();
    json!({
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 },
    })
}
