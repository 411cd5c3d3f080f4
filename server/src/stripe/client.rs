//! Requests to Stripe: no redirects are followed, nothing is waited for long, and no long answer is read.

use anyhow::Context;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::Duration;
use url::form_urlencoded::Serializer;

/// How long a connection may take to come about, and a whole answer.
const CONNECTING: Duration = Duration::from_secs(5);
pub const ANSWERING: Duration = Duration::from_secs(20);
/// Longest answer that is read, in bytes; a session has some ten thousand.
const LONGEST: usize = 1024 * 1024;
/// The version of Stripe's API that this was written for; answers keep its shape.
pub const VERSION: &str = "2024-06-20";

/// Names and values of a request, in order.
pub type Fields = Vec<(String, String)>;

pub struct Client {
    http: reqwest::Client,
    api: String,
    key: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("api", &self.api).finish_non_exhaustive()
    }
}

/// Why Stripe did not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No answer, or none that says whether it was done: the same may be asked again.
    #[error("Stripe does not answer as it should: {0}")]
    Away(String),
    /// It was not done, and will not be.
    #[error("Stripe refuses: {message}")]
    Refused { code: String, message: String },
}

#[derive(Deserialize)]
struct Envelope {
    error: Said,
}

/// Stripe's error object (docs.stripe.com/api/errors).
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default, rename = "type")]
    kind: String,
    code: Option<String>,
    param: Option<String>,
    message: Option<String>,
}

impl Client {
    /// `api` is Stripe's address without a slash at the end.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(api: &str, key: &str, answering: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECTING)
            .timeout(answering)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("requests to Stripe cannot be made")?;
        Ok(Self { http, api: api.to_owned(), key: key.to_owned() })
    }

    /// # Errors
    /// When Stripe does not answer, or refuses.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Failure> {
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        self.ask(Method::GET, &format!("{path}?{query}"), None, None).await
    }

    /// Asks for something to be done; with `once` the same request is done once, and its first answer comes again.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: &Fields,
        once: Option<&str>,
    ) -> Result<T, Failure> {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(Method::POST, path, Some(form), once).await
    }

    #[tracing::instrument(name = "stripe", skip_all, fields(method = %method))]
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: Option<String>,
        once: Option<&str>,
    ) -> Result<T, Failure> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.api))
            .bearer_auth(&self.key)
            .header("stripe-version", VERSION);
        if let Some(once) = once {
            request = request.header("idempotency-key", once);
        }
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        // Its address may hold nothing secret, but is nobody's business.
        let away = |error: reqwest::Error| Failure::Away(error.without_url().to_string());
        let mut response = request.send().await.map_err(away)?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(away)? {
            if body.len() + piece.len() > LONGEST {
                return Err(Failure::Away("its answer is too long".to_owned()));
            }
            body.extend_from_slice(&piece);
        }
        if response.status() == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|error| Failure::Away(error.to_string()));
        }
        let said = serde_json::from_slice::<Envelope>(&body).map(|envelope| envelope.error).unwrap_or_default();
        Err(failure(response.status(), said))
    }
}

fn failure(status: StatusCode, said: Said) -> Failure {
    let Said { kind, code, param, message } = said;
    // Not the message: it may repeat what it was sent.
    tracing::warn!(%status, kind, code, param, "Stripe has answered with an error");
    let definite = matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED | StatusCode::NOT_FOUND);
    // Another request with the same key was different, or is under way.
    if !definite || kind.is_empty() || kind == "idempotency_error" {
        return Failure::Away(format!("{status} {kind}"));
    }
    Failure::Refused { code: code.unwrap_or_default(), message: message.unwrap_or_else(|| kind.clone()) }
}
