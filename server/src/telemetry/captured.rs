//! Lines of the log as a test reads them.

use crate::config::LogFormat;
use serde_json::Value;
use std::io;
use std::sync::{Arc, Mutex};
use tracing::Dispatch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;

/// Everything that was said while [`Lines::subscriber`] listened.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Listens as a server does that writes its log as JSON.
    pub fn subscriber(&self, filter: &str) -> Dispatch {
        let lines = self.clone();
        let writing = super::lines(LogFormat::Json, EnvFilter::new(filter), move || lines.clone());
        Dispatch::new(tracing_subscriber::registry().with(writing))
    }

    /// The last line with this message.
    pub fn saying(&self, message: &str) -> Value {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().rev().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found = lines.into_iter().find(|line| line["fields"]["message"] == message);
        found.unwrap_or_else(|| panic!("nobody said {message:?}:\n{text}"))
    }

    /// How many lines have this message.
    pub fn count(&self, message: &str) -> usize {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["fields"]["message"] == message).count()
    }

    /// What a line says of a span around it; null where there is none of that name.
    pub fn span(line: &Value, name: &str) -> Value {
        let around = line["spans"].as_array().cloned().unwrap_or_default();
        around.into_iter().find(|span| span["name"] == name).unwrap_or_default()
    }
}
