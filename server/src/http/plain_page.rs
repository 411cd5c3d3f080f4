//! A page of the server's own, in the shop's look, without scripts.

use crate::AppState;
use crate::markup::escape;
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// Its HTML. `heading`, `nav` and `body` are HTML already.
pub fn plain_page(state: &AppState, heading: &str, nav: &str, body: &str) -> String {
    let shop = state.settings.at_hand();
    let (name, lang) = (escape(&shop.name), shop.language.tag());
    let style = view! { <HashedStylesheet options=state.leptos.clone() /> }.to_html();
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{heading} · {name}</title>\
         {style}</head><body><main class=\"page py-8 sm:py-10\">\
         {nav}<h1 class=\"mt-6 text-3xl\">{heading}</h1>{body}</main></body></html>"
    )
}
