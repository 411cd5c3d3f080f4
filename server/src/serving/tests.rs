//! Clients who take their time, on real connections.

use super::{Patience, serve};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::extract::rejection::StringRejection;
use axum::routing::{get, post};
use bytes::Bytes;
use futures::stream;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

const HALF: &[u8] = b"GET / HTTP/1.1\r\nHost: shop.example\r\n";
const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";
/// Nothing here takes so long; a machine under load may.
const LONG: Duration = Duration::from_secs(60);

struct Open {
    address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

async fn open(router: Router, change: impl FnOnce(&mut Patience)) -> Open {
    let mut patience = Patience { connections: 1000, head: LONG, body: LONG, write: LONG, stop: LONG };
    change(&mut patience);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let served = tokio::spawn(serve(listener, router, patience, stop.clone()));
    Open { address, stop, served }
}

fn home() -> Router {
    Router::new().route("/", get(|from: ConnectInfo<SocketAddr>| async move { format!("for {}", from.0.ip()) }))
}

impl Open {
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    async fn visit(&self) -> String {
        said(self.send(WHOLE).await).await
    }
}

/// All that comes until the other end closes.
async fn said(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    // A reset is an end as well.
    let _ = timeout(LONG, stream.read_to_end(&mut all)).await.expect("the connection stays open");
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn five_hundred_half_sent_requests_keep_nobody_out() {
    let shop = open(home(), |patience| patience.connections = 100).await;
    let mut held = Vec::new();
    for _ in 0..500 {
        held.push(shop.send(HALF).await);
    }
    let began = Instant::now();
    let answer = shop.visit().await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("for 127.0.0.1"), "{answer}");
    // None of them has run out of its time: they made room.
    assert!(began.elapsed() < LONG / 2, "another visitor waited for {:?}", began.elapsed());
    assert_eq!(held.len(), 500);
}

#[tokio::test]
async fn the_head_of_a_request_has_to_come_in_time() {
    let shop = open(home(), |patience| patience.head = Duration::from_millis(300)).await;
    let mut slow = shop.send(HALF).await;
    // A byte now and then does not make it longer.
    let dripping = async {
        while slow.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LONG, dripping).await.expect("half a request is waited for without end");
    // Neither does a connection stay that asks for nothing more.
    let idle = shop.send(b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n").await;
    assert!(said(idle).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn the_body_of_a_request_has_to_come_in_time() {
    let router =
        home().route("/form", post(|form: Result<String, StringRejection>| async move { form.is_ok().to_string() }));
    let shop = open(router, |patience| patience.body = Duration::from_millis(300)).await;
    let head = "POST /form HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 2000000\r\n\r\nemail=";
    let answer = said(shop.send(head.as_bytes()).await).await;
    assert!(answer.ends_with("false"), "{answer}");
    let whole = "POST /form HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 6\r\nConnection: close\r\n\r\nemail=";
    assert!(said(shop.send(whole.as_bytes()).await).await.ends_with("true"));
}

/// A route that sends without end, and says when nobody is sent to any more.
fn endless() -> (Router, mpsc::Receiver<()>) {
    let (sender, over) = mpsc::channel::<()>(1);
    let answer = move || async move {
        let piece = Bytes::from_static(&[7; 64 * 1024]);
        Body::from_stream(stream::unfold(sender, move |held| {
            let piece = piece.clone();
            async move { Some((Ok::<_, std::io::Error>(piece), held)) }
        }))
    };
    (Router::new().route("/", get(answer)), over)
}

#[tokio::test]
async fn a_listener_who_takes_nothing_is_let_go() {
    let (router, mut over) = endless();
    let shop = open(router, |patience| patience.write = Duration::from_millis(300)).await;
    let _deaf = shop.send(WHOLE).await;
    // The route is held by the service; what it sends with by the answer, of which there is one.
    shop.stop.cancel();
    timeout(LONG / 2, shop.served).await.expect("a listener who takes nothing is sent to without end").unwrap();
    assert_eq!(timeout(LONG, over.recv()).await.unwrap(), None);
}

#[tokio::test]
async fn a_stop_waits_for_nobody_without_end() {
    let (router, _over) = endless();
    let shop = open(router, |patience| patience.stop = Duration::from_millis(300)).await;
    let (_half, mut listening) = (shop.send(HALF).await, shop.send(WHOLE).await);
    let mut first = [0; 1024];
    listening.read_exact(&mut first).await.unwrap();
    shop.stop.cancel();
    timeout(LONG, shop.served).await.expect("it goes on serving").unwrap();
}

#[tokio::test]
async fn what_is_under_way_is_finished_before_a_stop() {
    let slow = get(|| async {
        sleep(Duration::from_millis(300)).await;
        "done"
    });
    let shop = open(Router::new().route("/", slow), |_| {}).await;
    let under_way = shop.send(WHOLE).await;
    sleep(Duration::from_millis(50)).await;
    shop.stop.cancel();
    assert!(said(under_way).await.ends_with("done"));
    timeout(LONG, shop.served).await.unwrap().unwrap();
}

#[tokio::test]
async fn one_connection_asks_again_and_again() {
    let shop = open(home(), |_| {}).await;
    let mut stream = shop.send(b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n").await;
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    stream.write_all(WHOLE).await.unwrap();
    let rest = said(stream).await;
    assert_eq!(rest.matches("HTTP/1.1 200").count(), 1, "{rest}");
}
