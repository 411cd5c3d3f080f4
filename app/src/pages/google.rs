//! Whether an account opens with Google.

use super::account::Done;
use crate::AppError;
use crate::api::google::{UnlinkGoogle, google_link_status};
use crate::components::failure::{FormError, ReauthFirst, and_back, outcome};
use crate::components::field::FormState;
use crate::components::google::GoogleRefused;
use crate::components::icons::{CHECK, Icon};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::{GoogleLink, GoogleLinkStatus};
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

#[component]
pub fn GooglePage() -> impl IntoView {
    let unlink = ServerAction::<UnlinkGoogle>::new();
    let answer = FormState::of(unlink);
    // Only what was done changes the page.
    let unlinked = Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*unlink.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { unlink.version().get() }
    });
    let read = Resource::new(move || unlinked.get(), |_| google_link_status());
    let (query, gone) = (use_query_map(), answer.done());
    let is_gone = Signal::derive(move || gone.get() || query.read().get_str("unlinked").is_some());
    let is_linked = Signal::derive(move || !is_gone.get() && query.read().get_str("linked").is_some());
    view! {
        <Title text="Google" />
        <div class="page max-w-3xl py-10 sm:py-14">
            <p><a class="link" href="/account">"Your account"</a></p>
            <h1 class="mt-4 text-3xl sm:text-4xl">"Logging in with Google"</h1>
            <p class="mt-4 max-w-prose text-soft">
                "When your account is linked to Google, you log in without typing a password here. Google learns that you \
                 have an account with us, and nothing of what you read."
            </p>
            <GoogleRefused />
            <Done words="Your account is linked to Google." shown=is_linked />
            <Done words="Your account is not linked to Google any more." shown=is_gone />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    match read.await {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        Err(AppError::ReauthRequired) => view! { <Redirect path=and_back("/confirm") /> }.into_any(),
                        read => outcome(read, move |status| view! { <Status status unlink answer /> }),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Status(status: GoogleLinkStatus, unlink: ServerAction<UnlinkGoogle>, answer: FormState<()>) -> impl IntoView {
    let GoogleLinkStatus { link, has_password } = status;
    match link {
        Some(link) => view! { <Linked link has_password unlink answer /> }.into_any(),
        None => view! {
            <section class="panel mt-8 p-6" data-testid="google-state">
                <p class="max-w-prose">"Your account is not linked."</p>
                // The router stays out of it: the way leads to the server.
                <p class="mt-4"><a class="button" rel="external" href="/login/google?link=1">"Link Google"</a></p>
            </section>
        }
        .into_any(),
    }
}

#[component]
fn Linked(
    link: GoogleLink,
    has_password: bool,
    unlink: ServerAction<UnlinkGoogle>,
    answer: FormState<()>,
) -> impl IntoView {
    let pending = unlink.pending();
    let GoogleLink { email, since, used_at } = link;
    let known_as = email.map(|email| view! { " as " <span class="font-semibold break-all">{email.to_string()}</span> });
    let password_first = (!has_password).then(|| {
        view! {
            <p class="mt-2 max-w-prose text-soft">
                "Google is the only way into your account. "
                <a class="link" href="/forgot-password">"Choose a password"</a> " before you unlink it."
            </p>
        }
    });
    view! {
        <section class="panel mt-8 p-6" data-testid="google-state">
            <p class="flex items-baseline gap-2">
                <Icon path=CHECK />
                <span>"Linked since " {since.date()} {known_as} ", last used on " {used_at.date()} "."</span>
            </p>
            {password_first}
            <ActionForm action=unlink attr:class="mt-4 flex flex-col gap-4">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <button class="button button-quiet w-fit" type="submit" disabled=move || pending.get()>
                    "Unlink Google"
                </button>
            </ActionForm>
        </section>
    }
}
