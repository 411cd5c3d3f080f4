//! A shop as its own process, and a browser that goes there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode};
use server::config::KEYS;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const PASSWORD: &str = "correct horse battery staple";

/// A command of the program, over a shop of its own in `data`.
pub fn lectern(data: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    shop_of(&mut command, data).envs(settings.iter().copied());
    command
}

fn shop_of<'a>(command: &'a mut Command, data: &Path) -> &'a mut Command {
    command
        .env("LECTERN_DATA_DIR", data)
        .env("LECTERN_LISTEN", "127.0.0.1:0")
        .env("LECTERN_WORKER__ENABLED", "false")
        .current_dir(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
}

/// A running server; killed without a word when dropped.
pub struct Server {
    process: Child,
    pub address: String,
    /// Kept open: the server goes on saying things.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub fn start(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self::opened(lectern(data, settings).arg("serve")).expect("the shop opens")
    }

    /// One of whose folders is a disk of its own with so many megabytes, and what was in it before; none where the system lets
    /// nobody mount one.
    pub fn with_small_disk(data: &Path, folder: &str, megabytes: u32, settings: &[(&str, &str)]) -> Option<Self> {
        std::fs::create_dir_all(data.join(folder)).unwrap();
        let mount = format!(
            "cp -a {folder} before && mount -t tmpfs -o size={megabytes}m lectern {folder} && cp -a before/. {folder}/ \
             && exec \"$0\" serve"
        );
        let spaces = if rustix::process::getuid().is_root() { "-m" } else { "-rm" };
        let mut command = Command::new("unshare");
        command.args([spaces, "sh", "-c", &mount, env!("CARGO_BIN_EXE_lectern")]);
        Self::opened(shop_of(&mut command, data).envs(settings.iter().copied()))
    }

    fn opened(command: &mut Command) -> Option<Self> {
        let mut process = command.spawn().ok()?;
        let mut said = BufReader::new(process.stdout.take()?).lines();
        let mut words = said.by_ref().map_while(Result::ok);
        let address = words.find_map(|line| Some(line.split_once("http://")?.1.to_owned()));
        let Some(address) = address else {
            process.wait().unwrap();
            return None;
        };
        Some(Self { process, address: format!("http://{address}"), _said: said })
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Without a word of warning: SIGKILL.
    pub fn kill(&self) {
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

pub fn make_admin(data: &Path, settings: &[(&str, &str)]) {
    let mut making = lectern(data, settings).args(["admin", "--password-stdin"]).spawn().unwrap();
    writeln!(making.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(making.wait().unwrap().success());
}

/// Settings without any limit: here everybody comes from the same machine.
pub fn without_limits() -> Vec<(String, String)> {
    let limits = KEYS.iter().filter(|key| key.name.starts_with("limits.") && key.name != "limits.shared");
    limits.map(|key| (key.variable(), "off".to_owned())).collect()
}

pub struct Browser {
    client: Client,
    cookie: String,
    address: String,
}

impl Browser {
    pub async fn log_in(server: &Server) -> Self {
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
        Self { client, cookie, address: server.address.clone() }
    }

    /// The same one, where the shop is now.
    pub fn at(&self, server: &Server) -> Self {
        Self { client: self.client.clone(), cookie: self.cookie.clone(), address: server.address.clone() }
    }

    /// None when the shop is gone before it has answered, or misses something that it needs.
    pub async fn begin_title(&self, title: &str) -> Option<String> {
        let answer = self
            .client
            .post(format!("{}/api/uploads/begin-title", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header(COOKIE, &self.cookie)
            .body(format!("title={}", title.replace(' ', "+")))
            .send()
            .await
            .ok()?;
        assert!(answer.status().is_success() || answer.status().is_server_error(), "{}", answer.status());
        let well = answer.status().is_success();
        answer.text().await.ok().filter(|_| well).map(|id| id.trim_matches('"').to_owned())
    }

    /// Asks for a mail to choose another password. Whether the shop said that it comes.
    pub async fn ask_for_mail(&self) -> bool {
        let request = self
            .client
            .post(format!("{}/api/account/ask-reset", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body("email=admin%40lectern.example");
        request.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(Method::from_bytes(method.as_bytes()).unwrap(), format!("{}{path}", self.address))
            .header("tus-resumable", "1.0.0")
            .header(COOKIE, &self.cookie)
    }

    pub async fn offset(&self, url: &str) -> usize {
        self.offset_now(url).await.unwrap()
    }

    /// None when the shop does not answer, or cannot say.
    pub async fn offset_now(&self, url: &str) -> Option<usize> {
        let answer = self.request("HEAD", url).send().await.ok()?;
        // Somebody else may hold it for a moment.
        if answer.status().is_server_error() || answer.status() == StatusCode::LOCKED {
            return None;
        }
        assert!(answer.status().is_success(), "{}", answer.status());
        Some(offset(answer.headers()))
    }

    pub async fn patch(&self, url: &str, offset: usize, body: impl Into<reqwest::Body>) -> reqwest::Result<Response> {
        self.request("PATCH", url)
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
            .body(body)
            .send()
            .await
    }
}

pub fn offset(headers: &HeaderMap) -> usize {
    headers["upload-offset"].to_str().unwrap().parse().unwrap()
}

/// What an upload says of itself.
pub fn metadata(file: &str, title: &str) -> String {
    format!("filename {},audiobook {}", STANDARD.encode(file), STANDARD.encode(title))
}

/// A sound without an end that anyone would wait for: 16-bit noise at 48 kHz.
pub fn waves(bytes: u32) -> Vec<u8> {
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
