//! How a gift stands, for who bought it.

use crate::api::gifts::{ResendGift, gift_link};
use crate::components::failure::FormError;
use crate::components::field::{Field, FormState};
use crate::components::use_hydrated;
use domain::ordering::{Gift, GiftState};
use leptos::prelude::*;

/// How it stands, in a sentence.
pub fn gift_words(gift: &Gift, state: GiftState) -> String {
    let whom = gift.recipient.clone().unwrap_or_else(|| "an address that is forgotten".to_owned());
    match state {
        GiftState::Unpaid => "It is not paid, so nothing is sent.".to_owned(),
        GiftState::Waits => format!("The mail goes to {whom} on {}.", gift.send_on.words()),
        GiftState::Sent => {
            let on = gift.sent_at.map(|at| format!(" on {}", at.date())).unwrap_or_default();
            format!("The mail went to {whom}{on}. The gift is not accepted yet.")
        }
        GiftState::Redeemed => {
            let on = gift.redeemed_at.map(|at| format!(" on {}", at.date())).unwrap_or_default();
            format!("The gift was accepted{on}.")
        }
        GiftState::Over => "It was paid back: its link is worth nothing any more.".to_owned(),
    }
}

/// How a gift stands, with its link and the way to send it once more.
#[component]
pub fn GiftOfOrder(
    number: String,
    gift: Gift,
    state: GiftState,
    resend: ServerAction<ResendGift>,
    answer: FormState<()>,
    /// It was just sent again.
    #[prop(into)]
    resent: Signal<bool>,
) -> impl IntoView {
    let words = gift_words(&gift, state);
    let open = matches!(state, GiftState::Waits | GiftState::Sent);
    let (recipient, of) = (gift.recipient.clone().unwrap_or_default(), number.clone());
    view! {
        <section class="mt-8" aria-labelledby="gift" data-testid="gift">
            <h2 class="text-xl" id="gift">"Your gift"</h2>
            <p class="mt-3 break-words" data-testid="gift-state">{words}</p>
            {gift
                .message
                .map(|message| {
                    view! {
                        <blockquote class="mt-3 border-l-4 border-line pl-4 break-words whitespace-pre-line">{message}</blockquote>
                    }
                })}
            {open
                .then(move || {
                    view! {
                        <GiftLink number=of />
                        <ActionForm action=resend attr:class="mt-6 flex max-w-xl flex-col gap-4 print:hidden">
                            <FormError message=answer.on_form(&["recipient"]) />
                            <p role="status">{move || resent.get().then_some("It is on its way again.")}</p>
                            <input type="hidden" name="number" value=number />
                            <Field
                                name="recipient"
                                label="Send it again, or to another address"
                                kind="email"
                                maxlength="254"
                                hint="Another address gets another link, and the one before stops working. Before its day the mail waits for it."
                                value=recipient
                                error=answer.on_field("recipient")
                            />
                            <button class="button button-quiet w-fit" type="submit" disabled=move || resend.pending().get()>
                                "Send"
                            </button>
                        </ActionForm>
                    }
                })}
        </section>
    }
}

/// The link, to be handed over in another way.
#[component]
fn GiftLink(number: String) -> impl IntoView {
    let hydrated = use_hydrated();
    let copied = RwSignal::new(false);
    let link = Resource::new(|| (), move |()| gift_link(number.clone()));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                link.await.ok().flatten().map(|link| {
                    let text = link.clone();
                    view! {
                        <div class="mt-6 max-w-xl print:hidden">
                            <label class="font-semibold" for="gift-link">"Its link"</label>
                            <p class="text-sm text-soft" id="gift-link-hint">
                                "Whoever opens it first has the gift. Hand it over yourself if you like."
                            </p>
                            <div class="mt-1 flex gap-2">
                                <input
                                    class="input"
                                    id="gift-link"
                                    data-testid="gift-link"
                                    readonly
                                    autocomplete="off"
                                    aria-describedby="gift-link-hint"
                                    value=link
                                />
                                <button
                                    class="button button-quiet"
                                    class:hidden=move || !hydrated.get()
                                    type="button"
                                    on:click=move |_| {
                                        copy(&text);
                                        copied.set(true);
                                    }
                                >
                                    "Copy"
                                </button>
                            </div>
                            <p class="text-sm" role="status">{move || copied.get().then_some("Copied.")}</p>
                        </div>
                    }
                })
            })}
        </Transition>
    }
}

/// Puts a text where the browser pastes from.
#[cfg(feature = "hydrate")]
fn copy(text: &str) {
    let navigator = window().navigator();
    // Over plain HTTP there is none; the field beside the button has the text to select.
    if js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| !clipboard.is_undefined()) {
        drop(navigator.clipboard().write_text(text));
    }
}

#[cfg(not(feature = "hydrate"))]
fn copy(_: &str) {}
