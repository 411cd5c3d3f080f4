//! Tabs of the shop speak to each other, so that only one of them sounds.

use super::{call, construct, property};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::MessageEvent;
use leptos::web_sys::js_sys::Reflect;
use std::cell::RefCell;

const NAME: &str = "lectern.player";
const PLAYING: &str = "playing";

thread_local! {
    /// The channel is the page's own, and a JavaScript object cannot leave its thread.
    static CHANNEL: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Joins the channel; `pause` is called whenever another tab starts to play.
pub fn when_another_plays(pause: impl Fn() + 'static) {
    let Some(channel) = construct("BroadcastChannel", &[NAME.into()]) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if property(&event, "data").and_then(|data| data.as_string()).as_deref() == Some(PLAYING) {
            pause();
        }
    });
    // The player lives as long as the page, and so does what it hears with.
    Reflect::set(&channel, &"onmessage".into(), heard.into_js_value().unchecked_ref()).ok();
    CHANNEL.set(Some(channel));
}

/// Tells the other tabs that this one starts to play.
pub fn announce_playing() {
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            call(channel, "postMessage", &[PLAYING.into()]);
        }
    });
}
