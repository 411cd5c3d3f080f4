//! Serving over a network on which not everybody means well: whoever is slow waits for nobody's patience but their own.
//!
//! The head of a request, its body and each write have a time; there are only so many connections, and when they are all
//! taken, the one that has kept the shop waiting longest makes room for the next. A stop ends after a while whatever goes on.

mod body;
mod connections;
mod stream;
#[cfg(test)]
mod tests;

use crate::config;
use axum::Router;
use axum::body::HttpBody;
use axum::extract::ConnectInfo;
use axum::response::Response;
use body::hurried;
use bytes::Bytes;
use connections::{Activity, Connections, Place};
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use stream::PatientStream;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// After a fault such as too many open files: others close theirs meanwhile.
const AFTER_A_FAULT: Duration = Duration::from_millis(200);
/// Where bodies come as long as they go on, because whoever receives them looks to it.
const UPLOADS: &str = "/uploads/";

/// How long the shop waits for others, and for how many of them.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connections at once.
    pub connections: usize,
    /// For the head of a request, from the beginning of the connection or the end of the answer before.
    pub head: Duration,
    /// For the body of a request, until it has to come at a certain rate.
    pub body: Duration,
    /// For a client that takes nothing of what is sent to it.
    pub write: Duration,
    /// For requests under way when the shop stops.
    pub stop: Duration,
}

impl Patience {
    pub fn new(config: &config::Server) -> Self {
        let seconds = |seconds: u64| Duration::from_secs(seconds.max(1));
        Self {
            connections: config.connections.max(1),
            head: seconds(config.head_seconds),
            body: seconds(config.body_seconds),
            write: seconds(config.write_seconds),
            stop: seconds(config.stop_seconds),
        }
    }
}

/// Serves until asked to stop, and then finishes what is under way, for a while.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stop: CancellationToken) {
    let connections = Connections::new(patience.connections);
    let (tasks, end) = (TaskTracker::new(), CancellationToken::new());
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener) => accepted,
        };
        let place = tokio::select! {
            () = stop.cancelled() => break,
            place = connections.place() => place,
        };
        let (stream, peer) = accepted;
        let visit = Visit { router: router.clone(), peer, activity: place.activity(), patience: patience.body };
        tasks.spawn(attend(stream, visit, place, patience, stop.clone(), end.clone()));
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(patience.stop, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "connections that did not end are cut off");
        end.cancel();
        tasks.wait().await;
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(AFTER_A_FAULT).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}

/// Answers what comes over one connection.
async fn attend(
    stream: TcpStream,
    visit: Visit,
    place: Place,
    patience: Patience,
    stop: CancellationToken,
    end: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(PatientStream::new(stream, patience.write, visit.activity.clone()));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut connection = pin!(builder.serve_connection(io, TowerToHyperService::new(visit)));
    let mut leaving = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke off");
                }
                break;
            }
            () = stop.cancelled(), if !leaving => {
                leaving = true;
                connection.as_mut().graceful_shutdown();
            }
            () = place.made_room() => break,
            () = end.cancelled() => break,
        }
    }
}

/// Hands the requests of one connection on to the routes, with where they come from.
#[derive(Clone)]
struct Visit {
    router: Router,
    peer: SocketAddr,
    activity: Arc<Activity>,
    patience: Duration,
}

impl<B> Service<Request<B>> for Visit
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let patience = (!request.uri().path().starts_with(UPLOADS)).then_some(self.patience);
        let activity = self.activity.clone();
        let mut request = request.map(|body| hurried(body, patience, activity.clone()));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        activity.is_ours(true);
        let answer = self.router.call(request);
        Box::pin(async move {
            let answer = answer.await;
            // From here on it is the client who takes its time.
            activity.is_ours(false);
            answer
        })
    }
}
