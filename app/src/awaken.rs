//! How a page comes to life: after it is painted, so that WebAssembly takes nothing from what is seen first.
//!
//! `awaken.js` waits for the largest paint and all that the page shows, then for an idle moment; or for the first touch, key
//! or movement of the pointer. A page that people arrive at sleeps on until something on it is used that needs WebAssembly:
//! a button that sends no form, a word, sound, a field outside of `[data-plain]`. Its links and forms are the browser's own;
//! menus close, samples play (`data-plays` within `.sounds`) and the search of the header suggests by the script alone.
//! What is typed, ticked or pressed until a page is alive is kept and done again, by [`when_alive`]. A page may sleep for so long
//! that another release has come: whoever then presses something sees it fetched anew.

use crate::paths;
use crate::player::use_player;
use domain::catalog::suggest::{Suggestion, SuggestionKind};
use leptos::prelude::*;
use leptos::web_sys::Event;
use leptos_router::location::RequestUrl;

const AWAKEN: &str = include_str!("awaken.js");

/// The files that the build made for pages, by their names with digests. They are read once: a server names those that
/// were there when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFiles {
    script: String,
    module: String,
    style: String,
}

impl SiteFiles {
    /// The addresses of the files.
    pub fn of(options: &LeptosOptions) -> Self {
        let digests = if options.hash_files {
            std::fs::read_to_string(options.hash_file.as_ref()).unwrap_or_default()
        } else {
            String::new()
        };
        Self::named(options, &digests)
    }

    /// `digests` has a line `kind: digest` for each kind of file.
    fn named(options: &LeptosOptions, digests: &str) -> Self {
        let digest = |kind: &str| {
            let lines = digests.lines().filter_map(|line| line.split_once(':'));
            lines.filter(|(named, _)| named.trim() == kind).map(|(_, digest)| format!(".{}", digest.trim())).next()
        };
        // What `cargo leptos` names the module when it builds with wasm-bindgen's own names.
        let plain = if option_env!("LEPTOS_OUTPUT_NAME").is_some() { "" } else { "_bg" };
        let address =
            |digest: &str, kind: &str| format!("/{}/{}{digest}.{kind}", options.site_pkg_dir, options.output_name);
        Self {
            script: address(&digest("js").unwrap_or_default(), "js"),
            module: address(&digest("wasm").unwrap_or_else(|| plain.to_owned()), "wasm"),
            style: address(&digest("css").unwrap_or_default(), "css"),
        }
    }
}

/// The stylesheet.
#[component]
pub fn Style(files: SiteFiles) -> impl IntoView {
    view! { <link rel="stylesheet" href=files.style /> }
}

/// The script that brings the page to life. It has the nonce of its page, and nothing is fetched before it says so.
#[component]
pub fn Awaken(files: SiteFiles) -> impl IntoView {
    let (script, module, kinds, sleeps) = (files.script, files.module, kinds(), this_sleeps());
    let script = format!("{}({script:?}, {module:?}, {kinds}, {sleeps})", AWAKEN.trim_end());
    view! { <script type="module" nonce=use_nonce()>{script}</script> }
}

/// Whether the page that is being drawn sleeps until it is used.
pub fn this_sleeps() -> bool {
    let address = use_context::<RequestUrl>().and_then(|url| url.parse().ok());
    address.is_some_and(|address| sleeps(address.path()))
}

/// Whether the page at a path sleeps until it is used: those that people arrive at and look around on. What is heard, what
/// tells the time and what admins work with comes to life by itself.
fn sleeps(path: &str) -> bool {
    const FIRST: [&str; 17] = [
        "",
        "books",
        "browse",
        "cart",
        "contact",
        "cookies",
        "discover",
        "forgot-password",
        "gift",
        "login",
        "people",
        "privacy",
        "register",
        "reset-password",
        "series",
        "terms",
        "withdrawal",
    ];
    FIRST.contains(&path.trim_start_matches('/').split('/').next().unwrap_or_default())
}

/// For each kind of suggestion what the address of its page begins with, and what it is called: an object of JavaScript.
fn kinds() -> String {
    let kind = |kind: SuggestionKind| {
        let place = paths::suggestion(&Suggestion { kind, slug: String::new(), name: String::new() });
        let name = serde_json::to_string(&kind).unwrap_or_default();
        format!("{name}: [{place:?}, {:?}]", kind.words())
    };
    let kinds = SuggestionKind::ALL.map(kind);
    format!("{{{}}}", kinds.join(", "))
}

/// Tells the script of the page, once all of it answers.
pub fn when_alive() {
    // A page comes to life in the order of its document, and this is the last piece of it.
    use_player().ahead.on_load(|_| {
        if let Ok(alive) = Event::new("alive") {
            document().dispatch_event(&alive).ok();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_files_of_the_build_by_their_digests() {
        let options = LeptosOptions::builder().output_name("lectern").site_pkg_dir("pkg").hash_files(true).build();
        let files = SiteFiles::named(&options, "js: abc\nwasm: def\ncss: ghi\nmanifest: xyz\n");
        assert_eq!(files.script, "/pkg/lectern.abc.js");
        assert_eq!(files.module, "/pkg/lectern.def.wasm");
        assert_eq!(files.style, "/pkg/lectern.ghi.css");
        assert_eq!(SiteFiles::named(&options, "").script, "/pkg/lectern.js");
    }

    #[test]
    fn pages_that_people_arrive_at_sleep_until_they_are_used() {
        for path in ["/", "/browse", "/books/the-snow-queen", "/people/ada-moss", "/login", "/terms"] {
            assert!(sleeps(path), "{path}");
        }
        for path in ["/library/the-snow-queen", "/checkout", "/orders", "/account", "/admin/titles", "/booksellers"] {
            assert!(!sleeps(path), "{path}");
        }
    }

    #[test]
    fn the_script_knows_where_each_kind_of_suggestion_leads() {
        let kinds = kinds();
        for kind in SuggestionKind::ALL {
            let suggestion = Suggestion { kind, slug: "one".to_owned(), name: String::new() };
            let place = paths::suggestion(&suggestion);
            let begins = place.strip_suffix("one").unwrap();
            assert!(kinds.contains(&format!("[{begins:?}, {:?}]", kind.words())), "{kinds}");
        }
        assert!(kinds.starts_with("{\"title\": [\"/books/\", \"Title\"]"), "{kinds}");
    }
}
