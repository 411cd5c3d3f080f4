//! Places in books, kept in this browser for when the shop cannot be reached.

use super::super::resume_point::Kept;
use super::{call, global_property, property};
use leptos::wasm_bindgen::JsValue;
use uuid::Uuid;

fn storage() -> Option<JsValue> {
    global_property("localStorage")
}

fn read(key: &str) -> Option<String> {
    call(&storage()?, "getItem", &[key.into()])?.as_string()
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        call(&storage, "setItem", &[key.into(), value.into()]);
    }
}

/// Places belong to a person: several may share a browser.
fn prefix(user: Uuid) -> String {
    format!("lectern.place.{user}.")
}

/// The place of a person in a book, as this browser remembers it.
pub fn kept(user: Uuid, book: Uuid) -> Option<Kept> {
    serde_json::from_str(&read(&format!("{}{book}", prefix(user)))?).ok()
}

/// Remembers a place.
pub fn keep(user: Uuid, book: Uuid, kept: Kept) {
    if let Ok(text) = serde_json::to_string(&kept) {
        write(&format!("{}{book}", prefix(user)), &text);
    }
}

/// The places of a person that the shop was not told yet.
pub fn unsent(user: Uuid) -> Vec<(Uuid, Kept)> {
    let Some(storage) = storage() else { return Vec::new() };
    let length = property(&storage, "length").and_then(|length| length.as_f64()).unwrap_or_default() as u32;
    (0..length)
        .filter_map(|place| call(&storage, "key", &[place.into()])?.as_string())
        .filter_map(|key| key.strip_prefix(&prefix(user))?.parse().ok())
        .filter_map(|book| Some((book, kept(user, book)?)))
        .filter(|(_, kept)| !kept.sent)
        .collect()
}

/// A choice that was made in this browser; `true` until it was.
pub fn flag(name: &str) -> bool {
    read(&format!("lectern.{name}")).as_deref() != Some("off")
}

/// Remembers a choice.
pub fn set_flag(name: &str, on: bool) {
    write(&format!("lectern.{name}"), if on { "on" } else { "off" });
}
