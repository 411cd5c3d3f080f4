//! A list that is searched by the beginning of a name, a page at a time; what is asked for stands in the address.

use super::frame::Frame;
use crate::components::pager::Pager;
use crate::components::tags::Title;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub text: String,
    pub page: u32,
}

impl Wanted {
    /// As the address says it.
    pub fn here() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            let query = query.read();
            let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
            Self { text: text("q"), page: text("page").parse().unwrap_or(1) }
        })
    }

    /// The address of another page of the same search, in the list at `base`.
    fn address(&self, base: &str, page: u32) -> String {
        format!("{base}?q={}&page={page}", Url::escape(&self.text))
    }
}

/// The page of such a list.
#[component]
pub fn FoundPage(
    heading: &'static str,
    /// Its address.
    base: &'static str,
    wanted: Wanted,
    /// How many were found, in words.
    total: String,
    /// This page and how many there are.
    number: u32,
    pages: u32,
    children: Children,
) -> impl IntoView {
    let asked = wanted.clone();
    view! {
        <Title text=heading />
        <Frame heading=heading.to_owned()>
            <Form action=base method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
                <div class="min-w-0 flex-1 basis-64">
                    <label class="text-sm font-semibold" for="find">"Name begins with"</label>
                    <input class="input mt-1" id="find" type="search" name="q" value=wanted.text autocomplete="off" maxlength="200" />
                </div>
                <button class="button button-quiet" type="submit">"Show"</button>
            </Form>
            <p class="mt-6 text-soft" role="status">{total}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{children()}</div>
            <Pager number count=pages address=move |page| asked.address(base, page) />
        </Frame>
    }
}

/// A line of it: a name that leads on, and what there is to say of it.
#[component]
pub fn FoundRow(href: String, name: String, about: String) -> impl IntoView {
    view! {
        <li class="relative flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-3 hover:bg-sunken">
            <h3 class="min-w-0 font-sans text-base font-semibold break-words">
                <a class="link after:absolute after:inset-0 after:content-['']" href=href>{name}</a>
            </h3>
            <p class="text-sm text-soft">{about}</p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_the_search() {
        let wanted = Wanted { text: "ann & bob".to_owned(), page: 1 };
        assert_eq!(wanted.address("/admin/series", 2), "/admin/series?q=ann%20%26%20bob&page=2");
    }
}
