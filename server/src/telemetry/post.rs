//! How spans travel: by the HTTP client that the shop has. They are sent from a thread of their own, outside of any runtime,
//! and the requests are made in the shop's.

use crate::config::Collector;
use anyhow::Context;
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use reqwest::redirect::Policy;
use std::fmt;
use std::time::Duration;
use tokio::runtime::Handle;

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(3);
/// Longest answer that is read, in bytes; a collector says a few words at most.
const LONGEST: usize = 64 * 1024;

pub struct Post {
    http: reqwest::Client,
    headers: HeaderMap,
    runtime: Handle,
}

impl Post {
    /// `sending` is how long all of a request may take.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(collector: &Collector, sending: Duration, runtime: Handle) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            // What it is sent along is for one place alone.
            .redirect(Policy::none())
            .connect_timeout(CONNECTING)
            .timeout(sending)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("requests to the collector of traces cannot be made")?;
        Ok(Self { http, headers: collector.headers.clone(), runtime })
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        request.headers_mut().extend(self.headers.clone());
        let sending = send(self.http.clone(), request);
        // A runtime that has ended drops the request, which is then over as well.
        self.runtime.spawn(sending).await?
    }
}

async fn send(http: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut answer = http.execute(request.try_into()?).await?;
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > LONGEST {
            return Err("the answer of the collector is too long".into());
        }
        body.extend_from_slice(&piece);
    }
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}
