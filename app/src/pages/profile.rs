//! One's own account.

mod forms;
mod leaving;
mod sessions;

pub use leaving::DeleteAccountPage;

use super::account::Done;
use crate::AppError;
use crate::api::account::use_viewer;
use crate::api::profile::{profile, sessions};
use crate::api::recovery::{ChangeEmail, KeepEmail, SendAgain, address};
use crate::components::failure::{FormError, ReauthFirst, and_back, outcome};
use crate::components::field::{Field, FormState, PasswordField};
use crate::components::google::AboutGoogle;
use crate::components::icons::{CHECK, Icon};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::EmailStatus;
use forms::{ChangePasswordForm, Forms, Name, Preferences};
use leaving::TakeAndLeave;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use sessions::{Ends, Sessions};

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
    let (forms, ends) = (Forms::new(), Ends::new());
    let (moved, renamed, preferred) =
        (times_done(actions.change), times_done(use_viewer().rename), times_done(forms.prefer));
    let address = Resource::new(move || (moved.get(), actions.keep.version().get()), |_| address());
    let own = Resource::new(move || (renamed.get(), preferred.get()), |_| profile());
    let ended = move || (ends.there.version().get(), ends.elsewhere.version().get(), forms.passwords_sent());
    let places = Resource::new(ended, |_| sessions());
    let change = FormState::of(actions.change);
    change.focus_refused();
    let (again, asked) = (FormState::of(actions.again).done(), change.done());
    let query = use_query_map();
    let sent = Signal::derive(move || again.get() || asked.get() || query.read().get_str("sent").is_some());
    view! {
        <Title text="Your account" />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Your account"</h1>
            <Done words="A mail is on its way. Open the link in it to confirm the address." shown=sent />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    let (status, own, places) = (address.await, own.await, places.await);
                    let all = status.and_then(|status| Ok((status, own?, places?)));
                    match all {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        all => outcome(all, move |(status, own, sessions)| {
                            let (name, has_password, language) = (own.name.clone(), own.has_password, own.language);
                            view! {
                                <Name name forms />
                                <Address status has_password actions change />
                                <ChangePasswordForm has_password forms />
                                <TwoFactorSection />
                                <Preferences own forms />
                                <Sessions sessions language ends />
                                <MachinesSection />
                                <TakeAndLeave />
                            }
                        }),
                    }
                })}
            </Transition>
            <AboutGoogle />
        </div>
    }
}

/// Counts what was done. What was refused changes nothing, so that it stays as it was typed.
fn times_done<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*action.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { action.version().get() }
    })
}

/// A part of the page. The id is that of its heading.
#[component]
fn Section(id: &'static str, heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel mt-6 max-w-2xl p-6" aria-labelledby=id>
            <h2 class="text-xl" id=id>{heading}</h2>
            {children()}
        </section>
    }
}

/// The way to the page where the second step is turned on and off.
#[component]
fn TwoFactorSection() -> impl IntoView {
    view! {
        <Section id="two-factor-section" heading="A second step at log-in">
            <p class="mt-2 max-w-prose text-soft">
                "Logging in can ask for a code of your phone as well, so that your password alone opens nothing."
            </p>
            <p class="mt-4"><a class="button button-quiet" href="/account/two-factor">"Set up or turn off"</a></p>
        </Section>
    }
}

/// The way to the page where tokens for machines are made and taken back.
#[component]
fn MachinesSection() -> impl IntoView {
    view! {
        <Section id="machines-section" heading="Tokens for machines">
            <p class="mt-2 max-w-prose text-soft">
                "A program of yours can reach the shop by a token of its own, for what you choose and until the day you choose."
            </p>
            <p class="mt-4"><a class="button button-quiet" href="/account/tokens">"Make or take back"</a></p>
        </Section>
    }
}

#[component]
fn Address(status: EmailStatus, has_password: bool, actions: Actions, change: FormState<()>) -> impl IntoView {
    let EmailStatus { email, confirmed, pending } = status;
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
            <ChangeForm has_password actions answer=change />
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
fn ChangeForm(has_password: bool, actions: Actions, answer: FormState<()>) -> impl IntoView {
    let pending = actions.change.pending();
    let password = has_password
        .then(|| view! { <PasswordField autocomplete="current-password" error=answer.on_field("password") /> });
    view! {
        <h3 class="mt-8 border-t border-line pt-6 font-semibold">"Change the address"</h3>
        <p class="mt-1 max-w-prose text-soft">
            "The new address counts once you have opened the link in the mail that we send there."
        </p>
        <ActionForm action=actions.change attr:class="mt-4 flex max-w-md flex-col gap-6">
            <FormError message=answer.on_form(&["email", "password"]) />
            <ReauthFirst shown=answer.wants_reauthentication() />
            <Field name="email" label="New email address" kind="email" autocomplete="email" error=answer.on_field("email") />
            {password}
            <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Change the address"</button>
        </ActionForm>
    }
}
