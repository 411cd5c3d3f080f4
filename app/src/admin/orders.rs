//! Everybody's orders: search, filter and page, all of it in the address.

use super::frame::Frame;
use crate::api::office::all_orders;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::price::amount;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::{count, order_status};
use crate::paths;
use domain::Page;
use domain::ordering::{OrderRow, OrderStatus};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    status: Option<OrderStatus>,
    page: u32,
}

impl Wanted {
    fn address(&self, page: u32) -> String {
        let status = self.status.map(|status| format!("&status={}", status.name())).unwrap_or_default();
        format!("/admin/orders?q={}{status}&page={page}", Url::escape(&self.text))
    }

    /// Nothing is left out.
    fn is_all(&self) -> bool {
        self.text.trim().is_empty() && self.status.is_none() && self.page <= 1
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
            page: text("page").parse().unwrap_or(1),
        }
    });
    let read = Resource::new(
        move || wanted.get(),
        |wanted| {
            let status = wanted.status.map(OrderStatus::name).unwrap_or_default();
            all_orders(wanted.text, status.to_owned(), wanted.page)
        },
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| view! { <Orders page wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Orders(page: Page<OrderRow>, wanted: Wanted) -> impl IntoView {
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
                <p>"Try the beginning of a number or of an address, or a word of a title."</p>
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
            <Filters wanted />
            <p class="mt-6 text-soft" role="status">{count(total, "order", "orders")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
        </Frame>
    }
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let asked = wanted.status;
    let option = move |status: OrderStatus| {
        let chosen = asked == Some(status);
        view! { <option value=status.name() selected=chosen>{order_status(status)}</option> }
    };
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
            <button class="button button-quiet" type="submit">"Show"</button>
        </Form>
    }
}

#[component]
fn Row(row: OrderRow) -> impl IntoView {
    let OrderRow { order, email } = row;
    let titles = order.lines.iter().map(|line| line.title.as_str()).collect::<Vec<_>>().join(", ");
    view! {
        <li class="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3 hover:bg-sunken">
            <h3 class="font-sans text-base font-semibold">
                <a class="link after:absolute after:inset-0 after:content-['']" href=paths::admin_order(&order.number)>
                    {order.number.clone()}
                </a>
            </h3>
            <p class="text-right font-semibold tabular-nums">{amount(order.total)}</p>
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
    fn turning_the_page_keeps_search_and_status() {
        let wanted = Wanted { text: "the bell".to_owned(), status: Some(OrderStatus::PartlyRefunded), page: 1 };
        assert_eq!(wanted.address(2), "/admin/orders?q=the%20bell&status=partly-refunded&page=2");
    }
}
