//! What one person may do.

use super::frame::Frame;
use crate::AppError;
use crate::api::users::{DisableTwoFactorOf, LogOutUser, SetPermissions, user};
use crate::components::failure::{FormError, ReauthFirst, outcome};
use crate::components::field::FormState;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use domain::account::{Permission, UserDetails};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::location::Url;
use uuid::Uuid;

#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
    let save = ServerAction::<SetPermissions>::new();
    let off = ServerAction::<DisableTwoFactorOf>::new();
    let out = ServerAction::<LogOutUser>::new();
    let read = Resource::new(
        move || (id.get(), save.version().get(), off.version().get()),
        |(id, ..)| async move {
            match id {
                Some(id) => user(id).await,
                None => Err(AppError::NotFound("account".to_owned())),
            }
        },
    );
    // Here, because what is below is made anew when the person is read again.
    let (saved, turned_off) = (FormState::of(save), FormState::of(off));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |person| view! { <Rights person save saved off turned_off out /> })
            })}
        </Transition>
    }
}

#[component]
fn Rights(
    person: UserDetails,
    save: ServerAction<SetPermissions>,
    /// What saving came back with.
    saved: FormState<()>,
    off: ServerAction<DisableTwoFactorOf>,
    /// What turning the second step off came back with.
    turned_off: FormState<()>,
    out: ServerAction<LogOutUser>,
) -> impl IntoView {
    let query = use_query_map();
    let answer = saved;
    let saved = move || answer.done().get() || query.read().get_str("saved").is_some();
    let user = person.user;
    view! {
        <Title text=user.email.to_string() />
        <Frame heading=user.name.clone()>
            <p class="mt-2 break-all">{user.email.to_string()}</p>
            <p class="mt-1 text-sm text-soft">
                {if user.is_admin() { "Admin" } else { "Shopper" }} {person.disabled.then_some(", disabled")} ", since "
                <time datetime=person.since.rfc3339()>{person.since.date()}</time>
            </p>
            <ActionForm action=save attr:class="panel mt-8 max-w-xl space-y-4 p-5">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <p class="notice" role="status" class:hidden=move || !saved()>
                    "Saved. They have been logged out everywhere and go on with these permissions."
                </p>
                <input type="hidden" name="id" value=user.id.to_string() />
                <fieldset>
                    <legend class="font-semibold">"Permissions"</legend>
                    <p class="text-sm text-soft">"With none of them, they are a shopper."</p>
                    {Permission::ALL
                        .map(|permission| {
                            view! { <Right permission given=user.permissions.contains(permission) /> }
                        })
                        .collect_view()}
                </fieldset>
                <button class="button" type="submit" disabled=move || save.pending().get() data-testid="save-permissions">
                    "Save"
                </button>
            </ActionForm>
            <TwoFactorOf id=user.id on=person.two_factor off answer=turned_off />
            <LoggedIn id=user.id out />
            <p class="mt-6">
                <a class="link" href=format!("/admin/audit?who={}", Url::escape(user.email.as_str()))>
                    "What they did"
                </a>
            </p>
        </Frame>
    }
}

/// Whether somebody's log-in has a second step, and a way to turn it off for whoever has lost all that it takes.
#[component]
fn TwoFactorOf(id: Uuid, on: bool, off: ServerAction<DisableTwoFactorOf>, answer: FormState<()>) -> impl IntoView {
    let query = use_query_map();
    let done = move || answer.done().get() || query.read().get_str("off").is_some();
    let way_off = on.then(|| {
        view! {
            <p class="text-sm text-soft">
                "Only for somebody who has lost phone and recovery codes and showed you who they are."
            </p>
            <ActionForm action=off attr:class="flex flex-col gap-4">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet w-fit" type="submit" disabled=move || off.pending().get()>
                    "Turn it off"
                </button>
            </ActionForm>
        }
    });
    view! {
        <section class="panel mt-6 max-w-xl space-y-4 p-5" aria-labelledby="two-factor">
            <h2 class="text-lg font-semibold" id="two-factor">"Second step"</h2>
            <p>{if on { "Logging in asks for a code as well." } else { "Logging in asks for no code." }}</p>
            <p class="notice" role="status" class:hidden=move || !done()>
                "It is off. They have been logged out everywhere and told by mail."
            </p>
            {way_off}
        </section>
    }
}

/// A way to log somebody out whose device was stolen.
#[component]
fn LoggedIn(id: Uuid, out: ServerAction<LogOutUser>) -> impl IntoView {
    let query = use_query_map();
    let answer = FormState::of(out);
    let done = move || answer.done().get() || query.read().get_str("out").is_some();
    view! {
        <section class="panel mt-6 max-w-xl space-y-4 p-5" aria-labelledby="logged-in">
            <h2 class="text-lg font-semibold" id="logged-in">"Where they are logged in"</h2>
            <p class="text-sm text-soft">"When a device of theirs was stolen. They may log in again at once."</p>
            <p class="notice" role="status" class:hidden=move || !done()>
                "They have been logged out everywhere, browsers and programs."
            </p>
            <ActionForm action=out attr:class="flex flex-col gap-4">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet w-fit" type="submit" disabled=move || out.pending().get()>
                    "Log them out everywhere"
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Right(permission: Permission, given: bool) -> impl IntoView {
    let name = permission.name();
    view! {
        <div class="mt-3 flex gap-3">
            <input
                class="mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                id=name
                name="permissions[]"
                value=name
                checked=given
                aria-describedby=format!("{name}-hint")
            />
            <div>
                <label class="font-medium first-letter:uppercase inline-block" for=name>{name}</label>
                <p class="text-sm text-soft" id=format!("{name}-hint")>{permission.about()}</p>
            </div>
        </div>
    }
}
