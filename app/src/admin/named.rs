//! The page of something that titles are listed under by its name: a category, a person, a series. A form, a panel to merge
//! it into another of its kind, and whatever else there is for one of them.

use super::frame::Frame;
use crate::AppError;
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::tags::Title;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use leptos_router::hooks::use_query_map;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The page: its name, where it stands, and its panels.
#[component]
pub fn NamedPage(
    name: String,
    /// How many titles there are, or nothing.
    #[prop(optional)]
    about: String,
    /// Where shoppers see it, if they do.
    in_shop: Option<String>,
    /// The list of all, and what that is called.
    all: (&'static str, &'static str),
    children: Children,
) -> impl IntoView {
    let about = (!about.is_empty()).then(|| format!("{about} · "));
    let in_shop = in_shop.map(|href| view! { <a class="link" href=href>"In the shop"</a> " · " });
    view! {
        <Title text=name.clone() />
        <Frame heading=name>
            <p class="mt-2 text-soft">
                {about} {in_shop} <a class="link" href=all.0>{all.1}</a>
            </p>
            {children()}
        </Frame>
    }
}

/// Its form, with the fields that are its children.
#[component]
pub fn SavePanel<S, Answer>(
    action: ServerAction<S>,
    /// What saving came back with.
    saved: FormState<()>,
    /// The names of the fields.
    fields: &'static [&'static str],
    id: Uuid,
    children: Children,
) -> impl IntoView
where
    S: DeserializeOwned
        + ServerFn<Protocol = Http<PostUrl, Answer>, Output = (), Error = AppError>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Client: Client<AppError>,
    <<S::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
{
    let query = use_query_map();
    let done = move || saved.done().get() || query.read().get_str("saved").is_some();
    view! {
        <ActionForm action=action attr:class="panel mt-8 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=saved.on_form(fields) />
            <p class="notice" role="status" class:hidden=move || !done()>"Saved."</p>
            <input type="hidden" name="id" value=id.to_string() />
            {children()}
            <button class="button w-fit" type="submit" disabled=move || action.pending().get()>"Save"</button>
        </ActionForm>
    }
}

/// A panel with one thing to do that cannot be undone, such as merging: what it means, and its fields.
#[component]
pub fn DeedPanel<S, Answer>(
    action: ServerAction<S>,
    /// The id of its heading.
    anchor: &'static str,
    heading: &'static str,
    #[prop(into)] about: String,
    /// What the button says.
    button: &'static str,
    /// Fields that show themselves what was wrong with them.
    #[prop(optional)]
    fields: &'static [&'static str],
    id: Uuid,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView
where
    S: DeserializeOwned
        + ServerFn<Protocol = Http<PostUrl, Answer>, Output = (), Error = AppError>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Client: Client<AppError>,
    <<S::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
{
    let answer = FormState::of(action);
    answer.focus_refused();
    view! {
        <section class="panel mt-6 max-w-2xl p-5 sm:p-6" aria-labelledby=anchor>
            <h2 class="text-xl" id=anchor>{heading}</h2>
            <p class="mt-2 text-soft">{about}</p>
            <ActionForm action=action attr:class="mt-4 flex flex-col gap-4">
                <FormError message=answer.on_form(fields) />
                <input type="hidden" name="id" value=id.to_string() />
                {children.map(|children| children())}
                <button class="button button-quiet w-fit" type="submit" disabled=move || action.pending().get()>{button}</button>
            </ActionForm>
        </section>
    }
}

/// What moves an entry of a list one place up or down. `children` are the hidden fields that name it.
#[component]
pub fn Shift<S, Answer>(
    action: ServerAction<S>,
    up: bool,
    /// What is moved.
    name: String,
    /// It stands at the end already.
    disabled: bool,
    children: Children,
) -> impl IntoView
where
    S: DeserializeOwned
        + ServerFn<Protocol = Http<PostUrl, Answer>, Output = (), Error = AppError>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Client: Client<AppError>,
    <<S::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
{
    let (sign, words) = if up { ("↑", "up") } else { ("↓", "down") };
    view! {
        <ActionForm action=action>
            {children()}
            <input type="hidden" name="up" value=up.to_string() />
            <button class="button button-quiet button-small" type="submit" disabled=disabled aria-label=format!("Move {name} {words}")>
                {sign}
            </button>
        </ActionForm>
    }
}
