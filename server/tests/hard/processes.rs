//! Processes of this machine, as Linux tells of them.

use std::fs;
use std::process::Command;

/// A process that a server started, itself or through another.
pub struct Process {
    pub id: u32,
    /// `engine`, `decoder`, or what else there may be.
    pub kind: &'static str,
    /// When it began, in ticks since the machine did: another with the same number began at another time.
    began: String,
}

/// The parent, and when it began; none once it is over.
fn stat(id: u32) -> Option<(u32, String)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // Behind the name in brackets: state, parent, …, and as the twentieth when it began.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    Some((fields.get(1)?.parse().ok()?, (*fields.get(19)?).to_owned()))
}

fn kind(id: u32) -> &'static str {
    let line = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let mut words = line.split('\0');
    let program = words.next().unwrap_or_default();
    match words.next() {
        Some("decode") => "decoder",
        _ if program.contains("lectern-whisper") || program.contains("lectern-llama") => "engine",
        _ => "other",
    }
}

/// All that a process has started, and what these have.
pub fn below(parent: u32) -> Vec<Process> {
    let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let all: Vec<(u32, u32, String)> =
        ids.filter_map(|id: u32| stat(id).map(|(parent, began)| (id, parent, began))).collect();
    let mut family = vec![parent];
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        for (id, _, began) in all.iter().filter(|(_, of, _)| *of == parent) {
            family.push(*id);
            found.push(Process { id: *id, kind: kind(*id), began: began.clone() });
        }
        next += 1;
    }
    found
}

impl Process {
    pub fn lives(&self) -> bool {
        stat(self.id).is_some_and(|(_, began)| began == self.began)
    }
}

/// Without a word of warning: SIGKILL. One that is over already is well.
pub fn kill(id: u32) {
    Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
}
