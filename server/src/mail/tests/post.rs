//! npm's `smtp-server`, in a process of its own: a real server that real mails go through.

use crate::config::{self, SmtpTls};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub struct Post {
    pub port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Post {
    /// Opens a server; what can be wished for stands in `end2end/support/smtp.mjs`.
    pub async fn open(wishes: Value) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/support/smtp.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(wishes.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("these tests need node");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next_line().await.unwrap().expect("these tests need the npm packages: npm ci");
        let port = serde_json::from_str::<Value>(&first).unwrap()["port"].as_u64().unwrap();
        Self { port: u16::try_from(port).unwrap(), lines, _process: process }
    }

    /// The next mail that arrived.
    pub async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(30), self.lines.next_line()).await.expect("a mail arrives");
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    /// Whether a mail arrived.
    pub async fn is_empty(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(200), self.lines.next_line()).await.is_err()
    }
}

/// How to reach the server at `port`.
pub fn settings(port: u16, tls: SmtpTls) -> config::Smtp {
    config::Smtp {
        host: "localhost".into(),
        port,
        tls,
        user: String::new(),
        password: String::new(),
        ca: PathBuf::new(),
        timeout_seconds: 30,
    }
}

/// A port that nobody listens on.
pub async fn closed_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// An authority of the tests' own, and a certificate for this machine that it signed.
pub struct Certificates {
    /// The authority's certificate, in a file.
    pub ca: PathBuf,
    pub cert: String,
    pub key: String,
}

impl Certificates {
    pub fn make(folder: &Path) -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = folder.join("ca.pem");
        std::fs::write(&ca, authority.self_signed(&authority_key).unwrap().pem()).unwrap();
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::new(authority, authority_key);
        let cert = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        Self { ca, cert: cert.pem(), key: key.serialize_pem() }
    }

    /// What the server wishes for.
    pub fn wishes(&self) -> Value {
        json!({ "cert": self.cert, "key": self.key })
    }
}
