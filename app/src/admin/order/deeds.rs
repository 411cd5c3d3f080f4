//! What can be done about an order.

use crate::api::office::{NoteOrder, RefundLines, ResendReceipt};
use crate::components::failure::{FormError, ReauthFirst};
use crate::components::field::FormState;
use domain::ordering::OrderLine;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What can be done, and what it came back with.
#[derive(Clone, Copy)]
pub(super) struct Deeds {
    pub refund: ServerAction<RefundLines>,
    pub refunded: FormState<()>,
    pub note: ServerAction<NoteOrder>,
    pub noted: FormState<()>,
    pub resend: ServerAction<ResendReceipt>,
    pub resent: FormState<()>,
}

/// Paying back by ticking lines.
#[component]
pub(super) fn Refund(number: String, lines: Vec<OrderLine>, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.refund, deeds.refunded);
    let done = move || answer.done().get() || query.read().get_str("refund").is_some();
    let form = (!lines.is_empty()).then(|| {
        view! {
            <ActionForm action attr:class="space-y-4">
                <FormError message=answer.refused() />
                <ReauthFirst shown=answer.wants_reauthentication() />
                <input type="hidden" name="number" value=number />
                <fieldset>
                    <legend class="font-semibold">"What to pay back"</legend>
                    {lines.into_iter().map(|line| view! { <Tick line /> }).collect_view()}
                </fieldset>
                <div>
                    <label class="font-semibold" for="reason">"Reason"</label>
                    <p class="text-sm text-soft" id="reason-hint">"The buyer finds it in what they download about themselves."</p>
                    <input
                        class="input mt-1"
                        id="reason"
                        name="reason"
                        maxlength="500"
                        required
                        autocomplete="off"
                        aria-describedby="reason-hint"
                    />
                </div>
                <button class="button" type="submit" disabled=move || action.pending().get() data-testid="refund">
                    "Pay back"
                </button>
            </ActionForm>
        }
    });
    let shown = form.is_some();
    view! {
        <section class="panel mt-8 max-w-xl space-y-4 p-5" aria-labelledby="pay-back">
            <h2 class="text-lg font-semibold" id="pay-back">"Pay back"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>
                "It is on its way: once the bank has said yes, the titles leave the library and the buyer gets a mail."
            </p>
            {form}
            {(!shown).then(|| view! { <p class="text-soft">"There is nothing left to pay back."</p> })}
        </section>
    }
}

#[component]
fn Tick(line: OrderLine) -> impl IntoView {
    let id = format!("line-{}", line.id);
    view! {
        <div class="mt-3 flex gap-3">
            <input
                class="mt-1 size-5 shrink-0 accent-accent"
                type="checkbox"
                id=id.clone()
                name="lines[]"
                value=line.id.to_string()
            />
            <label for=id>{format!("{}, {}", line.title, line.left())}</label>
        </div>
    }
}

#[component]
pub(super) fn Note(number: String, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.note, deeds.noted);
    let done = move || answer.done().get() || query.read().get_str("noted").is_some();
    view! {
        <section class="panel mt-8 max-w-xl space-y-4 p-5" aria-labelledby="note-heading">
            <h2 class="text-lg font-semibold" id="note-heading">"Note"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>"It is written down."</p>
            <ActionForm action attr:class="space-y-4">
                <FormError message=answer.refused() />
                <input type="hidden" name="number" value=number />
                <div>
                    <label class="font-semibold" for="note">"A note for those who look after orders"</label>
                    <p class="text-sm text-soft" id="note-hint">"The buyer finds it in what they download about themselves."</p>
                    <textarea
                        class="input mt-1"
                        id="note"
                        name="note"
                        rows="3"
                        maxlength="500"
                        aria-describedby="note-hint"
                        required
                    ></textarea>
                </div>
                <button class="button button-quiet" type="submit" disabled=move || action.pending().get()>
                    "Write it down"
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
pub(super) fn Receipt(number: String, deeds: Deeds) -> impl IntoView {
    let query = use_query_map();
    let (action, answer) = (deeds.resend, deeds.resent);
    let done = move || answer.done().get() || query.read().get_str("sent").is_some();
    view! {
        <section class="panel mt-6 max-w-xl space-y-4 p-5" aria-labelledby="receipt-heading">
            <h2 class="text-lg font-semibold" id="receipt-heading">"Receipt"</h2>
            <p class="notice" role="status" class:hidden=move || !done()>"It is on its way to the buyer."</p>
            <ActionForm action>
                <FormError message=answer.refused() />
                <input type="hidden" name="number" value=number />
                <button class="button button-quiet" type="submit" disabled=move || action.pending().get()>
                    "Send it again"
                </button>
            </ActionForm>
        </section>
    }
}
