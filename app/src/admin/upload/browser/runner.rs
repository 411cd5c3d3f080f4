//! What the person asks for, and the loop that sends one file after the other.

use super::{Chosen, TAB, queue, tus};
use crate::AppError;
use crate::admin::upload::naming::{fingerprint, kept, left_out, title};
use crate::admin::upload::queue::{Queue, Row, State};
use crate::admin::upload::throughput::Throughput;
use crate::api::uploads::{begin_title, unfinished_uploads};
use domain::production::sidecars::SidecarKind;
use domain::production::{UnfinishedUpload, natural_sort};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// When there is something, and none of it to be heard.
const NO_AUDIO: &str = "There is no audio among these files. A cover or a cue sheet belongs to a recording: drop them together, \
    or on the page of the title.";

/// Takes files into the queue: as parts of `audiobook`, or of the title they were begun for, or of a new one.
pub async fn add(mut chosen: Vec<Chosen>, audiobook: Option<Uuid>) {
    let queue = queue();
    queue.trouble.set(None);
    chosen.sort_by(|left, right| natural_sort::compare(&left.path, &right.path));
    chosen.retain(|one| !queue.rows.with_untracked(|rows| rows.iter().any(|row| is_same(row, one))));
    let any = !chosen.is_empty();
    let lies_about = |one: &Chosen| left_out(&one.file.name(), &one.file.type_());
    // Beside a recording it is passed over; alone the shop says what it makes of it.
    if chosen.iter().any(|one| !lies_about(one) && SidecarKind::of(&one.path).is_none()) {
        chosen.retain(|one| !lies_about(one));
    }
    let paths: Vec<&str> = chosen.iter().map(|one| one.path.as_str()).collect();
    let mut keeps = kept(&paths, audiobook.is_some()).into_iter();
    chosen.retain(|_| keeps.next().unwrap_or(true));
    let of_book = |one: &&Chosen| SidecarKind::of(&one.path).is_none();
    let Some(first) = chosen.iter().find(of_book).or(chosen.first()) else {
        if any {
            queue.trouble.set(Some(NO_AUDIO.to_owned()));
        }
        return;
    };
    let begun = unfinished_uploads().await.unwrap_or_default();
    let begun = |one: &Chosen| {
        let fingerprint = fingerprint_of(one);
        begun
            .iter()
            .find(|upload| upload.fingerprint == fingerprint && audiobook.is_none_or(|id| upload.audiobook_id == id))
    };
    let known = audiobook.or_else(|| chosen.iter().find_map(|one| begun(one).map(|upload| upload.audiobook_id)));
    let audiobook = match known {
        Some(id) => id,
        None => match begin_title(title(&first.path)).await {
            Ok(id) => id,
            Err(error) => return complain(&queue, &error),
        },
    };
    let rows: Vec<Row> =
        chosen.iter().enumerate().map(|(position, one)| row(one, position, audiobook, begun(one))).collect();
    queue.say(match rows.as_slice() {
        [one] => format!("{} is on its way.", one.name),
        many => format!("{} files are on their way.", many.len()),
    });
    queue.rows.update(|all| all.extend(rows));
    run();
}

/// Takes a file into the queue that is to take the place of a part of a title.
pub fn replace(one: &Chosen, audiobook: Uuid, part: Uuid) {
    let queue = queue();
    queue.trouble.set(None);
    let row = Row { replaces: Some(part), ..row(one, 0, audiobook, None) };
    queue.say(format!("{} is on its way.", row.name));
    queue.rows.update(|all| all.push(row));
    run();
}

fn complain(queue: &Queue, error: &AppError) {
    queue.trouble.set(Some(error.to_string()));
}

fn fingerprint_of(one: &Chosen) -> String {
    fingerprint(&one.path, one.file.size(), one.file.last_modified())
}

fn is_same(row: &Row, one: &Chosen) -> bool {
    row.state.get_untracked().is_open() && row.fingerprint == fingerprint_of(one) && in_tab(row.id)
}

fn in_tab(row: u32) -> bool {
    TAB.with_borrow(|tab| tab.files.contains_key(&row))
}

fn row(one: &Chosen, position: usize, audiobook: Uuid, begun: Option<&UnfinishedUpload>) -> Row {
    let id = TAB.with_borrow_mut(|tab| {
        tab.next += 1;
        tab.files.insert(tab.next, one.file.clone());
        tab.next
    });
    #[expect(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    let received = begun.map_or(0.0, |upload| upload.received as f64);
    Row {
        id,
        audiobook: begun.map_or(audiobook, |upload| upload.audiobook_id),
        replaces: None,
        position,
        name: one.file.name(),
        path: one.path.clone(),
        size: one.file.size(),
        media_type: one.file.type_(),
        fingerprint: fingerprint_of(one),
        state: ArcRwSignal::new(State::Waiting),
        received: ArcRwSignal::new(received),
        url: ArcRwSignal::new(begun.map(|upload| format!("/uploads/{}", upload.id))),
    }
}

/// Sends what waits, unless that is under way.
fn run() {
    if TAB.with_borrow_mut(|tab| std::mem::replace(&mut tab.running, true)) {
        return;
    }
    spawn_local(async {
        let queue = queue();
        loop {
            let rows = queue.rows.get_untracked();
            let mut waiting = rows.iter().filter(|row| row.state.get_untracked().is_going());
            // The shop hears of every file before the first is sent: it begins when none is missing.
            let unknown =
                rows.iter().find(|row| row.state.get_untracked().is_going() && row.url.get_untracked().is_none());
            match (unknown, waiting.next()) {
                (Some(row), _) => tus::begin(&queue, row).await,
                (None, Some(row)) => tus::carry(&queue, row).await,
                (None, None) => break,
            }
        }
        queue.throughput.update(Throughput::rest);
        TAB.with_borrow_mut(|tab| tab.running = false);
    });
}

/// Ends the request that sends this file now.
fn interrupt(row: u32) {
    let request = TAB.with_borrow(|tab| tab.sending.as_ref().filter(|(of, _)| *of == row).map(|(_, it)| it.clone()));
    if let Some(request) = request {
        let _ = request.abort();
    }
}

/// Pauses a file; what has arrived stays.
pub fn pause(row: &Row) {
    if row.state.get_untracked().is_going() {
        row.state.set(State::Paused);
        interrupt(row.id);
        queue().throughput.update(Throughput::rest);
    }
}

/// Goes on with a file where it was.
pub fn go_on(row: &Row) {
    if row.state.get_untracked().can_go_on() {
        row.state.set(State::Waiting);
        run();
    }
}

/// Gives a file up and takes it off the list.
pub fn remove(row: &Row) {
    let was_open = row.state.get_untracked().is_open();
    row.state.set(State::Paused);
    interrupt(row.id);
    let queue = queue();
    queue.rows.update(|rows| rows.retain(|other| other.id != row.id));
    TAB.with_borrow_mut(|tab| tab.files.remove(&row.id));
    queue.say(format!("{} was taken off the list.", row.name));
    if let (true, Some(url)) = (was_open, row.url.get_untracked()) {
        let id = row.id;
        spawn_local(async move { tus::give_up(id, &url).await });
    }
}

/// Gives up an upload that another visit left.
pub async fn discard(upload: Uuid) {
    tus::give_up(0, &format!("/uploads/{upload}")).await;
}
