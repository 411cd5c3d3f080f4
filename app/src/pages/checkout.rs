//! Paying for what is in the cart.

use super::cart::Notices;
use crate::AppError;
use crate::api::orders::{Checkout, CheckoutForm, checkout_form};
use crate::components::empty::Empty;
use crate::components::failure::{FormError, outcome};
use crate::components::field::{Choice, Consent, Field, FormState};
use crate::components::price::{AboutTotal, BillLine, BundleLines, PriceTag, TaxLines, amount};
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::names;
use crate::paths;
use domain::ordering::{CardNumber, Cart, CartCoupon, Order, WithdrawalWording};
use domain::{Country, Currency};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CheckoutPage() -> impl IntoView {
    let checkout = expect_context::<ServerAction<Checkout>>();
    // After a refusal the page asks again: for a fresh key, and for prices that may have changed. After a success it
    // is on its way to the receipt and stays as it is.
    let refusals = Memo::new(move |before: Option<&usize>| {
        let version = checkout.version().get();
        let refused = matches!(&*checkout.value().read(), Some(Err(_)));
        if refused { version } else { before.copied().unwrap_or_default() }
    });
    let query = use_query_map();
    let country = Memo::new(move |_| query.read().get_str("country").unwrap_or_default().to_owned());
    let read = Resource::new(move || (refusals.get(), country.get()), |(_, country)| checkout_form(country));
    let answer = FormState::of(checkout);
    answer.focus_refused();
    go_on_to_pay(checkout, answer);
    view! {
        <Title text="Checkout" />
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, |form| match form {
                    Some(form) => view! { <Shown form answer /> }.into_any(),
                    None => view! { <AskWho /> }.into_any(),
                })
            })}
        </Transition>
    }
}

/// With JavaScript the browser goes to the provider's page from here, once an order waits for its payment there.
pub fn go_on_to_pay<S>(buy: ServerAction<S>, answer: FormState<Order>)
where
    S: ServerFn<Output = Order, Error = AppError> + Clone + Send + Sync + 'static,
{
    Effect::new(move || {
        if answer.done().get()
            && let Some(Ok(order)) = &*buy.value().read()
            && order.goes_on
        {
            // Where the browser will not go, the order's own page has the same link.
            window().location().set_href(&paths::order_payment(&order.number)).ok();
        }
    });
}

/// A guest's cart waits while they log in.
#[component]
fn AskWho() -> impl IntoView {
    view! {
        <section class="page py-16 sm:py-24">
            <h1 class="text-3xl sm:text-4xl">"Who is buying?"</h1>
            <p class="mt-4 max-w-prose text-lg text-soft">
                "Log in or register, so that your books are kept in your library. Your cart stays as it is, and you come straight back here."
            </p>
            <div class="mt-8 flex flex-wrap gap-3">
                <a class="button" href="/login?next=%2Fcheckout">"Log in"</a>
                <a class="button button-quiet" href="/register?next=%2Fcheckout">"Register"</a>
            </div>
        </section>
    }
}

#[component]
fn Shown(form: CheckoutForm, answer: FormState<Order>) -> impl IntoView {
    let CheckoutForm { cart, key, email, other_currency, provider } = form;
    let Cart { items, subtotal, bundles, coupon, tax, total, notices } = cart;
    let on_top = tax.sums.iter().any(|tax| tax.added);
    let less = on_top || !bundles.is_empty() || coupon.as_ref().is_some_and(|coupon| coupon.refused.is_none());
    let (asked, country) = (tax.asked, tax.country);
    let payment = if asked && country.is_none() {
        view! { <p class="notice">"Say where you live first: what you pay may depend on it."</p> }.into_any()
    } else {
        let (total_minor, total) = (total.minor, amount(total));
        view! { <Payment key email other_currency provider country total_minor total answer /> }.into_any()
    };
    let lines: Vec<_> = items.iter().map(|book| (book.title.clone(), names(&book.authors), book.price)).collect();
    let body = if items.is_empty() {
        view! {
            <Empty title="There is nothing to pay for">
                <p>"Your cart is empty."</p>
                <a class="button" href="/browse">"Browse all titles"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <div class="grid gap-10 lg:grid-cols-2 lg:items-start">
                <section class="panel p-6 lg:order-last" aria-labelledby="order">
                    <h2 class="text-xl" id="order">"Your order"</h2>
                    <ul class="mt-4 divide-y divide-line border-y border-line">
                        {lines
                            .into_iter()
                            .map(|(title, authors, price)| {
                                view! {
                                    <li class="flex items-baseline justify-between gap-4 py-3">
                                        <span>
                                            <span class="font-serif font-semibold">{title}</span>
                                            <span class="block text-sm text-soft">{authors}</span>
                                        </span>
                                        <PriceTag price />
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    {less
                        .then(|| {
                            view! {
                                <div class="mt-4">
                                    <BillLine words="Subtotal" amount=amount(subtotal) />
                                    <BundleLines bundles />
                                </div>
                            }
                        })}
                    {coupon.map(|coupon| view! { <CouponLine coupon /> })}
                    <TaxLines taxes=tax.sums.clone() added=true />
                    <p class="mt-4 flex items-baseline justify-between gap-4 text-xl font-semibold">
                        <span>"Total"</span>
                        <span class="whitespace-nowrap tabular-nums">{amount(total)}</span>
                    </p>
                    <TaxLines taxes=tax.sums added=false />
                    <AboutTotal total />
                </section>
                <div class="flex flex-col gap-10">
                    {asked.then(|| view! { <WhereYouLive page="/checkout" country answer /> })}
                    {payment}
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="page py-10 sm:py-14">
            <h1 class="text-3xl sm:text-4xl">"Checkout"</h1>
            <Notices notices />
            <div class="mt-8">{body}</div>
        </div>
    }
}

/// Asks where the buyer lives. It is a form of its own, because the total is shown with its tax before anything is paid.
#[component]
pub(super) fn WhereYouLive(
    /// The page that asks.
    #[prop(into)]
    page: String,
    /// What else is in its address.
    #[prop(optional)]
    kept: Vec<(&'static str, String)>,
    country: Option<Country>,
    answer: FormState<Order>,
) -> impl IntoView {
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let unsaid = country.is_none().then(|| (String::new(), "Choose a country".to_owned()));
    let countries = Country::all().map(|country| (country.code().to_owned(), country.name().to_owned()));
    let options = unsaid.into_iter().chain(countries).collect();
    view! {
        <form class="flex flex-col gap-3" method="get" action=page>
            {kept}
            <Choice
                name="country"
                label="Where you live"
                hint="What tax is in the total depends on it. It is kept with the order."
                options
                chosen=country.map(Country::code).unwrap_or_default()
                error=answer.on_field("country")
            />
            <button class="button button-quiet w-fit" type="submit">"Use this country"</button>
        </form>
    }
}

#[component]
fn Payment(
    key: String,
    email: String,
    other_currency: Option<Currency>,
    provider: Option<String>,
    country: Option<Country>,
    total_minor: i64,
    total: String,
    answer: FormState<Order>,
) -> impl IntoView {
    let checkout = expect_context::<ServerAction<Checkout>>();
    let free = total_minor == 0;
    let pending = checkout.pending();
    let refused = answer.on_form(&["card", "country", "withdrawal"]);
    let pay = pay_words(provider.as_deref(), free, &total);
    view! {
        <section aria-labelledby="payment">
            <h2 class="text-xl" id="payment">"Payment"</h2>
            <p class="mt-2 text-soft">"The titles go to the library of " <span class="break-words text-ink">{email}</span> "."</p>
            <Exchange other_currency />
            <ActionForm action=checkout attr:class="mt-6 flex flex-col gap-6">
                <FormError message=refused />
                <input type="hidden" name="key" value=key />
                <input type="hidden" name="total_minor" value=total_minor.to_string() />
                {country.map(|country| view! { <input type="hidden" name="country" value=country.code() /> })}
                <HowToPay provider free answer />
                <button class="button w-full sm:w-fit sm:min-w-56" type="submit" disabled=move || pending.get()>
                    {move || if pending.get() { "One moment…".to_owned() } else { pay.clone() }}
                </button>
            </ActionForm>
        </section>
    }
}

/// What the button says that pays.
pub(super) fn pay_words(provider: Option<&str>, free: bool, total: &str) -> String {
    match (provider, free) {
        (_, true) => "Get it for free".to_owned(),
        (Some(provider), false) => format!("Pay {total} at {provider}"),
        (None, false) => format!("Pay {total}"),
    }
}

/// What a coupon takes off, or why nothing.
#[component]
pub(super) fn CouponLine(coupon: CartCoupon) -> impl IntoView {
    let CartCoupon { code, discount, refused } = coupon;
    match refused {
        Some(why) => view! { <p class="notice mt-4">{format!("Coupon {code}: {why}")}</p> }.into_any(),
        None => view! { <BillLine words=format!("Coupon {code}") amount=format!("−{discount}") /> }.into_any(),
    }
}

/// Says that an order is in another currency than its buyer pays in otherwise.
#[component]
pub(super) fn Exchange(other_currency: Option<Currency>) -> impl IntoView {
    other_currency.map(|usual| {
        view! {
            <p class="notice mt-4" data-testid="other-currency">
                {format!("This order is not in {usual}, which you pay in otherwise. Your bank may charge for the exchange.")}
            </p>
        }
    })
}

/// The card, or where else one pays; and what is agreed to.
#[component]
pub(super) fn HowToPay(provider: Option<String>, free: bool, answer: FormState<Order>) -> impl IntoView {
    // A number is not broken over two lines.
    let whole = |number: &str| number.replace(' ', "\u{a0}");
    let hint = format!(
        "The payment is simulated and nothing is charged: {} is accepted, {} is declined, of {} the bank asks you to \
         confirm, and after {} its answer is lost for a while.",
        whole(CardNumber::ACCEPTED),
        whole(CardNumber::DECLINED),
        whole(CardNumber::SECOND_STEP),
        whole(CardNumber::TIMES_OUT),
    );
    view! {
        {match (provider, free) {
            (_, true) => view! { <p class="notice">"This order is free: no card is needed."</p> }.into_any(),
            (Some(provider), false) => {
                let words = format!("You pay on a page of {provider}, and come back here. The shop never sees your card.");
                view! { <p class="notice" data-testid="pays-elsewhere">{words}</p> }.into_any()
            }
            (None, false) => {
                view! {
                    <Field
                        name="card"
                        label="Card number"
                        inputmode="numeric"
                        autocomplete="cc-number"
                        maxlength="30"
                        hint=hint
                        error=answer.on_field("card")
                    />
                }
                .into_any()
            }
        }}
        <div>
            <Consent
                name="withdrawal"
                value=WithdrawalWording::CURRENT.to_string()
                words=WithdrawalWording::CURRENT.sentence()
                error=answer.on_field("withdrawal")
            />
            <p class="mt-2 text-sm text-soft">
                "More about it: " <a class="link" href="/withdrawal" target="_blank">"the right of withdrawal"</a> ", "
                <a class="link" href="/terms" target="_blank">"the terms of the shop"</a> ". Both open in a new tab."
            </p>
        </div>
    }
}
