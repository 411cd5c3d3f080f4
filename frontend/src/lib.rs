//! The WASM entry: it brings the server's page to life, nothing else.

// A page is one nested type; the product page is more than 256 levels deep.
#![recursion_limit = "1024"]

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
