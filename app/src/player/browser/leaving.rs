//! A last word to the shop while the page goes away.

use super::{call, object, when_refused};
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::js_sys::global;

/// Posts JSON in a request that outlives the page (`keepalive`, up to 64 KiB by the Fetch standard). Whether it arrived
/// nobody is there to hear.
pub fn send_while_leaving(path: &str, json: &str) {
    let headers = object(&[("content-type", "application/json".into()), ("accept", "application/json".into())]);
    let options =
        object(&[("method", "POST".into()), ("keepalive", JsValue::TRUE), ("headers", headers), ("body", json.into())]);
    if let Some(answer) = call(&global(), "fetch", &[path.into(), options]) {
        // The place is kept in the browser as well: a failure here loses nothing.
        when_refused(&answer, || {});
    }
}
