//! The body of a request, which has to come.

use super::connections::Activity;
use axum::BoxError;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use http_body_util::BodyDataStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// Bytes a second that a body comes at, once the time for its beginning is over.
const RATE: f64 = 16.0 * 1024.0;

/// A body that fails when it does not come: all of it within a while, to which each byte that has come adds a little.
struct Hurried {
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>,
    activity: Arc<Activity>,
    /// None: it may take as long as it likes.
    deadline: Option<Pin<Box<Sleep>>>,
}

/// A body whose time begins now.
pub fn hurried<B>(body: B, patience: Option<Duration>, activity: Arc<Activity>) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if body.is_end_stream() {
        return Body::empty();
    }
    let deadline = patience.map(|patience| Box::pin(tokio::time::sleep(patience)));
    let pieces = BodyDataStream::new(body).map_err(Into::into).boxed();
    Body::from_stream(Hurried { pieces, activity, deadline })
}

impl Stream for Hurried {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.pieces.poll_next_unpin(context) {
            Poll::Ready(piece) => {
                self.activity.is_ours(true);
                let came = piece.as_ref().and_then(|piece| piece.as_ref().ok()).map_or(0, Bytes::len);
                if let Some(deadline) = &mut self.deadline {
                    #[expect(clippy::cast_precision_loss, reason = "a piece has far fewer than 2^52 bytes")]
                    let until = deadline.deadline() + Duration::from_secs_f64(came as f64 / RATE);
                    deadline.as_mut().reset(until);
                }
                Poll::Ready(piece)
            }
            Poll::Pending => {
                let late = self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready());
                self.activity.is_ours(late);
                if late { Poll::Ready(Some(Err("the body of the request did not come".into()))) } else { Poll::Pending }
            }
        }
    }
}
