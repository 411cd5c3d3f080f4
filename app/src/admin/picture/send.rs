//! A form with a file, sent by the script of the page.

use super::Sent;
use gloo_net::http::Request;
use web_sys::{FormData, HtmlFormElement};

const LOST: &str = "The shop did not answer. Check your connection and try again.";

/// Sends it, and says what became of it.
pub async fn form(address: &str, form: &HtmlFormElement) -> Sent {
    let refused = |why: &str| Sent::Refused(why.to_owned());
    let Ok(data) = FormData::new_with_form(form) else { return refused(LOST) };
    let Ok(request) = Request::post(address).header("Accept", "application/json").body(data) else {
        return refused(LOST);
    };
    let Ok(answer) = request.send().await else { return refused(LOST) };
    if answer.ok() {
        return Sent::Kept;
    }
    match answer.text().await {
        Ok(why) if !why.is_empty() => Sent::Refused(why),
        _ => refused(LOST),
    }
}
