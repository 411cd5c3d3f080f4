//! Whether the engines are there and start.

use super::Finding;
use crate::Config;
use crate::production::WorkerSettings;
use crate::production::engine::Engine;
use crate::production::pool::Pool;
use engine_protocol::EngineKind;
use std::time::Duration;

const OF: &str = "engines";
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn examine(config: &Config) -> Vec<Finding> {
    if !config.worker.enabled {
        return vec![Finding::good(OF, "None is needed: this server has no worker.")];
    }
    let pool = Pool::new(WorkerSettings::new(config).pool);
    let (whisper, llama) = (pool.program(EngineKind::Whisper), pool.program(EngineKind::Llama));
    let (whisper, llama) = tokio::join!(start("whisper", &whisper), start("llama", &llama));
    vec![whisper, llama]
}

async fn start(name: &str, program: &std::path::Path) -> Finding {
    match Engine::start(program, PATIENCE).await {
        Ok(engine) => {
            let words = format!("{} starts ({}).", program.display(), engine.hello.library);
            engine.stop().await;
            Finding::good(OF, words)
        }
        Err(error) => Finding::wrong(
            OF,
            format!("The engine for {name} cannot be used: {error}."),
            format!(
                "Put lectern-{name} of the same version beside this program, or name it with engines.{name}. A web server \
                 that shall not work needs worker.enabled = false."
            ),
        ),
    }
}
