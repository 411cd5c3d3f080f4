//! A program elsewhere that is told what happens, with what was sent to it.

use super::{State, Wanted};
use crate::admin::frame::Frame;
use crate::api::webhooks::{
    ChangeWebhook, RemoveWebhook, RenewWebhookSecret, ResendWebhookMessage, SwitchWebhook, WebhookMessages, webhook,
};
use crate::components::failure::{FormError, outcome};
use crate::components::field::FormState;
use crate::components::moment::Moment;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::Timestamp;
use domain::webhooks::{Delivery, DeliveryPlace, DeliveryStatus};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

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
