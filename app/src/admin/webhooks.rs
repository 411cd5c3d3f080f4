//! Programs elsewhere that are told what happens: all of them, and one with what was sent to it.

use super::frame::Frame;
use crate::api::webhooks::{
    AddWebhook, ChangeWebhook, RemoveWebhook, RenewWebhookSecret, ResendWebhookMessage, SwitchWebhook, WebhookMessages,
    Webhooks, webhook, webhooks,
};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::moment::Moment;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::Timestamp;
use domain::webhooks::{Delivery, DeliveryPlace, DeliveryStatus, EventKind, OffWhy, Webhook};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

#[component]
pub fn WebhooksPage() -> impl IntoView {
    let add = ServerAction::<AddWebhook>::new();
    // What was refused changes nothing, so that it stays as it was typed.
    let added = Memo::new(move |before: Option<&usize>| {
        let refused = matches!(&*add.value().read(), Some(Err(_)));
        if refused { before.copied().unwrap_or_default() } else { add.version().get() }
    });
    let answer = FormState::of(add);
    answer.focus_refused();
    let read = Resource::new(move || added.get(), |_| webhooks());
    view! {
        <Title text="Webhooks" />
        <Frame heading="Webhooks".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Programs of yours that are told at once what happens here. Messages are signed as "
                <a class="link" href="https://www.standardwebhooks.com" rel="external noreferrer">"Standard Webhooks"</a>
                " says, and sent again for three days while they do not arrive."
            </p>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |read| view! { <All read /> }) })}
            </Transition>
            <section class="panel mt-8 max-w-2xl p-5 sm:p-6" aria-labelledby="add">
                <h2 class="text-xl" id="add">"Add an address"</h2>
                <ActionForm action=add attr:class="mt-4 flex flex-col gap-5">
                    <FormError message=answer.on_form(&["address", "events"]) />
                    <Wanted address=String::new() events=Vec::new() answer />
                    <button class="button w-fit" type="submit" disabled=move || add.pending().get()>"Add it"</button>
                </ActionForm>
            </section>
        </Frame>
    }
}

#[component]
fn All(read: Webhooks) -> impl IntoView {
    let Webhooks { all, made } = read;
    let made = made.map(|secret| {
        view! {
            <section class="notice mt-6" role="status" aria-labelledby="made">
                <h2 class="text-xl" id="made">"The secret"</h2>
                <p class="mt-2 max-w-prose">
                    "Copy it now to your program, which knows our messages by it. Nobody can show it again."
                </p>
                <p class="mt-3 font-mono text-sm break-all select-all" data-testid="webhook-secret">{secret}</p>
            </section>
        }
    });
    let row = |webhook: Webhook| {
        let events = webhook.events.iter().map(|event| event.name()).collect::<Vec<_>>().join(", ");
        view! {
            <li class="py-4">
                <p><a class="link font-semibold break-all" href=paths::admin_webhook(webhook.id)>{webhook.address.clone()}</a></p>
                <p class="text-sm text-soft">{events}</p>
                <State off=webhook.off failing_since=webhook.failing_since />
            </li>
        }
    };
    let list = if all.is_empty() {
        view! { <Empty title="No addresses yet"><p>"Nobody is told what happens."</p></Empty> }.into_any()
    } else {
        view! {
            <ul class="max-w-2xl divide-y divide-line border-y border-line" data-testid="webhooks">
                {all.into_iter().map(row).collect_view()}
            </ul>
        }
        .into_any()
    };
    view! {
        {made}
        <div class="mt-6">{list}</div>
    }
}

/// Whether messages arrive.
#[component]
fn State(off: Option<(Timestamp, OffWhy)>, failing_since: Option<Timestamp>) -> impl IntoView {
    match (off, failing_since) {
        (Some((at, why)), _) => {
            let why = match why {
                OffWhy::Switched => "Switched off on ",
                OffWhy::Gone => "Off, as it answered that it is gone, since ",
                OffWhy::Failing => "Off, as for days no message arrived, since ",
            };
            view! { <p class="text-sm font-medium">{why} <Moment at /></p> }.into_any()
        }
        (None, Some(at)) => {
            view! { <p class="text-sm font-medium text-danger">"No message arrives since " <Moment at /></p> }
                .into_any()
        }
        (None, None) => view! { <p class="text-sm text-soft">"On"</p> }.into_any(),
    }
}

/// The fields of an address and what it is told.
#[component]
fn Wanted(address: String, events: Vec<EventKind>, answer: FormState<()>) -> impl IntoView {
    let refused = answer.on_field("events");
    let tick = move |kind: EventKind| {
        let (name, checked) = (kind.name(), events.contains(&kind));
        view! {
            <div class="mt-3 flex gap-3">
                <input
                    class="mt-1 size-5 shrink-0 accent-accent"
                    type="checkbox"
                    id=name
                    name="events[]"
                    value=name
                    checked=checked
                    aria-describedby=format!("{name}-hint")
                />
                <div>
                    <label class="font-mono text-sm" for=name>{name}</label>
                    <p class="text-sm text-soft" id=format!("{name}-hint")>{kind.about()}</p>
                </div>
            </div>
        }
    };
    view! {
        <Field
            name="address"
            label="Address"
            kind="url"
            maxlength="500"
            hint="It begins with https:// and leads into the world."
            value=address
            error=answer.on_field("address")
        />
        <fieldset>
            <legend class="font-semibold">"What it is told"</legend>
            {EventKind::ALL.into_iter().map(tick).collect_view()}
            <p class="mt-1 text-sm font-medium text-danger" id="events-error" aria-live="polite">
                {move || refused.get().unwrap_or_default()}
            </p>
        </fieldset>
    }
}

/// What can be done about one address.
#[derive(Clone, Copy)]
struct Deeds {
    change: ServerAction<ChangeWebhook>,
    changed: FormState<()>,
    switch: ServerAction<SwitchWebhook>,
    renew: ServerAction<RenewWebhookSecret>,
    remove: ServerAction<RemoveWebhook>,
    resend: ServerAction<ResendWebhookMessage>,
}

#[component]
pub fn WebhookPage() -> impl IntoView {
    let change = ServerAction::<ChangeWebhook>::new();
    let deeds = Deeds {
        change,
        changed: FormState::of(change),
        switch: ServerAction::new(),
        renew: ServerAction::new(),
        remove: ServerAction::new(),
        resend: ServerAction::new(),
    };
    deeds.changed.focus_refused();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let id = params.read().get_str("id").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default();
        let query = query.read();
        let at = query.get_str("at").and_then(|at| at.parse().ok()).map(Timestamp);
        let after = at.zip(query.get_str("id").and_then(|id| Uuid::parse_str(id).ok()));
        (id, after.map(|(at, id)| DeliveryPlace { at, id }))
    };
    let changes = move || (deeds.change.version().get(), deeds.switch.version().get(), deeds.resend.version().get());
    let read = Resource::new(move || (asked(), changes()), |((id, after), _)| webhook(id, after));
    view! {
        <Title text="Webhook" />
        <Frame heading="Webhook".to_owned()>
            <p class="mt-2"><a class="link" href="/admin/webhooks">"All webhooks"</a></p>
            <div class="mt-4 flex flex-col gap-2">
                <FormError message=FormState::of(deeds.switch).refused() />
                <FormError message=FormState::of(deeds.renew).refused() />
                <FormError message=FormState::of(deeds.remove).refused() />
                <FormError message=FormState::of(deeds.resend).refused() />
            </div>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |read| view! { <One read deeds /> }) })}
            </Transition>
        </Frame>
    }
}

#[component]
fn One(read: WebhookMessages, deeds: Deeds) -> impl IntoView {
    let WebhookMessages { webhook, messages, next } = read;
    let (id, on) = (webhook.id, webhook.off.is_none());
    let Deeds { change, changed, switch, renew, remove, resend } = deeds;
    let list = if messages.is_empty() {
        view! { <p class="mt-2 text-soft">"Nothing was sent to it yet."</p> }.into_any()
    } else {
        view! {
            <ul class="mt-4 divide-y divide-line border-y border-line" data-testid="webhook-messages">
                {messages.into_iter().map(|message| view! { <Message webhook=id message resend /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    let older = next.map(|DeliveryPlace { at, id: last }| {
        let href = format!("{}?at={}&id={last}", paths::admin_webhook(id), at.0);
        view! { <p class="mt-4"><a class="link" href=href>"Older ones"</a></p> }
    });
    let renewed = webhook.old_secret_until.map(|at| {
        view! { <p class="text-sm text-soft">"The secret of before signs as well until " <Moment at /></p> }
    });
    let meanwhile = (!on).then(|| {
        view! {
            <p class="text-sm text-soft">
                "What happens while it is off it is never told. A message whose time comes meanwhile is given up."
            </p>
        }
    });
    view! {
        <State off=webhook.off failing_since=webhook.failing_since />
        {meanwhile}
        {renewed}
        <div class="mt-4 flex flex-wrap gap-3">
            <ActionForm action=switch>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="on" value=(!on).to_string() />
                <button class="button button-quiet button-small" type="submit" disabled=move || switch.pending().get()>
                    {if on { "Switch it off" } else { "Switch it on" }}
                </button>
            </ActionForm>
            <ActionForm action=renew>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet button-small" type="submit" disabled=move || renew.pending().get()>
                    "Renew the secret"
                </button>
            </ActionForm>
            <ActionForm action=remove>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button-quiet button-small" type="submit" disabled=move || remove.pending().get()>
                    "Remove it"
                </button>
            </ActionForm>
        </div>
        <ActionForm action=change attr:class="panel mt-6 flex max-w-2xl flex-col gap-5 p-5 sm:p-6">
            <FormError message=changed.on_form(&["address", "events"]) />
            <input type="hidden" name="id" value=id.to_string() />
            <Wanted address=webhook.address events=webhook.events answer=changed />
            <button class="button w-fit" type="submit" disabled=move || change.pending().get()>"Save"</button>
        </ActionForm>
        <h2 class="mt-8 text-xl">"What was sent"</h2>
        {list}
        {older}
    }
}

#[component]
fn Message(webhook: Uuid, message: Delivery, resend: ServerAction<ResendWebhookMessage>) -> impl IntoView {
    let Delivery { id, event, body, status, tries, created_at, next_at, answer_status, answer, took_ms, .. } = message;
    let state = match status {
        DeliveryStatus::Waiting => "On its way",
        DeliveryStatus::Arrived => "Arrived",
        DeliveryStatus::Failed => "Did not arrive",
    };
    let answered = answer_status.map_or_else(|| "no answer".to_owned(), |status| format!("answer {status}"));
    let last = (tries > 0).then(|| {
        let took = took_ms.map(|ms| format!(" after {ms} ms")).unwrap_or_default();
        format!(" Try {tries}: {answered}{took}.")
    });
    let next = next_at.filter(|_| tries > 0).map(|at| view! { " The next try: " <Moment at /> "." });
    view! {
        <li class="py-4">
            <div class="flex flex-wrap items-start justify-between gap-4">
                <p>
                    <span class="font-mono text-sm">{event}</span> " " <span class="font-semibold">{state}</span> "." {last} {next}
                    <span class="block text-sm text-soft"><Moment at=created_at /></span>
                </p>
                <ActionForm action=resend>
                    <input type="hidden" name="id" value=webhook.to_string() />
                    <input type="hidden" name="message" value=id.to_string() />
                    <button class="button button-quiet button-small" type="submit" disabled=move || resend.pending().get()>
                        "Send again"
                    </button>
                </ActionForm>
            </div>
            <details class="mt-2">
                <summary class="text-sm">"What was said"</summary>
                <pre class="mt-2 text-xs break-all whitespace-pre-wrap">{body}</pre>
                <pre class="mt-2 text-xs break-all whitespace-pre-wrap text-soft">{answer}</pre>
            </details>
        </li>
    }
}
