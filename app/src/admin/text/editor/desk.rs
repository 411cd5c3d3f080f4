//! What the sentences on the page share, and what keys do to them.

use super::keys::{Command, Held, command};
use super::sound::Sound;
use crate::api::editing::{EditSentence, UndoEdit};
use domain::transcript::Standing;
use domain::transcript::edits::Line;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use uuid::Uuid;

/// What the sentences on the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    pub id: Uuid,
    pub from_ms: i64,
    pub edit: ServerAction<EditSentence>,
    pub undo: ServerAction<UndoEdit>,
    pub open: RwSignal<Option<Uuid>>,
    pub sound: Sound,
    pub hydrated: ReadSignal<bool>,
}

impl Desk {
    /// Opens a sentence and goes into its text, or closes it.
    pub fn toggle(self, id: Uuid) {
        if self.open.get_untracked() == Some(id) {
            self.close(id);
        } else {
            self.open.set(Some(id));
            request_animation_frame(move || focus(&format!("text-{id}")));
        }
    }

    /// Closes a sentence; the focus stays on it.
    pub fn close(self, id: Uuid) {
        self.open.set(None);
        request_animation_frame(move || focus_line(id));
    }

    /// The change that a key asks for, of a sentence as it is shown.
    fn by_key(self, line: &Line, change: &str) -> EditSentence {
        EditSentence {
            id: self.id,
            sentence: line.id,
            version: line.version,
            change: change.to_owned(),
            text: line.text.clone(),
            speaker: line.speaker.clone().unwrap_or_default(),
            reach: 1,
            from: self.from_ms,
        }
    }
}

/// What a key does that was pressed in the list of sentences.
pub fn on_key(desk: Desk, lines: StoredValue<Vec<Line>>, last: Option<Uuid>, event: &ev::KeyboardEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(item) = target.closest("[data-line]").ok().flatten() else { return };
    let id = item.get_attribute("data-line").and_then(|id| id.parse::<Uuid>().ok());
    let Some(line) = lines.with_value(|lines| lines.iter().find(|line| Some(line.id) == id).cloned()) else { return };
    let typing = matches!(target.tag_name().to_ascii_lowercase().as_str(), "textarea" | "input" | "select");
    let held = Held { control: event.ctrl_key() || event.meta_key(), alt: event.alt_key() };
    let Some(command) = command(&event.key(), &event.code(), held, typing) else { return };
    match command {
        Command::Play => desk.sound.toggle(line.start_ms),
        Command::Next => beside(&item, true),
        Command::Previous => beside(&item, false),
        Command::Edit => desk.toggle(line.id),
        Command::Close if desk.open.get_untracked() == Some(line.id) => desk.close(line.id),
        Command::Close => return,
        Command::Save => save(&item),
        Command::Join => {
            desk.edit.dispatch(desk.by_key(&line, "join"));
        }
        Command::Drop => {
            let change = if line.standing == Standing::Dropped { "restore" } else { "drop" };
            desk.edit.dispatch(desk.by_key(&line, change));
        }
        Command::Undo => match last {
            Some(edit) => {
                desk.undo.dispatch(UndoEdit { id: desk.id, edit, from: desk.from_ms, chapters: false });
            }
            None => return,
        },
    }
    event.prevent_default();
}

/// Presses the button that saves, so that the browser looks at the fields as it does for whoever clicks.
fn save(item: &Element) {
    let button = item.query_selector("button[value=save]").ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

fn beside(item: &Element, forwards: bool) {
    let other = if forwards { item.next_element_sibling() } else { item.previous_element_sibling() };
    if let Some(id) = other.and_then(|other| other.get_attribute("data-line")).and_then(|id| id.parse().ok()) {
        focus_line(id);
    }
}

/// Brings the focus to a sentence.
pub fn focus_line(id: Uuid) {
    let Some(line) = document().get_element_by_id(&format!("line-{id}")) else { return };
    let link = line.query_selector("[data-testid=line-text]").ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        link.focus().ok();
    }
}

fn focus(id: &str) {
    let found = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        element.focus().ok();
    }
}
