//! Everybody's orders: search, filter and page, all of it in the address.

use super::frame::Frame;
use crate::api::office::{AllOrders, all_orders};
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::price::amount;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{count, order_status};
use crate::paths;
use domain::ordering::{OrderRow, OrderStatus};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    status: Option<OrderStatus>,
    /// Days, as a field holds them.
    from: String,
    to: String,
    provider: String,
    /// Amounts, as they were typed.
    least: String,
    most: String,
    page: u32,
}

impl Wanted {
    /// The address of a page of what is asked for; what is left open is left out.
    fn address(&self, page: u32) -> String {
        let parts = [
            ("q", self.text.as_str()),
            ("status", self.status.map(OrderStatus::name).unwrap_or_default()),
            ("from", &self.from),
            ("to", &self.to),
            ("provider", &self.provider),
            ("least", &self.least),
            ("most", &self.most),
        ];
        let parts = parts.iter().filter(|(_, text)| !text.is_empty());
        let parts: String = parts.map(|(name, text)| format!("{name}={}&", Url::escape(text))).collect();
        format!("/admin/orders?{parts}page={page}")
    }

    /// Nothing is left out.
    fn is_all(&self) -> bool {
        Self { page: 0, ..self.clone() } == Self::default() && self.page <= 1
    }
}

#[component]
pub fn AllOrdersPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted {
            text: text("q"),
            status: OrderStatus::from_name(&text("status")),
            from: text("from"),
            to: text("to"),
            provider: text("provider"),
            least: text("least"),
            most: text("most"),
            page: text("page").parse().unwrap_or(1),
        }
    });
    let read = Resource::new(
        move || wanted.get(),
        |Wanted { text, status, from, to, provider, least, most, page }| {
            let status = status.map(OrderStatus::name).unwrap_or_default().to_owned();
            all_orders(text, status, from, to, provider, least, most, page)
        },
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |found| view! { <Orders found wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Orders(found: AllOrders, wanted: Wanted) -> impl IntoView {
    let AllOrders { page, providers } = found;
    let (number, pages, total) = (page.number, page.count(), page.total);
    let found = if page.items.is_empty() && wanted.is_all() {
        view! {
            <Empty title="No orders yet">
                <p>"What is bought in the shop is listed here, the newest first."</p>
            </Empty>
        }
        .into_any()
    } else if page.items.is_empty() {
        view! {
            <Empty title="No order found">
                <p>"Try the beginning of a number or of an address, a word of a title, or other days and amounts."</p>
                <a class="button" href="/admin/orders">"Show all orders"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <ul class="divide-y divide-line border-y border-line" data-testid="orders">
                {page.items.into_iter().map(|row| view! { <Row row /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    let asked = wanted.clone();
    view! {
        <Title text="Orders" />
        <Frame heading="Orders".to_owned()>
            <Filters wanted providers />
            <p class="mt-6 text-soft" role="status">{count(total, "order", "orders")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
        </Frame>
    }
}

#[component]
fn Filters(wanted: Wanted, providers: Vec<String>) -> impl IntoView {
    let asked = wanted.status;
    let option = move |status: OrderStatus| {
        let chosen = asked == Some(status);
        view! { <option value=status.name() selected=chosen>{order_status(status)}</option> }
    };
    let mut providers = providers;
    // One that the shop no longer has may still be asked for.
    if !wanted.provider.is_empty() && !providers.contains(&wanted.provider) {
        providers.push(wanted.provider.clone());
    }
    let provider = |name: String| {
        let (chosen, value) = (name == wanted.provider, name.clone());
        view! { <option value=value selected=chosen>{name}</option> }
    };
    let providers = providers.into_iter().map(provider).collect_view();
    view! {
        <Form action="/admin/orders" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1 basis-64">
                <label class="text-sm font-semibold" for="find-order">"Number, address or title"</label>
                <input
                    class="input mt-1"
                    id="find-order"
                    type="search"
                    name="q"
                    value=wanted.text
                    autocomplete="off"
                    maxlength="254"
                />
            </div>
            <div>
                <label class="text-sm font-semibold" for="status">"Status"</label>
                <select class="input mt-1" id="status" name="status">
                    <option value="">"All"</option>
                    {OrderStatus::ALL.map(option).collect_view()}
                </select>
            </div>
            <div>
                <label class="text-sm font-semibold" for="provider">"Paid through"</label>
                <select class="input mt-1" id="provider" name="provider">
                    <option value="">"All"</option>
                    {providers}
                </select>
            </div>
            <Bound name="from" label="From day" kind="date" value=wanted.from />
            <Bound name="to" label="To day" kind="date" value=wanted.to />
            <Bound name="least" label="Total from" kind="text" value=wanted.least />
            <Bound name="most" label="Total to" kind="text" value=wanted.most />
            <button class="button button-quiet" type="submit">"Show"</button>
        </Form>
        <p class="mt-2 text-sm text-soft">
            "Days are those of UTC, both included. A total is written as 12.90 and means each order's own currency."
        </p>
    }
}

/// One end of what is looked for.
#[component]
fn Bound(name: &'static str, label: &'static str, kind: &'static str, value: String) -> impl IntoView {
    let (class, mode) = if kind == "text" { ("input mt-1 w-28", Some("decimal")) } else { ("input mt-1", None) };
    view! {
        <div>
            <label class="text-sm font-semibold" for=name>{label}</label>
            <input class=class id=name type=kind name=name value=value inputmode=mode autocomplete="off" maxlength="14" />
        </div>
    }
}

#[component]
fn Row(row: OrderRow) -> impl IntoView {
    let OrderRow { order, email } = row;
    let titles = order.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>().join(", ");
    view! {
        <li class="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3 hover:bg-sunken">
            <h3 class="font-sans text-base font-semibold">
                <a
                    class="link whitespace-nowrap after:absolute after:inset-0 after:content-['']"
                    href=paths::admin_order(&order.number)
                >
                    {order.number.clone()}
                </a>
            </h3>
            <p class="text-right font-semibold whitespace-nowrap tabular-nums">{amount(order.total)}</p>
            <p class="line-clamp-2">{titles}</p>
            <p class="text-right text-sm text-soft">{order_status(order.status)}</p>
            <p class="text-sm text-soft">
                {email.unwrap_or_else(|| "a deleted account".to_owned())} " · "
                <time datetime=order.created_at.rfc3339()>{order.created_at.date()}</time>
            </p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_what_is_looked_for() {
        let text = |text: &str| text.to_owned();
        let wanted =
            Wanted { text: text("the bell"), status: Some(OrderStatus::PartlyRefunded), page: 1, ..Wanted::default() };
        // A browser leaves more signs as they are than the server does, and both mean the same.
        let address = |wanted: &Wanted, page| Url::unescape(&wanted.address(page));
        assert_eq!(address(&wanted, 2), "/admin/orders?q=the bell&status=partly-refunded&page=2");
        let wanted = Wanted { from: text("2026-11-01"), least: text("12.90"), provider: text("stripe"), ..wanted };
        let within = "from=2026-11-01&provider=stripe&least=12.90";
        assert_eq!(address(&wanted, 1), format!("/admin/orders?q=the bell&status=partly-refunded&{within}&page=1"));
        let wanted = Wanted { text: text("bell & sea"), ..Wanted::default() };
        assert!(wanted.address(1).starts_with("/admin/orders?q=bell%20%26%20sea&"));
        assert!(!wanted.is_all() && Wanted { page: 1, ..Wanted::default() }.is_all());
    }
}
