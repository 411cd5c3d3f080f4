//! What a page shows when it could not be read.

use crate::AppError;
use crate::components::tags::Title;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::location::Url;

/// The page made of what was read, or the reason why there is none, with the HTTP status that fits.
pub fn outcome<T, V>(result: Result<T, AppError>, page: impl FnOnce(T) -> V) -> AnyView
where
    V: IntoView + 'static,
{
    match result {
        Ok(read) => page(read).into_any(),
        Err(error) => view! { <Failure error /> }.into_any(),
    }
}

/// Sets the HTTP status of the page. In the browser it is too late for one, and nothing happens.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// An address that leads back to this page after `path`, which is the log-in page or the one to register.
pub fn and_back(path: &str) -> String {
    let location = use_location();
    let (here, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let back = if search.is_empty() { here } else { format!("{here}?{search}") };
    format!("{path}?next={}", Url::escape(&back))
}

/// Why a page could not be shown, and what to do about it.
#[component]
pub fn Failure(error: AppError) -> impl IntoView {
    set_status(error.status());
    let title = match &error {
        AppError::NotFound(_) => "Not found",
        AppError::Unauthenticated => "Log in to go on",
        AppError::Forbidden => "Not for this account",
        AppError::ReauthRequired => "Is it you?",
        AppError::TwoFactorRequired => "A second step is needed",
        AppError::Unreachable => "No answer",
        AppError::TooMany { .. } => "One moment",
        AppError::Invalid { .. } | AppError::Conflict { .. } => "That did not work",
        AppError::Internal => "Something went wrong",
    };
    let words = error.to_string();
    let ways_on = match error {
        AppError::Unauthenticated => view! {
            <a class="button" href=and_back("/login")>"Log in"</a>
            <a class="button button-quiet" href=and_back("/register")>"Register"</a>
        }
        .into_any(),
        AppError::ReauthRequired => view! { <a class="button" href=and_back("/confirm")>"Confirm"</a> }.into_any(),
        AppError::TwoFactorRequired => {
            view! { <a class="button" href="/account/two-factor">"Turn it on"</a> }.into_any()
        }
        AppError::Unreachable | AppError::Internal | AppError::TooMany { .. } => {
            let location = use_location();
            let here = format!("{}?{}", location.pathname.get_untracked(), location.search.get_untracked());
            view! {
                // Another attempt needs a fresh page: `rel` keeps the router out of it.
                <a class="button" rel="external" href=here>"Try again"</a>
                <a class="button button-quiet" href="/">"Go to the shop window"</a>
            }
            .into_any()
        }
        _ => view! {
            <a class="button" href="/browse">"Browse all titles"</a>
            <a class="button button-quiet" href="/">"Go to the shop window"</a>
        }
        .into_any(),
    };
    view! {
        <Title text=title />
        <section class="page py-16 sm:py-24">
            <h1 class="text-3xl">{title}</h1>
            <p class="mt-4 max-w-prose text-lg text-soft">{words}</p>
            <div class="mt-8 flex flex-wrap gap-3">{ways_on}</div>
        </section>
    }
}

/// The way to prove again that it is them, for whoever was refused because their last proof is too old.
#[component]
pub fn ReauthFirst(#[prop(into)] shown: Signal<bool>) -> impl IntoView {
    view! {
        <a class="button button-small w-fit" class:hidden=move || !shown.get() href=and_back("/confirm")>
            "Confirm that it is you"
        </a>
    }
}

/// A sentence above a form that something was refused, read out when it appears.
#[component]
pub fn FormError(
    /// The sentence; `None` while nothing was refused.
    #[prop(into)]
    message: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="contents" role="alert">
            <p class="alert" class:hidden=move || message.read().is_none()>
                {move || message.get().unwrap_or_default()}
            </p>
        </div>
    }
}
