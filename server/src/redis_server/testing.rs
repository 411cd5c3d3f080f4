//! A throw-away Redis (or Valkey) for one test, which listens on a socket in a folder of its own and keeps nothing.

use super::Redis;
use crate::config;
use rustix::process::{Pid, Signal, kill_process};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::UnixStream;

/// How long a test waits for what comes sooner or later.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Server {
    folder: TempDir,
    options: Vec<&'static str>,
    process: Child,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With further options of the program.
    pub async fn start_with(options: &[&'static str]) -> Self {
        let (folder, options) = (TempDir::new().unwrap(), options.to_vec());
        let process = spawn(&folder, &options);
        let server = Self { folder, options, process };
        server.listens().await;
        server
    }

    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Of a shop that uses it, and waits for it however busy this machine is.
    pub fn config(&self) -> config::Redis {
        config::Redis { url: self.url(), prefix: "lectern:".to_owned(), answer_ms: 10_000 }
    }

    pub fn open(&self) -> Redis {
        Redis::open(&self.config()).unwrap()
    }

    /// It goes away.
    pub fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::fs::remove_file(self.socket()).unwrap();
    }

    /// It comes back, and has forgotten everything.
    pub async fn start_again(&mut self) {
        self.process = spawn(&self.folder, &self.options);
        self.listens().await;
    }

    /// It takes what is sent and says nothing more.
    pub fn freeze(&self) {
        kill_process(Pid::from_child(&self.process), Signal::STOP).unwrap();
    }

    pub fn thaw(&self) {
        kill_process(Pid::from_child(&self.process), Signal::CONT).unwrap();
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    async fn listens(&self) {
        until("the server listens", async || UnixStream::connect(self.socket()).await.is_ok()).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(folder: &TempDir, options: &[&str]) -> Child {
    let started = ["redis-server", "valkey-server"].into_iter().find_map(|program| {
        Command::new(program)
            .args(["--port", "0", "--unixsocket", "socket", "--save", "", "--appendonly", "no"])
            .args(options)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()
    });
    started.expect("neither redis-server nor valkey-server is installed: scripts/setup test installs one")
}

/// Waits for what comes sooner or later.
pub async fn until(what: &str, comes: impl AsyncFn() -> bool) {
    let coming = async {
        while !comes().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, coming).await.is_ok(), "this never came: {what}");
}
