//! People who open connections and say next to nothing: whoever comes besides is answered at once.
//!
//! `LECTERN_SLOW_CONNECTIONS` says how many.

use crate::setting;
use crate::shop::Server;
use rustix::process::{Resource, Rlimit};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How long the home page of another visitor may take.
const AT_ONCE: Duration = Duration::from_secs(1);
/// A letter of a header, so often.
const DRIP: Duration = Duration::from_secs(2);
/// Of so many visits the one in the middle counts: other tests want the processors as well.
const VISITS: usize = 9;

/// Half a request on each line, and then a letter now and then; a line that the shop ended is opened anew.
async fn hold_open(address: String) {
    loop {
        let Ok(mut line) = TcpStream::connect(&address).await else {
            tokio::time::sleep(DRIP).await;
            continue;
        };
        let mut alive = line.write_all(b"GET / HTTP/1.1\r\nHost: shop.example\r\nX-Slow: ").await.is_ok();
        while alive {
            tokio::time::sleep(DRIP).await;
            alive = line.write_all(b"a").await.is_ok();
        }
    }
}

/// Over a connection of its own.
async fn visit(address: &str) -> Duration {
    let client = reqwest::Client::new();
    let began = Instant::now();
    let answer = client.get(address).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    assert!(answer.text().await.unwrap().contains("</html>"));
    began.elapsed()
}

async fn median_visit(address: &str) -> Duration {
    let mut took = Vec::new();
    for _ in 0..VISITS {
        took.push(visit(address).await);
    }
    took.sort();
    took[VISITS / 2]
}

/// As many open files as the system lets this process have; the server inherits it.
fn many_files(connections: usize) {
    let wanted = connections as u64 + 200;
    let limit = rustix::process::getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let maximum = limit.maximum;
        rustix::process::setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
            .expect("so many files may not be open: raise `ulimit -Hn`");
    }
}

#[tokio::test]
async fn whoever_holds_many_connections_open_keeps_no_other_visitor_waiting() {
    let connections = setting("LECTERN_SLOW_CONNECTIONS", 300);
    many_files(connections);
    let data = TempDir::new().unwrap();
    // Fewer places than there are slow people: they come to the limit, whatever it is.
    let places = (connections / 2).to_string();
    let server = Server::start(data.path(), &[("LECTERN_SERVER__CONNECTIONS", &places)]);
    visit(&server.address).await;
    let alone = median_visit(&server.address).await;
    let mut slow = JoinSet::new();
    let address = server.address.trim_start_matches("http://").to_owned();
    for _ in 0..connections {
        slow.spawn(hold_open(address.clone()));
    }
    tokio::time::sleep(DRIP).await;
    let among = median_visit(&server.address).await;
    println!("  a visitor waits {alone:.0?} alone, {among:.0?} among {connections} slow connections");
    assert_eq!(slow.len(), connections);
    assert!(among < AT_ONCE.max(alone * 3), "another visitor waited {among:?}, alone {alone:?}");
}
