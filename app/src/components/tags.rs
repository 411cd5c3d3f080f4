//! What search engines, feed readers and shared links read of a page: its address, what it is about, structured data.

use crate::api::settings::use_shop;
use leptos::prelude::*;
use leptos_meta::{Link, Meta};
use serde_json::Value;

/// Where the shop stands on the web, without a slash at the end: shared addresses have to be whole.
fn site() -> String {
    #[cfg(feature = "ssr")]
    let site = crate::context::shop().map(|shop| shop.public_url.to_string()).unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let site = window().location().origin().unwrap_or_default();
    site
}

/// A path of the shop as a whole address.
pub fn whole(path: &str) -> String {
    format!("{}{path}", site())
}

/// What stands in the browser's tab, before the name of the shop.
///
/// A text and never a signal: the server writes the title when the page it belongs to may be gone already, outside of
/// everything that is reactive, and a browser reads it once more while a page is left. A title that changes is drawn
/// anew: `move || view! { <Title text=heading.get() /> }`.
#[component]
pub fn Title(#[prop(into)] text: String) -> impl IntoView {
    view! { <leptos_meta::Title text /> }
}

/// Title, description and address of a page that anyone may find and share.
#[component]
pub fn PageTags(
    /// What stands in the browser's tab; empty for the shop's name alone.
    #[prop(into)]
    title: String,
    #[prop(into)] description: String,
    /// The one address of this page, from the slash on: what else leads to it says so by this.
    #[prop(into)]
    path: String,
    /// The path of a picture that is about this page.
    #[prop(into, optional)]
    image: Option<String>,
    /// What Open Graph calls it.
    #[prop(default = "website")]
    kind: &'static str,
    /// The path of the feed that tells what is new here.
    #[prop(into, optional)]
    feed: Option<String>,
) -> impl IntoView {
    let address = whole(&path);
    let shop = use_shop().name_now();
    let shown = if title.is_empty() { shop.clone() } else { title.clone() };
    view! {
        <Title text=title />
        <Link rel="canonical" href=address.clone() />
        <Meta name="description" content=description.clone() />
        <Meta property="og:type" content=kind />
        <Meta property="og:site_name" content=shop />
        <Meta property="og:title" content=shown.clone() />
        <Meta property="og:description" content=description />
        <Meta property="og:url" content=address />
        <Meta name="twitter:card" content=if image.is_some() { "summary_large_image" } else { "summary" } />
        {image
            .map(|path| {
                view! {
                    <Meta property="og:image" content=whole(&path) />
                    <Meta property="og:image:alt" content=format!("Cover of {shown}") />
                }
            })}
        {feed
            .map(|path| {
                view! { <Link rel="alternate" type_="application/atom+xml" title="What is new" href=path /> }
            })}
    }
}

/// A page that crawlers may read but are asked not to list, such as one of many views of the same titles.
#[component]
pub fn Unlisted() -> impl IntoView {
    view! { <Meta name="robots" content="noindex, follow" /> }
}

/// Facts about a page as schema.org names them (JSON-LD).
///
/// They are in the page as it is sent; a browser that goes on from page to page has no use for them, so its program does
/// without what makes them.
#[component]
pub fn StructuredData<F>(data: F) -> impl IntoView
where
    F: FnOnce() -> Value + 'static,
{
    #[cfg(feature = "ssr")]
    let script = view! { <script type="application/ld+json" inner_html=inside_a_script(&data())></script> };
    #[cfg(not(feature = "ssr"))]
    let script = {
        drop(data);
        view! { <script type="application/ld+json"></script> }
    };
    script
}

/// The end of the script must not be found inside it.
#[cfg(feature = "ssr")]
fn inside_a_script(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_description_cannot_end_the_structured_data() {
        let said = serde_json::json!({ "name": "</script><b>" });
        let written = inside_a_script(&said);
        assert!(!written.contains('<'), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), said);
    }

    #[test]
    fn no_page_names_its_tab_by_what_may_be_gone_when_it_is_read() {
        let (mut folders, mut found) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                if text.lines().any(|line| line.contains("leptos_meta::") && line.contains("Title")) {
                    found.push(path.file_name().unwrap().to_owned());
                }
            }
        }
        found.sort();
        assert_eq!(found, ["shell.rs", "tags.rs"], "the others take `components::tags::Title`");
    }
}
