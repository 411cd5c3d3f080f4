//! What one person may do.

use super::frame::Frame;
use crate::AppError;
use crate::api::people::{SetPermissions, person};
use crate::components::failure::{FormError, outcome};
use crate::components::field::Answer;
use crate::components::skeleton::PageSkeleton;
use domain::account::{Permission, Person};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::location::Url;
use uuid::Uuid;

#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
    let save = ServerAction::<SetPermissions>::new();
    let read = Resource::new(
        move || (id.get(), save.version().get()),
        |(id, _)| async move {
            match id {
                Some(id) => person(id).await,
                None => Err(AppError::NotFound("account".to_owned())),
            }
        },
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move { outcome(read.await, move |person| view! { <Rights person save /> }) })}
        </Transition>
    }
}

#[component]
fn Rights(person: Person, save: ServerAction<SetPermissions>) -> impl IntoView {
    let query = use_query_map();
    let answer = Answer::of(save);
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
            <p class="mt-6">
                <a class="link" href=format!("/admin/audit?who={}", Url::escape(user.email.as_str()))>
                    "What they did"
                </a>
            </p>
        </Frame>
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
