//! The controls of a lock screen, a headset or a keyboard (Media Session, W3C working draft).

use super::{call, construct, global_property, object, property};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Array, Reflect};

/// What is shown there.
pub struct Shown<'a> {
    pub title: &'a str,
    pub chapter: Option<&'a str>,
    pub authors: &'a str,
    /// The cover in several sizes: address, sides and media type of each.
    pub artwork: &'a [(String, &'static str, &'static str)],
}

fn session() -> Option<JsValue> {
    property(&global_property("navigator")?, "mediaSession")
}

/// Shows a book.
pub fn show(shown: &Shown<'_>) {
    let Some(session) = session() else { return };
    let artwork: Array = shown
        .artwork
        .iter()
        .map(|(src, sizes, kind)| object(&[("src", src.into()), ("sizes", (*sizes).into()), ("type", (*kind).into())]))
        .collect();
    let facts = object(&[
        ("title", shown.chapter.unwrap_or(shown.title).into()),
        ("artist", shown.authors.into()),
        ("album", shown.title.into()),
        ("artwork", artwork.into()),
    ]);
    if let Some(metadata) = construct("MediaMetadata", &[facts]) {
        Reflect::set(&session, &"metadata".into(), &metadata).ok();
    }
}

/// Shows nothing any more.
pub fn clear() {
    let Some(session) = session() else { return };
    Reflect::set(&session, &"metadata".into(), &JsValue::NULL).ok();
    set_playing(&session, "none");
}

/// Shows whether it plays, and where: milliseconds, and the speed as a factor.
pub fn tell(playing: bool, at_ms: i64, duration_ms: i64, rate: f64) {
    let Some(session) = session() else { return };
    set_playing(&session, if playing { "playing" } else { "paused" });
    let seconds = |ms: i64| JsValue::from_f64(ms as f64 / 1000.0);
    let state = object(&[
        ("duration", seconds(duration_ms.max(0))),
        ("position", seconds(at_ms.clamp(0, duration_ms.max(0)))),
        ("playbackRate", rate.into()),
    ]);
    call(&session, "setPositionState", &[state]);
}

fn set_playing(session: &JsValue, state: &str) {
    Reflect::set(session, &"playbackState".into(), &state.into()).ok();
}

/// Calls `act` when `action` (`play`, `pause`, `seekbackward`, ..) is asked for there, with the place in milliseconds
/// where the action has one. A browser that does not know the action is left in peace.
pub fn on(action: &str, act: impl Fn(Option<i64>) + 'static) {
    let Some(session) = session() else { return };
    let asked = Closure::<dyn Fn(JsValue)>::new(move |details: JsValue| {
        let seconds = property(&details, "seekTime").and_then(|time| time.as_f64());
        act(seconds.map(|seconds| (seconds * 1000.0) as i64));
    });
    // The player lives as long as the page, and so do its handlers.
    call(&session, "setActionHandler", &[action.into(), asked.into_js_value().unchecked_into()]);
}
