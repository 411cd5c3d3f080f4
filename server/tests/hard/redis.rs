//! A Redis (or Valkey) of a test's own, where one is installed. It keeps nothing, and ends with the test.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long it may take to open.
const OPENS: Duration = Duration::from_secs(20);

pub struct Redis {
    pub address: String,
    process: Child,
    _folder: TempDir,
}

impl Redis {
    pub async fn open() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let process = ["redis-server", "valkey-server"].into_iter().find_map(|program| {
            Command::new(program)
                .args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"])
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        })?;
        let redis = Self { address: format!("127.0.0.1:{port}"), process, _folder: folder };
        let until = Instant::now() + OPENS;
        while TcpStream::connect(&redis.address).is_err() {
            assert!(Instant::now() < until, "Redis does not open");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some(redis)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
