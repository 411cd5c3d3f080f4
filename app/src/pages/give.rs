//! Buying a title for somebody else.

use super::checkout::{CouponLine, Exchange, HowToPay, WhereYouLive, go_on_to_pay, pay_words};
use crate::api::gifts::{BuyGift, GiftCheckout, gift_checkout};
use crate::components::books::Cover;
use crate::components::failure::{FormError, and_back, outcome};
use crate::components::field::{Field, FormState};
use crate::components::picture::SMALL;
use crate::components::price::{PriceTag, TaxLines, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::{Title, Unlisted};
use crate::components::text::names;
use crate::paths;
use domain::ordering::{GiftForm, Order};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The fields that a refusal may belong to.
const FIELDS: &[&str] = &["recipient", "recipient_name", "sender", "message", "send_on", "card", "withdrawal"];

#[component]
pub fn GivePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let slug = Memo::new(move |_| params.read().get_str("slug").unwrap_or_default().to_owned());
    let coupon = Memo::new(move |_| query.read().get_str("coupon").unwrap_or_default().to_owned());
    let country = Memo::new(move |_| query.read().get_str("country").unwrap_or_default().to_owned());
    let buy = ServerAction::<BuyGift>::new();
    // What was typed, for when the page asks again after a refusal: for a fresh key, and a price that may have changed.
    let typed = RwSignal::new(None::<GiftForm>);
    let refusals = Memo::new(move |before: Option<&usize>| {
        let version = buy.version().get();
        let refused = matches!(&*buy.value().read(), Some(Err(_)));
        if refused { version } else { before.copied().unwrap_or_default() }
    });
    let read = Resource::new(
        move || (slug.get(), coupon.get(), country.get(), refusals.get()),
        |(slug, coupon, country, _)| gift_checkout(slug, coupon, country),
    );
    let answer = FormState::of(buy);
    answer.focus_refused();
    Effect::new(move |_| {
        if let Some(sent) = buy.input().get() {
            typed.set(Some(sent.form));
        }
    });
    go_on_to_pay(buy, answer);
    view! {
        <Title text="Give as a gift" />
        <Unlisted />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, |form| match form {
                    Some(form) => {
                        let (slug, coupon) = (slug.get_untracked(), coupon.get_untracked());
                        view! { <Shown form slug coupon buy answer typed /> }.into_any()
                    }
                    None => view! { <AskWho /> }.into_any(),
                })
            })}
        </Transition>
    }
}

#[component]
fn AskWho() -> impl IntoView {
    view! {
        <section class="page py-16 sm:py-24">
            <h1 class="text-3xl sm:text-4xl">"Who is giving?"</h1>
            <p class="mt-4 max-w-prose text-lg text-soft">
                "Log in or register, so that you can see how your gift stands and send it again. You come straight back here."
            </p>
            <div class="mt-8 flex flex-wrap gap-3">
                <a class="button" href=and_back("/login")>"Log in"</a>
                <a class="button button-quiet" href=and_back("/register")>"Register"</a>
            </div>
        </section>
    }
}

#[component]
fn Shown(
    form: GiftCheckout,
    slug: String,
    coupon: String,
    buy: ServerAction<BuyGift>,
    answer: FormState<Order>,
    typed: RwSignal<Option<GiftForm>>,
) -> impl IntoView {
    let GiftCheckout { title, coupon: line, tax, total, key, sender, today, typed: before, other_currency, provider } =
        form;
    let asked = typed.get_untracked().or(before).unwrap_or_else(|| GiftForm {
        sender,
        send_on: today.to_string(),
        ..GiftForm::default()
    });
    let takes = line.as_ref().is_some_and(|line| line.refused.is_none());
    let used = if takes { coupon.clone() } else { String::new() };
    let (free, pay) = (total.minor == 0, pay_words(provider.as_deref(), total.minor == 0, &amount(total)));
    let pending = buy.pending();
    let authors = names(&title.authors);
    // In both forms: that of the coupon, and that of paying.
    let lives = || {
        let code = tax.country.map(|country| country.code().to_owned());
        code.map(|code| view! { <input type="hidden" name="country" value=code /> })
    };
    let (lives_here, lives_there) = (lives(), lives());
    let where_from = tax.asked.then(|| {
        let (page, kept) = (paths::give(&slug), vec![("coupon", coupon.clone())]);
        view! { <div class="mt-6"><WhereYouLive page kept country=tax.country answer /></div> }
    });
    view! {
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Give as a gift"</h1>
            <div class="mt-8 grid gap-10 lg:grid-cols-2 lg:items-start">
                <section class="panel p-6 lg:order-last" aria-labelledby="gift">
                    <h2 class="text-xl" id="gift">"Your gift"</h2>
                    <div class="mt-4 grid grid-cols-[4.5rem_minmax(0,1fr)] gap-4">
                        <div><Cover art=&title sizes=SMALL first=true /></div>
                        <div>
                            <p><a class="link font-serif font-semibold" href=paths::book(&title.slug)>{title.title.clone()}</a></p>
                            <p class="text-sm text-soft">{authors}</p>
                            <p class="mt-2 font-semibold"><PriceTag price=title.price /></p>
                        </div>
                    </div>
                    {line.map(|coupon| view! { <CouponLine coupon /> })}
                    <TaxLines taxes=tax.sums.clone() added=true />
                    <p class="mt-4 flex items-baseline justify-between gap-4 text-xl font-semibold">
                        <span>"Total"</span>
                        <span class="whitespace-nowrap tabular-nums">{amount(total)}</span>
                    </p>
                    <TaxLines taxes=tax.sums added=false />
                    <Form action=paths::give(&slug) method="get" attr:class="mt-6 flex flex-wrap items-end gap-3">
                        {lives_here}
                        <div class="min-w-0 flex-1">
                            <label class="font-semibold" for="coupon">"Coupon"</label>
                            <input class="input mt-1" id="coupon" name="coupon" maxlength="60" autocomplete="off" value=coupon />
                        </div>
                        <button class="button button-quiet" type="submit">"Use the coupon"</button>
                    </Form>
                    {where_from}
                    <p class="mt-4 text-sm text-soft">
                        "A coupon first, then the rest: what is typed beside it is kept only once you pay."
                    </p>
                </section>
                <section aria-labelledby="whom">
                    <h2 class="text-xl" id="whom">"Whom it is for"</h2>
                    <p class="mt-2 text-soft">
                        "We send a mail with a link on the day that you choose. Whoever opens it puts the title into their own library, once. You can see how it stands, copy the link, and send it to another address until then."
                    </p>
                    <ActionForm action=buy attr:class="mt-6 flex flex-col gap-6">
                        <FormError message=answer.on_form(FIELDS) />
                        <input type="hidden" name="slug" value=slug />
                        <input type="hidden" name="key" value=key />
                        <input type="hidden" name="coupon" value=used />
                        <input type="hidden" name="total_minor" value=total.minor.to_string() />
                        {lives_there}
                        <Field
                            name="recipient"
                            within="form"
                            label="Their email address"
                            kind="email"
                            maxlength="254"
                            value=asked.recipient
                            error=answer.on_field("recipient")
                        />
                        <Field
                            name="recipient_name"
                            within="form"
                            label="Their name"
                            maxlength="120"
                            may_be_empty=true
                            hint="The mail greets them by it. It may be left empty."
                            value=asked.recipient_name
                            error=answer.on_field("recipient_name")
                        />
                        <Field
                            name="sender"
                            within="form"
                            label="From"
                            maxlength="120"
                            hint="Your name, as they know you."
                            value=asked.sender
                            error=answer.on_field("sender")
                        />
                        <Field
                            name="message"
                            within="form"
                            label="Message"
                            lines="5"
                            maxlength="1000"
                            may_be_empty=true
                            hint="Plain text, 1000 characters at most. It may be left empty."
                            value=asked.message
                            error=answer.on_field("message")
                        />
                        <Field
                            name="send_on"
                            within="form"
                            label="Send the mail on"
                            kind="date"
                            hint="Today or a day within a year, in the time of the shop (UTC). The mail goes at 9 in the morning, today's at once."
                            value=asked.send_on
                            error=answer.on_field("send_on")
                        />
                        <Exchange other_currency />
                        <HowToPay provider free answer />
                        <p class="text-sm text-soft">
                            "You are the buyer, so the right of withdrawal is yours: it ends when whoever you give to first plays the title. They need to agree to nothing."
                        </p>
                        <button class="button w-full sm:w-fit sm:min-w-56" type="submit" disabled=move || pending.get()>
                            {move || if pending.get() { "One moment…".to_owned() } else { pay.clone() }}
                        </button>
                    </ActionForm>
                </section>
            </div>
        </div>
    }
}
