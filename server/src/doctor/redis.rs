//! Whether the configured Redis answers and takes something.

use super::Finding;
use crate::Config;
use crate::redis_server::Redis;

const OF: &str = "redis";

pub async fn examine(config: &Config) -> Vec<Finding> {
    // What is no address of one, the configuration's finding tells.
    let Some(shown) = config.redis.is_configured().then(|| Redis::address(&config.redis)).and_then(Result::ok) else {
        return Vec::new();
    };
    vec![match Redis::version(&config.redis).await {
        Ok(version) => Finding::good(OF, format!("{version} at {shown} answers and takes writes.")),
        Err(error) => Finding::wrong(
            OF,
            // The client's sentence has that of its cause in it already.
            format!("{shown} cannot be used: {error}."),
            "Check redis.url, its user and password among it, that the server runs and lets this machine in, and that it has \
             room. The shop opens without it: each server then counts attempts by itself and looks for work more often.",
        ),
    }]
}
