//! Stripe's own Node library, in one process for as many events as a test has: what it signs is what Stripe sends.

use domain::Timestamp;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const MISSING: &str = "these tests need node and the npm packages: make setup";

pub struct Signer {
    process: Child,
    events: ChildStdin,
    headers: BufReader<ChildStdout>,
}

impl Drop for Signer {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Signer {
    pub fn open() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/support/stripe.mjs");
        let mut process =
            Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect(MISSING);
        let (events, headers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, events, headers: BufReader::new(headers) }
    }

    /// The header for a body under a secret at a time.
    pub fn sign(&mut self, secret: &str, body: &[u8], at: Timestamp) -> String {
        let payload = std::str::from_utf8(body).expect("an event is text");
        let wanted = json!({ "payload": payload, "secret": secret, "timestamp": at.0 / 1000 });
        writeln!(self.events, "{wanted}").expect(MISSING);
        let mut header = String::new();
        self.headers.read_line(&mut header).expect(MISSING);
        assert!(!header.is_empty(), "{MISSING}");
        header.trim_end().to_owned()
    }
}
