//! Looking whether Redis is there.

use super::{CONNECTING, Inner, Redis};
use redis::aio::MultiplexedConnection;
use redis::{RedisError, RedisResult};
use std::sync::Weak;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How long it is left alone after it went away, and between two looks.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// The first look, so that a wrong password is said when the shop opens and not with the first visitor.
pub(super) async fn look_for(redis: Redis) {
    match looked(&redis.0, redis.0.connection().await, CONNECTING).await {
        Ok(_) => tracing::info!("Redis answers"),
        Err(error) => redis.lose(&error),
    }
}

/// Looks again and again, with a connection of its own that becomes everybody's; ends with the last handle.
pub(super) async fn until_back(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(LEFT_ALONE).await;
        let Some(inner) = inner.upgrade() else { return };
        // One that is too slow for whoever asks would be away again with the first of them, and back, and away.
        if let Ok(connection) = looked(&inner, inner.connect().await, inner.answering.min(CONNECTING)).await {
            *inner.connection.lock().await = Some(connection);
            inner.forbidden.forget();
            inner.up.store(true, Relaxed);
            tracing::info!("Redis is back");
            return;
        }
    }
}

/// A connection that something can be written by, in so long: a Redis that only reads, or has no room, is of no use.
pub(super) async fn looked(
    inner: &Inner,
    connection: RedisResult<MultiplexedConnection>,
    time: Duration,
) -> RedisResult<MultiplexedConnection> {
    let mut connection = connection?;
    let mut write = redis::cmd("SET");
    write.arg(format!("{}alive", inner.prefix)).arg(1).arg("PX").arg(1000);
    within(time, write.exec_async(&mut connection)).await?;
    Ok(connection)
}

/// Where nobody waits for it, what is asked may take a little longer.
pub(super) async fn in_time<T>(asked: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    within(CONNECTING, asked).await
}

async fn within<T>(time: Duration, asked: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    let late = |_| RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut));
    tokio::time::timeout(time, asked).await.map_err(late)?
}
