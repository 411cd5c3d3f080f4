//! Requests to the provider: no redirects are followed, nothing is waited for long, and no long answer is read.

use anyhow::Context;
use futures::future::BoxFuture;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

/// How long a connection may take to come about, and a whole answer.
const CONNECTING: Duration = Duration::from_secs(5);
const ANSWERING: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes; Google's have a few thousand.
const LONGEST: usize = 256 * 1024;

#[derive(Clone, Debug)]
pub struct Client(reqwest::Client);

/// Why there is no answer that could be read.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("its address cannot be asked: {0}")]
    Address(#[from] http::uri::InvalidUri),
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("its answer is longer than {} bytes", LONGEST)]
    TooLong,
    #[error("{0}")]
    Unfit(String),
    #[error("its answer cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

impl Client {
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECTING)
            .timeout(ANSWERING)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("requests to Google cannot be made")?;
        Ok(Self(client))
    }

    /// Sends a request of the `oauth2` crate's.
    ///
    /// # Errors
    /// When no answer came, or one that is too long.
    #[tracing::instrument(name = "google", skip_all, fields(method = %request.method()))]
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, FetchError> {
        let mut response = self.0.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > LONGEST {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    /// What lies at an address, as JSON.
    ///
    /// # Errors
    /// As [`Client::send`], and when it is something else.
    pub async fn read<T: DeserializeOwned>(&self, address: &Url) -> Result<T, FetchError> {
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = address.as_str().parse()?;
        let answer = self.send(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status()));
        }
        Ok(serde_json::from_slice(answer.body())?)
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = FetchError;
    type Future = BoxFuture<'c, Result<HttpResponse, FetchError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
