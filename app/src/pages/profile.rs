//! One's own account.

use super::account::Done;
use crate::AppError;
use crate::api::recovery::{ChangeEmail, KeepEmail, SendAgain, address};
use crate::components::failure::{FormError, and_back, outcome};
use crate::components::field::{Answer, Field, PasswordField};
use crate::components::google::AboutGoogle;
use crate::components::icons::{CHECK, Icon};
use crate::components::skeleton::PageSkeleton;
use domain::account::AddressStanding;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

/// What can be done about the address.
#[derive(Clone, Copy)]
struct Actions {
    again: ServerAction<SendAgain>,
    change: ServerAction<ChangeEmail>,
    keep: ServerAction<KeepEmail>,
}

#[component]
pub fn ProfilePage() -> impl IntoView {
    let actions = Actions { again: ServerAction::new(), change: ServerAction::new(), keep: ServerAction::new() };
    // Only what was done changes the page: what was refused stays as it was typed.
    let changes = Memo::new(move |before: Option<&(usize, usize)>| {
        let (changed, kept) = (actions.change.version().get(), actions.keep.version().get());
        let refused = matches!(&*actions.change.value().read(), Some(Err(_)));
        (if refused { before.copied().unwrap_or_default().0 } else { changed }, kept)
    });
    let read = Resource::new(move || changes.get(), |_| address());
    let change = Answer::of(actions.change);
    change.focus_refused();
    let (again, asked) = (Answer::of(actions.again).done(), change.done());
    let query = use_query_map();
    let sent = Signal::derive(move || again.get() || asked.get() || query.read().get_str("sent").is_some());
    view! {
        <Title text="Your account" />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Your account"</h1>
            <Done words="A mail is on its way. Open the link in it to confirm the address." shown=sent />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    match read.await {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        read => outcome(read, |standing| view! { <Address standing actions change /> }),
                    }
                })}
            </Transition>
            <AboutGoogle />
        </div>
    }
}

#[component]
fn Address(standing: AddressStanding, actions: Actions, change: Answer<()>) -> impl IntoView {
    let AddressStanding { email, confirmed, pending } = standing;
    let state =
        if confirmed { view! { <Icon path=CHECK /> "Confirmed" }.into_any() } else { "Not confirmed yet".into_any() };
    let email = email.to_string();
    let waiting = pending.map(|to| view! { <Waiting to=to.to_string() email=email.clone() actions /> });
    let unconfirmed = (!confirmed && waiting.is_none()).then(|| {
        view! {
            <p class="mt-4 max-w-prose text-soft">
                "We sent a mail to this address. Open the link in it, and we know that mails reach you."
            </p>
            <div class="mt-4"><SendAgainButton action=actions.again /></div>
        }
    });
    view! {
        <section class="panel mt-8 max-w-2xl p-6" aria-labelledby="address">
            <h2 class="text-xl" id="address">"Email address"</h2>
            <p class="mt-4 flex flex-wrap items-baseline gap-x-4 gap-y-1">
                <span class="font-semibold break-all">{email}</span>
                <span class="inline-flex items-center gap-1 text-sm font-semibold" data-testid="address-state">{state}</span>
            </p>
            {unconfirmed} {waiting}
            <ChangeForm actions answer=change />
        </section>
    }
}

/// A new address that is not confirmed yet.
#[component]
fn Waiting(to: String, email: String, actions: Actions) -> impl IntoView {
    view! {
        <div class="notice mt-4">
            <p>
                "Your account moves to " <span class="font-semibold break-all">{to}</span>
                " when you open the link in the mail that we sent there."
            </p>
            <div class="mt-3 flex flex-wrap gap-3">
                <SendAgainButton action=actions.again />
                <ActionForm action=actions.keep>
                    <button class="button button-quiet button-small" type="submit">
                        "Keep " <span class="break-all">{email}</span>
                    </button>
                </ActionForm>
            </div>
        </div>
    }
}

#[component]
fn SendAgainButton(action: ServerAction<SendAgain>) -> impl IntoView {
    let pending = action.pending();
    view! {
        <ActionForm action>
            <button class="button button-quiet button-small" type="submit" disabled=move || pending.get()>
                "Send the mail again"
            </button>
        </ActionForm>
    }
}

#[component]
fn ChangeForm(actions: Actions, answer: Answer<()>) -> impl IntoView {
    let pending = actions.change.pending();
    view! {
        <h3 class="mt-8 border-t border-line pt-6 font-semibold">"Change the address"</h3>
        <p class="mt-1 max-w-prose text-soft">
            "The new address counts once you have opened the link in the mail that we send there."
        </p>
        <ActionForm action=actions.change attr:class="mt-4 flex max-w-md flex-col gap-6">
            <FormError message=answer.on_form(&["email", "password"]) />
            <Field name="email" label="New email address" kind="email" autocomplete="email" error=answer.on_field("email") />
            <PasswordField autocomplete="current-password" error=answer.on_field("password") />
            <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Change the address"</button>
        </ActionForm>
    }
}
