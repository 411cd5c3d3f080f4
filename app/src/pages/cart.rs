//! The cart.

use crate::api::cart::{cart, use_cart};
use crate::components::books::Cover;
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Field, FormState};
use crate::components::picture::SMALL;
use crate::components::price::{AboutTotal, BillLine, BundleLines, PriceTag, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{count, length, names};
use crate::paths;
use domain::catalog::AudiobookSummary;
use domain::ordering::{Cart, CartCoupon, CartNotice};
use leptos::prelude::*;

#[component]
pub fn CartPage() -> impl IntoView {
    let context = use_cart();
    let read = Resource::new(move || context.version.get(), |_| cart());
    // Here, because what is below is made anew when the cart is read again.
    let coupon = FormState::of(context.apply);
    coupon.focus_refused();
    let answer = FormState::of(context.remove);
    let (refused, done) = (answer.refused(), answer.done());
    let removed = move || if done.get() { "Taken out of your cart." } else { "" };
    view! {
        <Title text="Cart" />
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Cart"</h1>
            <p class="sr-only" role="status">{removed}</p>
            <div class="mt-4"><FormError message=refused /></div>
            <Transition fallback=PageSkeleton>
                {move || Suspend::new(async move { outcome(read.await, move |cart| view! { <Shown cart answer=coupon /> }) })}
            </Transition>
        </div>
    }
}

#[component]
fn Shown(cart: Cart, answer: FormState<()>) -> impl IntoView {
    let Cart { items, subtotal, bundles, coupon, tax, total, notices } = cart;
    let tax_to_come = tax.asked && tax.added;
    let notices = view! { <Notices notices /> };
    if items.is_empty() {
        return view! {
            {notices}
            <div class="mt-6">
                <Empty title="Your cart is empty">
                    <p>"What you add stays here until you come back."</p>
                    <a class="button" href="/browse">"Browse all titles"</a>
                </Empty>
            </div>
        }
        .into_any();
    }
    let titles = count(items.len() as u64, "title", "titles");
    let less = coupon.is_some() || !bundles.is_empty();
    view! {
        {notices}
        <div class="mt-6 grid gap-10 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
            <ul class="divide-y divide-line border-y border-line">
                {items.into_iter().map(|book| view! { <Line book /> }).collect_view()}
            </ul>
            <section class="panel p-6" aria-labelledby="total">
                <h2 class="text-xl" id="total">"Total"</h2>
                {less.then(|| view! { <BillLine words=titles.clone() amount=amount(subtotal) /> })}
                <div data-testid="bundles"><BundleLines bundles /></div>
                {coupon.clone().map(|coupon| view! { <Coupon coupon /> })}
                <p class="mt-4 flex items-baseline justify-between gap-4">
                    <span class="text-soft">{if less { "To pay".to_owned() } else { titles }}</span>
                    <span class="text-2xl font-semibold whitespace-nowrap tabular-nums">{amount(total)}</span>
                </p>
                <AboutTotal total />
                {tax_to_come
                    .then(|| {
                        view! {
                            <p class="mt-1 text-sm text-soft" data-testid="tax-to-come">
                                "Before tax, which depends on where you live: the checkout adds it before you pay."
                            </p>
                        }
                    })}
                <a class="button mt-6 w-full" href="/checkout">"Go to checkout"</a>
                {coupon.is_none().then(|| view! { <CouponForm answer /> })}
                <p class="mt-4 text-sm text-soft">"Titles are yours to keep: stream them here, or download the audio files."</p>
            </section>
        </div>
    }
    .into_any()
}

/// The coupon in the cart: what it takes off, or why nothing.
#[component]
fn Coupon(coupon: CartCoupon) -> impl IntoView {
    let drop = use_cart().drop;
    let CartCoupon { code, discount, refused } = coupon;
    let takes = match refused {
        Some(why) => {
            view! { <p class="notice mt-2" data-testid="coupon-refused">{format!("Coupon {code}: {why}")}</p> }
                .into_any()
        }
        None => view! { <BillLine words=format!("Coupon {code}") amount=format!("−{discount}") /> }.into_any(),
    };
    view! {
        <div data-testid="coupon">
            {takes}
            <ActionForm action=drop>
                <button class="button button-quiet button-small mt-1" type="submit" disabled=move || drop.pending().get()>
                    "Remove the coupon"
                </button>
            </ActionForm>
        </div>
    }
}

/// Where a code is typed.
#[component]
fn CouponForm(answer: FormState<()>) -> impl IntoView {
    let apply = use_cart().apply;
    view! {
        <ActionForm action=apply attr:class="mt-6 flex flex-col gap-2">
            <FormError message=answer.on_form(&["coupon"]) />
            <Field name="coupon" label="Coupon" maxlength="60" error=answer.on_field("coupon") />
            <button class="button button-quiet w-full" type="submit" disabled=move || apply.pending().get()>"Use the coupon"</button>
        </ActionForm>
    }
}

/// What changed since the last visit.
#[component]
pub fn Notices(notices: Vec<CartNotice>) -> impl IntoView {
    (!notices.is_empty()).then(|| {
        view! {
            <ul class="notice mt-4" role="status">
                {notices.into_iter().map(|notice| view! { <li>{sentence(notice)}</li> }).collect_view()}
            </ul>
        }
    })
}

fn sentence(notice: CartNotice) -> String {
    match notice {
        CartNotice::Owned(title) => format!("“{title}” is in your library already."),
        CartNotice::SoldOut(title) => format!("“{title}” has been sold out since."),
        CartNotice::NotForSale(title) => format!("“{title}” is no longer for sale."),
    }
}

#[component]
fn Line(book: AudiobookSummary) -> impl IntoView {
    let cart = use_cart();
    let title = book.title.clone();
    view! {
        <li class="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-4 gap-y-2 py-5 sm:grid-cols-[6rem_minmax(0,1fr)_auto]">
            <div><Cover art=&book sizes=SMALL first=true /></div>
            <div>
                <h2 class="text-lg leading-snug">
                    <a class="hover:underline hover:underline-offset-4" href=paths::book(&book.slug)>{book.title}</a>
                </h2>
                <p class="text-sm text-soft">{names(&book.authors)}</p>
                <p class="text-sm text-soft">{length(book.duration_ms)}</p>
            </div>
            <div class="col-start-2 flex items-center justify-between gap-4 sm:col-start-3 sm:flex-col sm:items-end">
                <span class="font-semibold"><PriceTag price=book.price /></span>
                <ActionForm action=cart.remove>
                    <input type="hidden" name="slug" value=book.slug />
                    <button class="button button-quiet button-small" type="submit" disabled=move || cart.remove.pending().get()>
                        "Remove"
                        <span class="sr-only">{format!(" {title}")}</span>
                    </button>
                </ActionForm>
            </div>
        </li>
    }
}
