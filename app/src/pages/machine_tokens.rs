//! Tokens for machines: made, shown once, listed, taken back.

use crate::AppError;
use crate::api::machine_tokens::{MachineTokens, MakeMachineToken, RevokeMachineToken, machine_tokens};
use crate::components::failure::{FormError, ReauthFirst, and_back, outcome};
use crate::components::field::{Field, FormState};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::Day;
use domain::account::Scope;
use domain::account::machines::{DAYS_MAX, MachineToken};
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// How long a token is good for unless its owner says otherwise, in days.
const USUAL_DAYS: i32 = 90;

#[component]
pub fn MachineTokensPage() -> impl IntoView {
    let (make, revoke) = (ServerAction::<MakeMachineToken>::new(), ServerAction::<RevokeMachineToken>::new());
    // What was refused changes nothing, so that it stays as it was typed.
    let made = Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*make.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { make.version().get() }
    });
    let read = Resource::new(move || (made.get(), revoke.version().get()), |_| machine_tokens());
    let (making, revoking) = (FormState::of(make), FormState::of(revoke));
    making.focus_refused();
    view! {
        <Title text="Tokens for machines" />
        <div class="page max-w-3xl py-10 sm:py-14">
            <p><a class="link" href="/account">"Your account"</a></p>
            <h1 class="mt-4 text-3xl sm:text-4xl">"Tokens for machines"</h1>
            <p class="mt-4 max-w-prose text-soft">
                "With a token, a program of yours reaches the shop without your password: for what you choose, until the day you \
                 choose. How programs talk to the shop stands in "
                <a class="link" rel="external" href="/api/v1/docs">"the description of the API"</a> "."
            </p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move {
                    match read.await {
                        Err(AppError::Unauthenticated) => view! { <Redirect path=and_back("/login") /> }.into_any(),
                        Err(AppError::ReauthRequired) => view! { <Redirect path=and_back("/confirm") /> }.into_any(),
                        read => outcome(read, move |read| {
                            let MachineTokens { tokens, scopes, today, made } = read;
                            view! {
                                {made.map(|token| view! { <Made token /> })}
                                <Tokens tokens today revoke answer=revoking />
                                <Make scopes today action=make answer=making />
                            }
                        }),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Made(token: String) -> impl IntoView {
    view! {
        <section class="notice mt-8" role="status" aria-labelledby="made">
            <h2 class="text-xl" id="made">"Your new token"</h2>
            <p class="mt-2 max-w-prose">
                "Copy it now to where your program keeps its secrets. Nobody can show it again, neither you nor the shop."
            </p>
            <p class="mt-3 font-mono text-sm break-all select-all" data-testid="machine-token">{token}</p>
        </section>
    }
}

#[component]
fn Tokens(
    tokens: Vec<MachineToken>,
    today: Day,
    revoke: ServerAction<RevokeMachineToken>,
    answer: FormState<()>,
) -> impl IntoView {
    let list = if tokens.is_empty() {
        view! { <p class="mt-2 text-soft">"There are none."</p> }.into_any()
    } else {
        view! {
            <ul class="mt-4 divide-y divide-line border-y border-line" data-testid="machine-tokens">
                {tokens.into_iter().map(|token| view! { <Row token today revoke /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        <section class="panel mt-8 p-6" aria-labelledby="tokens">
            <h2 class="text-xl" id="tokens">"Your tokens"</h2>
            <p class="mt-2 max-w-prose text-soft">
                "A token goes on when you change your password or log out everywhere, so that your machines do. It ends on its \
                 day, when you take it back here, and with your account; all of them end when you replace a forgotten password \
                 by mail, or when an admin logs you out. What only admins may do is asked for at each use, and a token that was \
                 made for what you may no more ends."
            </p>
            <div class="mt-4 flex flex-col gap-4">
                <FormError message=answer.refused() />
            </div>
            {list}
        </section>
    }
}

#[component]
fn Row(token: MachineToken, today: Day, revoke: ServerAction<RevokeMachineToken>) -> impl IntoView {
    let last_day = token.last_day();
    let MachineToken { id, name, scopes, created_at, used_at, .. } = token;
    let opens = scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", ");
    let end = if last_day < today {
        format!("It ended on {}.", last_day.words())
    } else {
        format!("Good until {}, in UTC.", last_day.words())
    };
    let used = used_at.map_or_else(|| "Not used yet.".to_owned(), |at| format!("Last used on {}.", at.date()));
    let label = format!("Take back {name}");
    view! {
        <li class="flex flex-wrap items-start justify-between gap-4 py-4">
            <div>
                <p class="font-semibold break-words">{name}</p>
                <p class="text-sm text-soft">"Opens: " {opens} "."</p>
                <p class="text-sm text-soft">{format!("Made on {}. ", created_at.date())} {end} " " {used}</p>
            </div>
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=id.to_string() />
                <button
                    class="button button-quiet button-small"
                    type="submit"
                    aria-label=label
                    disabled=move || revoke.pending().get()
                >
                    "Take back"
                </button>
            </ActionForm>
        </li>
    }
}

#[component]
fn Make(
    scopes: Vec<Scope>,
    today: Day,
    action: ServerAction<MakeMachineToken>,
    answer: FormState<()>,
) -> impl IntoView {
    let pending = action.pending();
    let refused_scopes = answer.on_field("scopes");
    view! {
        <section class="panel mt-6 p-6" aria-labelledby="make">
            <h2 class="text-xl" id="make">"Make one"</h2>
            <ActionForm action attr:class="mt-4 flex max-w-xl flex-col gap-6">
                <FormError message=answer.on_form(&["name", "scopes", "last_day"]) />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <Field
                    name="name"
                    label="Name"
                    maxlength="60"
                    hint="What it is for, such as: the tills."
                    error=answer.on_field("name")
                />
                <fieldset aria-describedby="scopes-error">
                    <legend class="font-semibold">"What it opens"</legend>
                    {scopes.into_iter().map(|scope| view! { <Opens scope /> }).collect_view()}
                    <p class="mt-1 text-sm font-medium text-danger" id="scopes-error" aria-live="polite">
                        {move || refused_scopes.get().unwrap_or_default()}
                    </p>
                </fieldset>
                <Field
                    name="last_day"
                    label="Last day"
                    kind="date"
                    value=today.plus(USUAL_DAYS).to_string()
                    hint=format!("At the end of that day, in UTC, it opens nothing any more. At the latest {}.", today.plus(DAYS_MAX).words())
                    error=answer.on_field("last_day")
                />
                <button class="button w-full sm:w-fit" type="submit" disabled=move || pending.get()>"Make a token"</button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Opens(scope: Scope) -> impl IntoView {
    let name = scope.name();
    view! {
        <div class="mt-3 flex gap-3">
            <input
                class="mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                id=format!("scope-{name}")
                name="scopes[]"
                value=name
                aria-describedby=format!("scope-{name}-hint")
            />
            <div>
                <label class="font-medium first-letter:uppercase inline-block" for=format!("scope-{name}")>{name}</label>
                <p class="text-sm text-soft" id=format!("scope-{name}-hint")>{scope.about()}</p>
            </div>
        </div>
    }
}
