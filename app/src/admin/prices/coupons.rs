//! Coupons: all of them, and a new one.

use super::{Choose, Span, Tick, Times, covers_words, phase_words, takes_words};
use crate::admin::frame::Frame;
use crate::api::prices::{MakeCoupon, SwitchOffCoupon, list_coupons, promotion_choices};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use domain::Page;
use domain::catalog::Link;
use domain::promotions::{Chosen, CouponRow, Phase};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The fields that a refusal may belong to.
const FIELDS: &[&str] = &["code", "percent", "amount", "minimum", "max_uses", "titles", "starts", "ends"];

#[component]
pub fn CouponsPage() -> impl IntoView {
    let (make, off) = (ServerAction::<MakeCoupon>::new(), ServerAction::<SwitchOffCoupon>::new());
    let query = use_query_map();
    let number = Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1));
    let read = Resource::new(
        move || (number.get(), make.version().get(), off.version().get()),
        |(number, ..)| list_coupons(number),
    );
    let choices = Resource::new(|| (), |()| promotion_choices());
    let answer = FormState::of(make);
    answer.focus_refused();
    answer.empty_when_done(&["code", "percent", "amount", "minimum", "max_uses", "titles"]);
    let done = move || if answer.done().get() || query.read().get_str("saved").is_some() { "Saved." } else { "" };
    view! {
        <Title text="Coupons" />
        <Frame heading="Coupons".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "A shopper types the code in the cart. It takes something off the prices of that moment, sales included. A coupon cannot be changed; switch it off and make another."
            </p>
            <p role="status" class="mt-2">{done}</p>
            <FormError message=FormState::of(off).refused() />
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |page| view! { <List page off /> }) })}
            </Transition>
            <section class="panel mt-12 p-5 sm:p-6" aria-labelledby="new-coupon">
                <h2 class="text-xl" id="new-coupon">"New coupon"</h2>
                <Transition>
                    {move || Suspend::new(async move {
                        outcome(choices.await, move |choices| view! { <Form choices make answer /> })
                    })}
                </Transition>
            </section>
        </Frame>
    }
}

#[component]
fn List(page: Page<CouponRow>, off: ServerAction<SwitchOffCoupon>) -> impl IntoView {
    let (number, pages) = (page.number, page.count());
    if page.items.is_empty() {
        return view! { <div class="mt-6"><Empty title="No coupons yet"><p>"Make the first one below."</p></Empty></div> }.into_any();
    }
    view! {
        <ul class="mt-6 divide-y divide-line border-y border-line" data-testid="coupons">
            {page.items.into_iter().map(|row| view! { <Row row off /> }).collect_view()}
        </ul>
        <Pager number count=pages address=|page| format!("/admin/coupons?page={page}") />
    }
    .into_any()
}

#[component]
fn Row(row: CouponRow, off: ServerAction<SwitchOffCoupon>) -> impl IntoView {
    let id = row.id;
    let code = row.code.clone();
    let open = !row.off && row.phase != Phase::Over;
    let (starts_at, ends_at) = (row.starts_at, row.ends_at);
    view! {
        <li class="flex flex-wrap items-center justify-between gap-4 py-4">
            <div class="min-w-0">
                <h2 class="font-sans text-base font-semibold break-all">{code.clone()}</h2>
                <p class="text-sm">{about(&row)}</p>
                <p class="text-sm">{uses(&row)}</p>
                <p class="text-sm text-soft"><Span starts_at ends_at /></p>
            </div>
            {open
                .then(|| {
                    view! {
                        <ActionForm action=off>
                            <input type="hidden" name="id" value=id.to_string() />
                            <button class="button button-quiet button-small" type="submit" disabled=move || off.pending().get()>
                                "Switch off"
                                <span class="sr-only">{format!(" {code}")}</span>
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
}

fn about(row: &CouponRow) -> String {
    let minimum = row.minimum.map(|minimum| format!(", for carts of {minimum} or more")).unwrap_or_default();
    let once = if row.once_each { ", once for each person" } else { "" };
    let phase = if row.off { "switched off" } else { phase_words(row.phase) };
    format!("{} {}{minimum}{once}, {phase}", takes_words(row.takes), covers_words(row.covers))
}

fn uses(row: &CouponRow) -> String {
    let used = match row.max_uses {
        Some(most) => format!("Used {} of {most} times", row.uses),
        None => format!("Used {}", count(row.uses.unsigned_abs().into(), "time", "times")),
    };
    let brought: Vec<String> = row.brought.iter().map(ToString::to_string).collect();
    if brought.is_empty() { used } else { format!("{used}, brought {}", brought.join(" and ")) }
}

#[component]
fn Form(choices: (Vec<Link>, String), make: ServerAction<MakeCoupon>, answer: FormState<String>) -> impl IntoView {
    let (categories, currency) = choices;
    view! {
        <ActionForm action=make attr:class="mt-4 flex max-w-2xl flex-col gap-5">
            <FormError message=answer.on_form(FIELDS) />
            <Field
                name="code"
                within="form"
                label="Code"
                maxlength="40"
                may_be_empty=true
                hint="4 to 40 letters, digits or hyphens. Empty for one that nobody guesses."
                error=answer.on_field("code")
            />
            <div class="grid gap-4 sm:grid-cols-2">
                <Field
                    name="percent"
                    within="form"
                    label="Percent off"
                    inputmode="numeric"
                    maxlength="5"
                    may_be_empty=true
                    error=answer.on_field("percent")
                />
                <Field
                    name="amount"
                    within="form"
                    label="Or an amount off"
                    inputmode="decimal"
                    maxlength="20"
                    may_be_empty=true
                    hint=format!("In {currency}, off the whole.")
                    error=answer.on_field("amount")
                />
                <Field
                    name="minimum"
                    within="form"
                    label="For carts of at least"
                    inputmode="decimal"
                    maxlength="20"
                    may_be_empty=true
                    hint=format!("In {currency}. Empty for any cart.")
                    error=answer.on_field("minimum")
                />
                <Field
                    name="max_uses"
                    within="form"
                    label="How often in all"
                    inputmode="numeric"
                    maxlength="10"
                    may_be_empty=true
                    hint="Empty for any number."
                    error=answer.on_field("max_uses")
                />
            </div>
            <Tick id="once_each" name="form[once_each]" value="true" words="Once for each person" checked=false />
            <Choose chosen=Chosen::default() categories answer />
            <Times answer />
            <button class="button w-fit" type="submit" disabled=move || make.pending().get()>"Make the coupon"</button>
        </ActionForm>
    }
}
