//! A real server, killed in the middle of an upload.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery staple";

fn lectern(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    command
        .env("LECTERN_DATA_DIR", data)
        .env("LECTERN_LISTEN", "127.0.0.1:0")
        .env("LECTERN_WORKER__ENABLED", "false")
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// A running server; killed without a word when dropped.
struct Server {
    process: Child,
    address: String,
    /// Kept open: the server goes on saying things.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut process = lectern(data).arg("serve").spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut words = said.by_ref().map_while(Result::ok);
        let address = words.find_map(|line| Some(line.split_once("http://")?.1.to_owned()));
        Self { process, address: format!("http://{}", address.unwrap()), _said: said }
    }

    /// Without a word of warning: SIGKILL.
    fn kill(&self) {
        // Through its id, because the request under way still borrows the server.
        let killed = Command::new("kill").args(["-9", &self.process.id().to_string()]).status().unwrap();
        assert!(killed.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn make_admin(data: &Path) {
    let mut making = lectern(data).args(["admin", "--password-stdin"]).spawn().unwrap();
    writeln!(making.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(making.wait().unwrap().success());
}

struct Browser {
    client: Client,
    cookie: String,
}

impl Browser {
    async fn log_in(server: &Server) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let form = format!("email=admin%40lectern.example&password={}", PASSWORD.replace(' ', "+"));
        let answer = client
            .post(format!("{}/api/account/login", server.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(form)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
        let pair = |cookie: &HeaderValue| cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let cookies: Vec<_> = answer.headers().get_all(SET_COOKIE).iter().map(pair).collect();
        let cookie = cookies.join("; ");
        Self { client, cookie }
    }

    async fn new_title(&self, server: &Server) -> String {
        let answer = self
            .client
            .post(format!("{}/api/uploads/begin-title", server.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header(COOKIE, &self.cookie)
            .body("title=Waves")
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.text().await.unwrap().trim_matches('"').to_owned()
    }

    fn request(&self, method: &str, server: &Server, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(Method::from_bytes(method.as_bytes()).unwrap(), format!("{}{path}", server.address))
            .header("tus-resumable", "1.0.0")
            .header(COOKIE, &self.cookie)
    }

    async fn offset(&self, server: &Server, url: &str) -> usize {
        offset(self.request("HEAD", server, url).send().await.unwrap().headers())
    }

    async fn patch(
        &self,
        server: &Server,
        url: &str,
        offset: usize,
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Result<Response> {
        self.request("PATCH", server, url)
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
            .body(body)
            .send()
            .await
    }
}

fn offset(headers: &HeaderMap) -> usize {
    headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

/// A sound without an end that anyone would wait for: 16-bit noise at 48 kHz.
fn waves(bytes: u32) -> Vec<u8> {
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    wav.extend([48_000_u32, 96_000].map(u32::to_le_bytes).concat());
    wav.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.extend((0..bytes).map(|at| (at.wrapping_mul(2_654_435_761) >> 11) as u8));
    wav
}

#[tokio::test]
async fn a_server_killed_with_an_upload_under_way_goes_on_at_the_byte_it_acknowledged() {
    let data = TempDir::new().unwrap();
    make_admin(data.path());
    let content = waves(30_000_000);

    let server = Server::start(data.path());
    let browser = Browser::log_in(&server).await;
    let title = browser.new_title(&server).await;
    let metadata = format!("filename {},audiobook {}", STANDARD.encode("waves.wav"), STANDARD.encode(title));
    let request = browser.request("POST", &server, "/uploads").header("upload-length", content.len());
    let created = request.header("upload-metadata", metadata).send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let url = created.headers()[LOCATION].to_str().unwrap().to_owned();

    // Twenty million bytes, and then silence on an open line.
    let pieces: Vec<_> =
        content[..20_000_000].chunks(64_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    let body = reqwest::Body::wrap_stream(futures::stream::iter(pieces).chain(futures::stream::pending()));
    let sending = browser.patch(&server, &url, 0, body);
    let acknowledging = async {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let acknowledged = browser.offset(&server, &url).await;
            if acknowledged >= 16_000_000 {
                return acknowledged;
            }
            assert!(Instant::now() < deadline, "the server acknowledges nothing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // The line stays open until the server is dead: a line that is cut would have it write down the rest.
    let mut sending = std::pin::pin!(sending);
    let acknowledged = tokio::select! {
        answer = &mut sending => panic!("the upload ended by itself: {answer:?}"),
        acknowledged = acknowledging => acknowledged,
    };
    server.kill();

    let server = Server::start(data.path());
    assert_eq!(browser.offset(&server, &url).await, acknowledged);
    let answer = browser.patch(&server, &url, acknowledged, content[acknowledged..].to_vec()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(offset(answer.headers()), content.len());

    let stored = find_file(&data.path().join("storage/audio")).expect("the file is in the storage");
    assert!(std::fs::read(&stored).unwrap() == content, "what is stored differs from what was sent");
}

fn find_file(folder: &Path) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .map_while(Result::ok)
        .find_map(|entry| if entry.path().is_dir() { find_file(&entry.path()) } else { Some(entry.path()) })
}
