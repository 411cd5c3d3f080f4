//! News between the processes of a shop, by Redis's channels: that there is work, and what else they wait for. Messages may
//! be lost; then those who wait look for themselves a little later.

use super::watch::in_time;
use super::{Inner, Redis, Use};
use async_trait::async_trait;
use domain::db::Messenger;
use futures::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{RedisResult, Value};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long those who wait may rely on it: as on PostgreSQL.
const RELIED_ON: Duration = Duration::from_secs(5);
/// How often a connection on which nothing comes is asked whether it lives, and how soon a lost one is made anew.
const ALIVE: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(1);
/// News that waits to be told. More than that is lost.
const WAITING: usize = 256;

#[derive(Debug)]
pub struct RedisMessenger {
    redis: Redis,
    /// Before what this process tells, so that it does not hear itself.
    id: String,
    out: mpsc::Sender<&'static str>,
    heard: AtomicBool,
    relied_on: Duration,
}

impl RedisMessenger {
    /// Called within a runtime, in which it tells what it is given.
    pub fn new(redis: &Redis) -> Self {
        Self::relied_on_for(redis, RELIED_ON)
    }

    /// As [`Self::new`]; those who wait look for themselves only after so long.
    pub(super) fn relied_on_for(redis: &Redis, relied_on: Duration) -> Self {
        let id = domain::secret::token();
        let (out, waiting) = mpsc::channel(WAITING);
        tokio::spawn(tell_all(redis.clone(), id.clone(), waiting));
        Self { redis: redis.clone(), id, out, heard: AtomicBool::new(false), relied_on }
    }

    /// Gives out what comes, for as long as the connection lasts.
    async fn listen(&self, heard: &(dyn Fn(String) + Send + Sync)) -> RedisResult<()> {
        let (mut sink, mut stream) = in_time(subscribed(&self.redis.0, channel(&self.redis))).await?;
        self.heard.store(true, Relaxed);
        loop {
            match tokio::time::timeout(ALIVE, stream.next()).await {
                Ok(Some(message)) => {
                    let told: String = message.get_payload()?;
                    if let Some((by, topic)) = told.split_once(' ')
                        && by != self.id
                    {
                        heard(topic.to_owned());
                    }
                }
                Ok(None) => return Ok(()),
                Err(_) => drop(in_time(sink.ping::<Value>()).await?),
            }
        }
    }
}

#[async_trait]
impl Messenger for RedisMessenger {
    fn tell(&self, topic: &'static str) {
        if self.out.try_send(topic).is_err() {
            tracing::debug!(topic, "too much news at once: some is not told");
        }
    }

    async fn pass_on(&self, heard: &(dyn Fn(String) + Send + Sync)) {
        let mut said = false;
        loop {
            // While it is away, somebody looks for it already.
            let ended = if self.redis.is_up() { self.listen(heard).await } else { Ok(()) };
            // Until now it was.
            said &= !self.heard.swap(false, Relaxed);
            match ended {
                Ok(()) => {}
                Err(error) if error.is_io_error() => self.redis.lose(&error),
                Err(error) if !said => {
                    tracing::warn!(%error, "Redis does not let news of other processes be heard: see redis.url and its user");
                    said = true;
                }
                Err(_) => {}
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn look_again_after(&self) -> Option<Duration> {
        (self.heard.load(Relaxed) && self.redis.is_up()).then_some(self.relied_on)
    }
}

fn channel(redis: &Redis) -> String {
    redis.key("news")
}

/// Tells what is to be told, one after the other, until nobody tells any more.
async fn tell_all(redis: Redis, id: String, mut waiting: mpsc::Receiver<&'static str>) {
    let channel = channel(&redis);
    while let Some(topic) = waiting.recv().await {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&channel).arg(format!("{id} {topic}"));
        // Lost, where there is no answer: it is counted.
        let _: Option<i64> = redis.ask(Use::Wake, &publish).await;
    }
}

async fn subscribed(redis: &Inner, channel: String) -> RedisResult<(PubSubSink, PubSubStream)> {
    let (mut sink, stream) = redis.client.get_async_pubsub().await?.split();
    sink.subscribe(channel).await?;
    Ok((sink, stream))
}
