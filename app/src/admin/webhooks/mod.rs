//! Programs elsewhere that are told what happens.

mod one;

pub use one::WebhookPage;

use super::frame::Frame;
use crate::api::webhooks::{AddWebhook, Webhooks, webhooks};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::moment::Moment;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::Timestamp;
use domain::webhooks::{EventKind, OffWhy, Webhook};
use leptos::prelude::*;

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
