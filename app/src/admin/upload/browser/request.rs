//! One request, with progress while its body is sent.

use super::TAB;
use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// A request that takes longer is given up and its upload gone on with, in milliseconds: a dead line looks like a slow one.
const PATIENCE_MS: u32 = 180_000;

/// What the shop answered.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub offset: Option<f64>,
    pub location: Option<String>,
    /// The sentence that came with it.
    pub text: String,
}

/// No answer came: the line is dead, or the request was given up.
#[derive(Clone, Copy, Debug)]
pub struct Lost;

impl From<JsValue> for Lost {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Sends a request of the protocol. `progress` is told the bytes of the body that were sent so far.
///
/// # Errors
/// [`Lost`] when no answer came.
pub async fn send(
    row: u32,
    method: &str,
    url: &str,
    headers: &[(&str, String)],
    body: Option<&Blob>,
    progress: impl FnMut(f64) + 'static,
) -> Result<Reply, Lost> {
    let request = XmlHttpRequest::new()?;
    request.open(method, url)?;
    request.set_timeout(PATIENCE_MS);
    request.set_request_header("Tus-Resumable", "1.0.0")?;
    for (name, value) in headers {
        request.set_request_header(name, value)?;
    }
    let mut progress = progress;
    let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| progress(event.loaded()));
    if body.is_some() {
        request.upload()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(body)?;
    TAB.with_borrow_mut(|tab| tab.sending = Some((row, request.clone())));
    let ended = JsFuture::from(ended).await;
    TAB.with_borrow_mut(|tab| tab.sending = None);
    ended?;
    let header = |name: &str| request.get_response_header(name).ok().flatten();
    match request.status()? {
        0 => Err(Lost),
        status => Ok(Reply {
            status,
            offset: header("Upload-Offset").and_then(|text| text.parse().ok()),
            location: header("Location"),
            text: request.response_text().ok().flatten().unwrap_or_default(),
        }),
    }
}

/// Waits so many milliseconds, or until the browser says that the network is back.
pub async fn wait(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let once = web_sys::AddEventListenerOptions::new();
        once.set_once(true);
        let _ = window().add_event_listener_with_callback_and_add_event_listener_options("online", &resolve, &once);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}
