//! The second step of a log-in: giving the code, setting it up.

use super::account::Sheet;
use crate::AppError;
use crate::api::account::use_viewer;
use crate::api::two_factor::{
    DisableTwoFactor, EnableTwoFactor, EnrollTwoFactor, KeepRecoveryCodes, RenewRecoveryCodes, TwoFactorView,
    two_factor,
};
use crate::components::failure::{FormError, ReauthFirst, and_back, outcome};
use crate::components::field::{Field, FormState};
use crate::components::icons::{CHECK, Icon};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::{TotpEnrollment, TwoFactor};
use leptos::prelude::*;
use leptos_router::components::Redirect;

pub(super) const CODE_HINT: &str = "Six digits from your app, or one of your recovery codes.";

/// Where a log-in goes on when the account has a second step.
#[component]
pub fn CodePage() -> impl IntoView {
    let action = use_viewer().code;
    let answer = FormState::of(action);
    answer.focus_refused();
    let pending = action.pending();
    view! {
        <Title text="Second step" />
        <Sheet heading="Second step">
            <p class="mt-4 text-soft">"That was right. Now the code."</p>
            <ActionForm action attr:class="mt-8 flex flex-col gap-6">
                <FormError message=answer.on_form(&["code"]) />
                <Field name="code" label="Code" autocomplete="one-time-code" hint=CODE_HINT error=answer.on_field("code") />
                <button class="button w-full" type="submit" disabled=move || pending.get()>"Log in"</button>
            </ActionForm>
            <p class="mt-8 border-t border-line pt-6 text-soft">
                "Not you, or too late? " <a class="link" href="/login">"Begin again"</a>
            </p>
        </Sheet>
    }
}

/// What can be done about the second step.
#[derive(Clone, Copy)]
struct Actions {
    begin: ServerAction<EnrollTwoFactor>,
    on: ServerAction<EnableTwoFactor>,
    off: ServerAction<DisableTwoFactor>,
    renew: ServerAction<RenewRecoveryCodes>,
    keep: ServerAction<KeepRecoveryCodes>,
}

#[component]
pub fn TwoFactorPage() -> impl IntoView {
    let actions = Actions {
        begin: ServerAction::new(),
        on: ServerAction::new(),
        off: ServerAction::new(),
        renew: ServerAction::new(),
        keep: ServerAction::new(),
    };
    let Actions { begin, on, off, renew, keep } = actions;
    // A code that was refused is typed anew beneath the same picture.
    let turned_on = Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*on.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { on.version().get() }
    });
    let changes = move || {
        (begin.version().get(), turned_on.get(), off.version().get(), renew.version().get(), keep.version().get())
    };
    let read = Resource::new(changes, |_| two_factor());
    let answer = FormState::of(on);
    answer.focus_refused();
    view! {
        <Title text="Second step" />
        <div class="page max-w-3xl py-10 sm:py-14">
            <p><a class="link" href="/account">"Your account"</a></p>
            <h1 class="mt-4 text-3xl sm:text-4xl">"A second step at log-in"</h1>
            <p class="mt-4 max-w-prose text-soft">
                "Besides your password, logging in asks for a code that an app on your phone shows. Whoever learns your \
                 password does not get in without your phone."
            </p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    match read.await {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        Err(AppError::ReauthRequired) => view! { <Redirect path=and_back("/confirm") /> }.into_any(),
                        read => outcome(read, move |view| view! { <Status view actions answer /> }),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Status(view: TwoFactorView, actions: Actions, answer: FormState<()>) -> impl IntoView {
    let TwoFactorView { status, qr_code } = view;
    let TwoFactor { since, codes_left, enrollment, new_codes } = status;
    match (since, enrollment) {
        (Some(since), _) => view! {
            <p class="notice mt-8 flex items-center gap-2" role="status" data-testid="two-factor-state">
                <Icon path=CHECK /> {format!("On since {}.", since.date())}
            </p>
            <Codes left=codes_left new_codes actions />
            <section class="panel mt-6 p-6" aria-labelledby="off">
                <h2 class="text-xl" id="off">"Turn it off"</h2>
                <p class="mt-2 max-w-prose text-soft">
                    "Then logging in asks for no code any more. You are logged out everywhere but here."
                </p>
                <ActionForm action=actions.off attr:class="mt-4 flex flex-col gap-4">
                    <Press answer=FormState::of(actions.off) pending=actions.off.pending() words="Turn it off" quiet=true />
                </ActionForm>
            </section>
        }
        .into_any(),
        (None, Some(enrollment)) => view! { <Enrollment enrollment qr_code codes=new_codes actions answer /> }.into_any(),
        (None, None) => view! {
            <section class="panel mt-8 p-6" data-testid="two-factor-state">
                <p class="max-w-prose">
                    "It is off. You need an authenticator app on your phone; any of them will do, and most password \
                     managers are one too."
                </p>
                <ActionForm action=actions.begin attr:class="mt-4 flex flex-col gap-4">
                    <Press answer=FormState::of(actions.begin) pending=actions.begin.pending() words="Set it up" />
                </ActionForm>
            </section>
        }
        .into_any(),
    }
}

/// What stands in a form that needs nothing but a recent proof.
#[component]
fn Press(
    answer: FormState<()>,
    #[prop(into)] pending: Signal<bool>,
    words: &'static str,
    /// It is not what most come for.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    view! {
        <FormError message=answer.refused() />
        <ReauthFirst shown=answer.wants_reauthentication() />
        <button class="button w-fit" class=("button-quiet", quiet) type="submit" disabled=move || pending.get()>
            {words}
        </button>
    }
}

#[component]
fn Enrollment(
    enrollment: TotpEnrollment,
    qr_code: Option<String>,
    codes: Vec<String>,
    actions: Actions,
    answer: FormState<()>,
) -> impl IntoView {
    let pending = actions.on.pending();
    let TotpEnrollment { key, address } = enrollment;
    view! {
        <ol class="mt-8 space-y-6">
            <li class="panel p-6">
                <h2 class="text-xl">"1. Tell your app"</h2>
                <p class="mt-2 max-w-prose text-soft">"Scan the picture with the app, or type the key into it."</p>
                <div class="mt-4 flex flex-col gap-6 sm:flex-row sm:items-center">
                    <div
                        class="w-fit rounded-lg bg-white p-2 [&>svg]:size-48"
                        role="img"
                        aria-label="QR code with the key for your app"
                        inner_html=qr_code
                    ></div>
                    <div>
                        <p class="font-semibold">"Key"</p>
                        <p class="mt-1 font-mono break-words" data-testid="two-factor-key">{key}</p>
                        <p class="mt-3"><a class="link" rel="external" href=address>"Open it in an app on this device"</a></p>
                    </div>
                </div>
            </li>
            <li class="panel p-6">
                <h2 class="text-xl">"2. Keep your recovery codes"</h2>
                <p class="mt-2 max-w-prose text-soft">
                    "Each lets you in once if you lose your phone. Print them or write them down, and keep them where your \
                     password is not."
                </p>
                <CodeList codes />
            </li>
            <li class="panel p-6">
                <h2 class="text-xl">"3. Type the code that the app shows"</h2>
                <ActionForm action=actions.on attr:class="mt-4 flex max-w-sm flex-col gap-6">
                    <FormError message=answer.on_form(&["code"]) />
                    <ReauthFirst shown=answer.wants_reauthentication() />
                    <Field
                        name="code"
                        label="Code"
                        autocomplete="one-time-code"
                        inputmode="numeric"
                        hint="Six digits. You are then logged out everywhere but here."
                        error=answer.on_field("code")
                    />
                    <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Turn it on"</button>
                </ActionForm>
            </li>
        </ol>
    }
}

#[component]
fn Codes(left: u64, new_codes: Vec<String>, actions: Actions) -> impl IntoView {
    let body = if new_codes.is_empty() {
        let left = match left {
            0 => "None is left: make new ones now.".to_owned(),
            1 => "One is left.".to_owned(),
            left => format!("{left} are left."),
        };
        view! {
            <p class="mt-2 max-w-prose text-soft">"Each lets you in once if you lose your phone. " {left}</p>
            <ActionForm action=actions.renew attr:class="mt-4 flex flex-col gap-4">
                <Press answer=FormState::of(actions.renew) pending=actions.renew.pending() words="Make new ones" quiet=true />
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <p class="mt-2 max-w-prose text-soft">
                "These are new. Print them or write them down. They take the place of the old ones when you say that you have \
                 them."
            </p>
            <CodeList codes=new_codes />
            <ActionForm action=actions.keep attr:class="mt-4 flex flex-col gap-4">
                <Press answer=FormState::of(actions.keep) pending=actions.keep.pending() words="I have them" />
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="panel mt-6 p-6" aria-labelledby="codes">
            <h2 class="text-xl" id="codes">"Recovery codes"</h2>
            {body}
        </section>
    }
}

#[component]
fn CodeList(codes: Vec<String>) -> impl IntoView {
    view! {
        <ul class="mt-4 grid gap-x-8 gap-y-2 font-mono text-sm sm:grid-cols-2" data-testid="recovery-codes">
            {codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}
        </ul>
    }
}
