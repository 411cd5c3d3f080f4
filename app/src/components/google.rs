//! The ways to Google. They are links out of the pages, so they work without JavaScript.

use super::failure::FormError;
use crate::api::google::google_offered;
use domain::account::GoogleRefusal;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// The way in with Google, in a shop that has it. It leads back to where the person came from.
#[component]
pub fn ContinueWithGoogle() -> impl IntoView {
    let query = use_query_map();
    let way = Signal::derive(move || match query.read().get_str("next") {
        Some(next) => format!("/login/google?next={}", Url::escape(next)),
        None => "/login/google".to_owned(),
    });
    view! {
        <Offered>
            <div class="mt-8 border-t border-line pt-8">
                // The router stays out of it: the way leads to the server.
                <a class="button button-quiet w-full" rel="external" href=way>"Continue with Google"</a>
            </div>
        </Offered>
    }
}

/// The way to prove with Google that it is them, for who has no password.
#[component]
pub fn ConfirmWithGoogle() -> impl IntoView {
    let query = use_query_map();
    let way = Signal::derive(move || {
        let next = query.read().get_str("next").unwrap_or("/account").to_owned();
        format!("/login/google?confirm=1&next={}", Url::escape(&next))
    });
    view! {
        <Offered>
            <p class="mt-8"><a class="button" rel="external" href=way>"Confirm with Google"</a></p>
        </Offered>
    }
}

/// What is shown only in a shop with Google.
#[component]
pub fn Offered(children: ChildrenFn) -> impl IntoView {
    let offered = Resource::new(|| (), |()| google_offered());
    view! {
        <Transition>
            {move || {
                let children = children.clone();
                Suspend::new(async move { offered.await.unwrap_or_default().then(|| children()) })
            }}
        </Transition>
    }
}

/// Why somebody came back from Google without what they wanted.
#[component]
pub fn GoogleRefused() -> impl IntoView {
    let query = use_query_map();
    let words = Signal::derive(move || {
        let query = query.read();
        let refusal = query.get_str("google").and_then(GoogleRefusal::from_name);
        refusal.map(|refusal| refusal.to_string())
    });
    view! {
        <div class="mt-6" class:hidden=move || words.read().is_none()>
            <FormError message=words />
        </div>
    }
}

/// The way to the page that says how an account and Google stand.
#[component]
pub fn AboutGoogle() -> impl IntoView {
    view! {
        <Offered>
            <section class="panel mt-6 max-w-2xl p-6" aria-labelledby="google-section">
                <h2 class="text-xl" id="google-section">"Google"</h2>
                <p class="mt-2 max-w-prose text-soft">"You can log in with your account at Google as well."</p>
                <p class="mt-4"><a class="button button-quiet" href="/account/google">"Logging in with Google"</a></p>
            </section>
        </Offered>
    }
}
