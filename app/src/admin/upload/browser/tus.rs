//! The client's side of tus 1.0: begin, ask how far, send on.

use super::TAB;
use super::request::{Lost, Reply, send, wait};
use crate::admin::upload::queue::{Queue, Row, State};
use crate::admin::upload::throughput::Throughput;
use leptos::prelude::*;

/// Bytes sent in one request: what the server makes safe at once.
const PIECE: f64 = 8.0 * 1024.0 * 1024.0;
/// The first wait before trying again, and the longest, in milliseconds.
const FIRST_WAIT: i32 = 1_000;
const LONGEST_WAIT: i32 = 30_000;

/// How talking to the shop went.
enum Talk {
    /// It answered as it should.
    Well(Reply),
    /// The upload is not there any more: begin again.
    Gone,
    /// It is elsewhere than we thought, or busy: ask how far it is.
    Ask,
    /// It will not take the file.
    Refused(String),
    /// It stopped, and a person must do something.
    Stopped(String),
    /// It did not answer.
    Lost,
}

fn judge(reply: Result<Reply, Lost>) -> Talk {
    let Ok(reply) = reply else { return Talk::Lost };
    let sentence = |otherwise: &str| if reply.text.is_empty() { otherwise.to_owned() } else { reply.text.clone() };
    match reply.status {
        200..=299 => Talk::Well(reply),
        404 | 410 => Talk::Gone,
        408 | 409 | 423 | 460 => Talk::Ask,
        401 => Talk::Stopped("Your session has ended. Log in again in another tab, then go on here.".to_owned()),
        507 => Talk::Stopped(sentence("The shop's storage is full.")),
        400..=499 => Talk::Refused(sentence("The shop does not take this file.")),
        _ => Talk::Lost,
    }
}

fn base64(text: &str) -> String {
    // `btoa` takes one byte a character.
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}

fn metadata(row: &Row) -> String {
    let pairs = [
        ("filename", row.name.clone()),
        ("filetype", row.media_type.clone()),
        ("relativePath", row.path.clone()),
        ("audiobook", row.audiobook.to_string()),
        ("position", row.position.to_string()),
        ("fingerprint", row.fingerprint.clone()),
        ("replaces", row.replaces.map(|part| part.to_string()).unwrap_or_default()),
    ];
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    pairs.map(|(key, value)| format!("{key} {}", base64(value))).collect::<Vec<_>>().join(",")
}

/// Tells the shop of the file. Tries until it knows, or the row goes on no longer.
pub async fn begin(queue: &Queue, row: &Row) {
    let mut patience = Patience::default();
    while row.state.get_untracked().is_going() {
        let headers = [("Upload-Length", format!("{:.0}", row.size)), ("Upload-Metadata", metadata(row))];
        match judge(send(row.id, "POST", "/uploads", &headers, None, |_| {}).await) {
            Talk::Well(reply) => {
                row.url.set(reply.location);
                return;
            }
            Talk::Gone => return refuse(queue, row, "The title of this file is gone."),
            Talk::Refused(why) => return refuse(queue, row, &why),
            Talk::Stopped(why) => return stop(queue, row, why),
            Talk::Ask | Talk::Lost => patience.lose(queue, row).await,
        }
    }
}

/// Sends the file until it is there, is refused, or the row goes on no longer.
pub async fn carry(queue: &Queue, row: &Row) {
    let mut patience = Patience::default();
    let mut offset: Option<f64> = None;
    while row.state.get_untracked().is_going() {
        let Some(url) = row.url.get_untracked() else { return begin(queue, row).await };
        let talk = match offset {
            None => judge(send(row.id, "HEAD", &url, &[], None, |_| {}).await),
            // Of a file that is there already nothing is sent: the answer says what the shop makes of it.
            Some(from) => send_piece(queue, row, &url, from).await,
        };
        match talk {
            Talk::Well(reply) => {
                patience = Patience::default();
                let reached = reply.offset.unwrap_or(0.0);
                row.received.set(reached);
                if offset.is_some() && reached >= row.size {
                    return arrived(queue, row);
                }
                offset = Some(reached);
            }
            Talk::Gone => {
                row.url.set(None);
                row.received.set(0.0);
            }
            Talk::Refused(why) => return refuse(queue, row, &why),
            Talk::Stopped(why) => return stop(queue, row, why),
            Talk::Ask => {
                offset = None;
                patience.wait().await;
            }
            Talk::Lost => {
                offset = None;
                patience.lose(queue, row).await;
            }
        }
    }
}

async fn send_piece(queue: &Queue, row: &Row, url: &str, from: f64) -> Talk {
    let to = (from + PIECE).min(row.size);
    let file = TAB.with_borrow(|tab| tab.files.get(&row.id).cloned());
    let piece = file.and_then(|file| file.slice_with_f64_and_f64(from, to).ok());
    let Some(piece) = piece else { return Talk::Stopped("Choose the file again to go on.".to_owned()) };
    let headers =
        [("Upload-Offset", format!("{from:.0}")), ("Content-Type", "application/offset+octet-stream".to_owned())];
    row.state.set(State::Sending);
    let mut sent = 0.0;
    let (throughput, row_of_piece) = (queue.throughput.clone(), row.clone());
    let progress = move |so_far: f64| {
        throughput.update(|throughput| throughput.sent(js_sys::Date::now(), so_far - sent));
        sent = so_far;
        row_of_piece.received.set((from + so_far).min(row_of_piece.size));
        // With the last piece the shop looks into the file before it answers.
        if from + so_far >= row_of_piece.size && row_of_piece.state.get_untracked() == State::Sending {
            row_of_piece.state.set(State::Checking);
        }
    };
    judge(send(row.id, "PATCH", url, &headers, Some(&piece), progress).await)
}

/// Gives an upload up. Whether the shop hears of it or not: what nobody goes on with expires.
pub async fn give_up(row: u32, url: &str) {
    let _ = send(row, "DELETE", url, &[], None, |_| {}).await;
}

fn arrived(queue: &Queue, row: &Row) {
    row.state.set(State::Done);
    queue.say(format!("{} has arrived.", row.name));
    forget(row);
}

fn refuse(queue: &Queue, row: &Row, why: &str) {
    queue.say(format!("{} was not taken. {why}", row.name));
    row.state.set(State::Refused(why.to_owned()));
    forget(row);
}

fn stop(queue: &Queue, row: &Row, why: String) {
    queue.say(format!("{} has stopped. {why}", row.name));
    row.state.set(State::Stopped(why));
}

fn forget(row: &Row) {
    TAB.with_borrow_mut(|tab| tab.files.remove(&row.id));
}

/// Waits that grow.
#[derive(Default)]
struct Patience {
    waited: i32,
}

impl Patience {
    async fn wait(&mut self) {
        self.waited = (self.waited * 2).clamp(FIRST_WAIT, LONGEST_WAIT);
        wait(self.waited).await;
    }

    async fn lose(&mut self, queue: &Queue, row: &Row) {
        // Given up by the person, not lost.
        if !row.state.get_untracked().is_going() {
            return;
        }
        if self.waited == 0 {
            queue.say("The shop does not answer. The upload goes on by itself when it does.");
        }
        row.state.set(State::Unreachable);
        queue.throughput.update(Throughput::rest);
        self.wait().await;
    }
}
