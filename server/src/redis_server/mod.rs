//! A Redis (or Valkey) that the servers of the shop share, where one is configured.
//!
//! Nothing in it is needed: whoever asks does without when there is no answer. A Redis that is away, too slow or refuses is
//! noticed by whoever asked; from then on nobody asks, so that it costs no further request its time, and one task looks
//! every second whether it is back. What its user there may not do is done without, and said once.

mod limits;
mod news;
mod pages;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod uses;
mod watch;

pub use limits::RedisBuckets;
pub use news::RedisMessenger;
pub use pages::RedisPages;
pub use uses::Use;

use crate::config;
use anyhow::{Context, ensure};
use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ErrorKind, FromRedisValue, IntoConnectionInfo, RedisError,
    RedisResult, ScriptInvocation, ServerErrorKind,
};
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Mutex;
use uses::{Failures, Forbidden};

/// How long a connection may take to come about where nobody waits for it.
const CONNECTING: Duration = Duration::from_secs(2);
/// How many commands may wait for their place on the connection.
const UNDER_WAY: usize = 512;
const WRITTEN: &str = "redis.url is no address of a Redis: write it as redis://host:6379/0, with \
                       redis://user:password@host:6379/0 where it wants a password, rediss:// for TLS, or \
                       unix:///run/redis.sock";

/// How a script is told that it may not do something, by Redis 7.0 and by what came after it: as any other fault of a script.
const FORBIDDEN_IN_SCRIPTS: [&str; 2] = ["The user executing the script can't run", "ACL failure in script"];

/// A handle, which is cheap to clone.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    prefix: String,
    /// How long whoever asks waits for an answer.
    answering: Duration,
    /// Made when it is first needed, and anew after it was lost.
    connection: Mutex<Option<MultiplexedConnection>>,
    up: AtomicBool,
    failures: Failures,
    forbidden: Forbidden,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = self.0.client.get_connection_info().addr();
        f.debug_struct("Redis").field("address", address).field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// Never waits for the server: opens while it is away, too. Called within a runtime, where it is looked for.
    ///
    /// # Errors
    /// When the address is none of a Redis; the sentence does not repeat it, as it may hold a password.
    pub fn open(config: &config::Redis) -> anyhow::Result<Self> {
        let redis = Self::read(config)?;
        tokio::spawn(watch::look_for(redis.clone()));
        Ok(redis)
    }

    /// Where it would be looked for, without a password.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn address(config: &config::Redis) -> anyhow::Result<String> {
        Ok(Self::read(config)?.0.client.get_connection_info().addr().to_string())
    }

    /// Asks the configured one, now, which it is: `Redis 7.0.15`. It has to take a write as well.
    ///
    /// # Errors
    /// When it is away or refuses.
    pub async fn version(config: &config::Redis) -> anyhow::Result<String> {
        let inner = Self::read(config)?.0;
        let mut connection = watch::looked(&inner, watch::in_time(inner.connect()).await, CONNECTING).await?;
        let mut asked = redis::cmd("INFO");
        let told: String = watch::in_time(asked.arg("server").query_async(&mut connection)).await?;
        let of = |key: &str| told.lines().find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(':')?.trim()));
        Ok(match (of("valkey_version"), of("redis_version")) {
            (Some(valkey), _) => format!("Valkey {valkey}"),
            (None, redis) => format!("Redis {}", redis.unwrap_or("of a version that it does not tell")),
        })
    }

    fn read(config: &config::Redis) -> anyhow::Result<Self> {
        let info = config.url.as_str().into_connection_info().context(WRITTEN)?;
        ensure!(
            !matches!(info.addr(), ConnectionAddr::TcpTls { insecure: true, .. }),
            "redis.url asks for TLS without looking at the certificate: take #insecure away"
        );
        ensure!(config.answer_ms > 0, "redis.answer_ms is 0: nothing answers in no time");
        if matches!(info.addr(), ConnectionAddr::TcpTls { .. }) {
            // The client takes the process's one; that another was first is as good.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        // Commands are short: none waits for a packet to be full.
        let info = info.set_tcp_settings(TcpSettings::default().set_nodelay(true));
        Ok(Self(Arc::new(Inner {
            client: Client::open(info).context(WRITTEN)?,
            prefix: config.prefix.clone(),
            answering: Duration::from_millis(config.answer_ms),
            connection: Mutex::default(),
            up: AtomicBool::new(true),
            failures: Failures::default(),
            forbidden: Forbidden::default(),
        })))
    }

    /// `None` when Redis is away, too slow or refuses, which is counted. Nobody waits longer than `redis.answer_ms`.
    pub async fn ask<T: FromRedisValue>(&self, used_by: Use, command: &Cmd) -> Option<T> {
        self.in_time(used_by, async {
            let mut connection = self.0.connection().await?;
            Ok::<_, RedisError>(command.query_async(&mut connection).await)
        })
        .await
    }

    /// As [`Self::ask`], for a script, which Redis keeps after the first time.
    pub async fn run<T: FromRedisValue>(&self, used_by: Use, script: &ScriptInvocation<'_>) -> Option<T> {
        self.in_time(used_by, async {
            let mut connection = self.0.connection().await?;
            Ok::<_, RedisError>(script.invoke_async(&mut connection).await)
        })
        .await
    }

    /// Whether it answered when it was last asked, or nobody has asked yet.
    pub fn is_up(&self) -> bool {
        self.0.up.load(Relaxed)
    }

    /// How often each use did without.
    pub fn failures(&self) -> impl Iterator<Item = (Use, u64)> {
        self.0.failures.all()
    }

    /// The name of a key, or of a channel, that is the shop's.
    pub fn key(&self, rest: impl Display) -> String {
        format!("{}{rest}", self.0.prefix)
    }

    /// What is asked fails with the connection, or has an answer to it.
    async fn in_time<T>(&self, used_by: Use, asked: impl Future<Output = RedisResult<RedisResult<T>>>) -> Option<T> {
        if self.is_up() {
            match tokio::time::timeout(self.0.answering, asked).await {
                Ok(Ok(Ok(answer))) => return Some(answer),
                Ok(Ok(Err(error))) if is_forbidden(&error) => {
                    if self.0.forbidden.is_news(used_by) {
                        tracing::warn!(
                            used_by = used_by.name(),
                            %error,
                            "Redis does not let its user do this: the shop does without that"
                        );
                    }
                }
                Ok(Ok(Err(error))) if is_about_the_question(&error) => {
                    tracing::warn!(used_by = used_by.name(), %error, "Redis did not take what it was asked");
                }
                Ok(Ok(Err(error)) | Err(error)) => self.lose(&error),
                Err(_) => self.lose(&format_args!("no answer within {} ms", self.0.answering.as_millis())),
            }
        }
        self.0.failures.count(used_by);
        None
    }

    /// From now on nobody asks, until it is back.
    fn lose(&self, why: &dyn Display) {
        if self.0.up.swap(false, Relaxed) {
            tracing::warn!(%why, "Redis is away: the shop goes on without it");
            tokio::spawn(watch::until_back(Arc::downgrade(&self.0)));
        }
    }
}

impl Inner {
    async fn connection(&self) -> RedisResult<MultiplexedConnection> {
        let mut held = self.connection.lock().await;
        if let Some(connection) = &*held {
            return Ok(connection.clone());
        }
        let connection = self.connect().await?;
        *held = Some(connection.clone());
        Ok(connection)
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            // Whoever asks looks at the clock.
            .set_response_timeout(None)
            .set_pipeline_buffer_size(UNDER_WAY);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }
}

/// Whether Redis is well, and its user may not do this, by itself or in a script.
fn is_forbidden(error: &RedisError) -> bool {
    let in_script = |why: &str| FORBIDDEN_IN_SCRIPTS.iter().any(|words| why.contains(words));
    error.code() == Some("NOPERM") || error.detail().is_some_and(in_script)
}

/// Whether Redis is well, and only cannot do anything with this: a key of another kind, or a script that went wrong.
fn is_about_the_question(error: &RedisError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedReturnType | ErrorKind::Parse | ErrorKind::Server(ServerErrorKind::ResponseError)
    ) || error.code() == Some("WRONGTYPE")
}
