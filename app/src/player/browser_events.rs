//! What reaches the player from outside its own controls: keys, headsets, other tabs, the network, the page's end.

use super::browser::{self, media_session};
use super::keys::{Command, Focus, command};
use super::playback_rate::{BACK_MS, ON_MS};
use super::state::Player;
use super::timeline::{chapter_after, chapter_before};
use crate::api::account::use_viewer;
use crate::components::text::names;
use crate::paths;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// The name under which this browser remembers whether keys act.
const KEYS: &str = "keys";

impl Player {
    /// Connects everything, once. On the server nothing happens: effects run in the browser only.
    pub(super) fn wire(self) {
        self.follow_viewer();
        Effect::new(move |_| {
            self.keys.set(browser::flag(KEYS));
            browser::when_another_plays(move || self.pause());
            self.listen_to_window();
            self.listen_to_session();
        });
        // Only a change of chapter is worth showing, not every step of the voice.
        let chapter = Memo::new(move |_| self.chapter());
        Effect::new(move |_| self.show_in_session(chapter.get()));
    }

    /// Whose places are kept: when that changes, the book is put away.
    fn follow_viewer(self) {
        let viewer = use_viewer();
        Effect::new(move |_| {
            // No answer says nothing about who it is.
            let Some(Ok(user)) = viewer.user.get() else { return };
            let user = user.map(|user| user.id);
            let before = self.inner.with_value(|inner| inner.user);
            if before == user {
                return;
            }
            if before.is_some() {
                self.close();
            }
            self.inner.update_value(|inner| inner.user = user);
            self.send_unsent();
        });
    }

    fn listen_to_window(self) {
        // The player lives as long as the page: none of these is ever taken away.
        window_event_listener(ev::keydown, move |event| self.on_key(&event));
        window_event_listener(ev::pagehide, move |_| self.keep_place_leaving());
        window_event_listener(ev::online, move |_| {
            self.send_unsent();
            self.retry();
        });
        // It bubbles from the document up to the window.
        window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                self.keep_place_leaving();
            }
        });
    }

    fn on_key(self, event: &ev::KeyboardEvent) {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        if event.default_prevented() || modified || !self.keys.get_untracked() {
            return;
        }
        if self.book.with_untracked(Option::is_none) {
            return;
        }
        let focus = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let focus = focus.map_or(Focus::Page, |element| {
            let attribute = |name| element.get_attribute(name).unwrap_or_default();
            let editable = element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
            Focus::of(&element.tag_name(), &attribute("type"), &attribute("role"), editable)
        });
        let Some(command) = command(&event.key(), focus) else { return };
        event.prevent_default();
        match command {
            Command::Toggle => self.toggle(),
            Command::Back => self.skip(-BACK_MS),
            Command::On => self.skip(ON_MS),
            Command::Faster => self.set_speed(self.speed.get_untracked().faster()),
            Command::Slower => self.set_speed(self.speed.get_untracked().slower()),
        }
    }

    fn listen_to_session(self) {
        media_session::on("play", move |_| self.play());
        media_session::on("pause", move |_| self.pause());
        media_session::on("stop", move |_| self.pause());
        media_session::on("seekbackward", move |_| self.skip(-BACK_MS));
        media_session::on("seekforward", move |_| self.skip(ON_MS));
        media_session::on("seekto", move |at_ms| {
            if let Some(at_ms) = at_ms {
                self.seek(at_ms);
            }
        });
        media_session::on("previoustrack", move |_| self.previous_chapter());
        media_session::on("nexttrack", move |_| self.next_chapter());
    }

    fn previous_chapter(self) {
        let at_ms = self.at_ms.get_untracked();
        if let Some(book) = self.book.get_untracked() {
            self.seek(chapter_before(&book.facts.chapters, at_ms));
        }
    }

    fn next_chapter(self) {
        let at_ms = self.at_ms.get_untracked();
        if let Some(next) = self.book.get_untracked().and_then(|book| chapter_after(&book.facts.chapters, at_ms)) {
            self.seek(next);
        }
    }

    /// Shows the book and its chapter on lock screens and the like.
    fn show_in_session(self, chapter: Option<usize>) {
        let Some(book) = self.book.get() else { return };
        media_session::show(&media_session::Shown {
            title: &book.facts.summary.title,
            chapter: chapter.and_then(|place| book.chapter(place)).map(|chapter| chapter.title.as_str()),
            authors: &names(&book.facts.summary.authors),
            artwork: &paths::artwork(&book.facts.summary),
        });
    }

    /// Tells lock screens and the like whether it plays, where and how fast.
    pub(super) fn tell_session(self) {
        let (playing, at_ms) = (self.playing.get_untracked(), self.at_ms.get_untracked());
        let duration_ms = untrack(|| self.duration_ms());
        media_session::tell(playing, at_ms, duration_ms, self.speed.get_untracked().rate());
    }

    /// Turns keys on or off, and remembers it.
    pub fn set_keys(self, on: bool) {
        self.keys.set(on);
        browser::set_flag(KEYS, on);
    }
}
