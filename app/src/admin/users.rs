//! Everybody with an account: search and page, all of it in the address.

use super::frame::Frame;
use crate::api::users::users;
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use crate::paths;
use domain::Page;
use domain::account::UserDetails;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    text: String,
    admins: bool,
    page: u32,
}

impl Wanted {
    fn address(&self, page: u32) -> String {
        let admins = if self.admins { "&who=admins" } else { "" };
        format!("/admin/users?q={}{admins}&page={page}", Url::escape(&self.text))
    }
}

#[component]
pub fn UsersPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted { text: text("q"), admins: text("who") == "admins", page: text("page").parse().unwrap_or(1) }
    });
    let read = Resource::new(move || wanted.get(), |wanted| users(wanted.text, wanted.admins, wanted.page));
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |page| view! { <Users page wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Users(page: Page<UserDetails>, wanted: Wanted) -> impl IntoView {
    let (number, pages, total) = (page.number, page.count(), page.total);
    let found = if page.items.is_empty() {
        view! {
            <Empty title="Nobody found">
                <p>"The search looks for addresses that begin with what you type."</p>
                <a class="button" href="/admin/users">"Show everybody"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <ul class="divide-y divide-line border-y border-line">
                {page.items.into_iter().map(|person| view! { <Row person /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    let asked = wanted.clone();
    view! {
        <Title text="Users" />
        <Frame heading="Users".to_owned()>
            <Filters wanted />
            <p class="mt-6 text-soft" role="status">{count(total, "user", "users")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{found}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
        </Frame>
    }
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    view! {
        <Form action="/admin/users" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1 basis-64">
                <label class="text-sm font-semibold" for="find-user">"Address begins with"</label>
                <input
                    class="input mt-1"
                    id="find-user"
                    type="search"
                    name="q"
                    value=wanted.text
                    autocomplete="off"
                    maxlength="254"
                />
            </div>
            <div>
                <label class="text-sm font-semibold" for="who">"Who"</label>
                <select class="input mt-1" id="who" name="who">
                    <option value="">"Everybody"</option>
                    <option value="admins" selected=wanted.admins>"Admins"</option>
                </select>
            </div>
            <button class="button button-quiet" type="submit">"Show"</button>
        </Form>
    }
}

#[component]
fn Row(person: UserDetails) -> impl IntoView {
    let user = person.user;
    let rights = if user.is_admin() { user.permissions.names().join(", ") } else { "shopper".to_owned() };
    view! {
        <li class="relative flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-3 hover:bg-sunken">
            <div class="min-w-0">
                <h3 class="font-sans text-base font-semibold break-all">
                    <a class="link after:absolute after:inset-0 after:content-['']" href=paths::admin_user(user.id)>
                        {user.email.to_string()}
                    </a>
                </h3>
                <p class="text-sm text-soft break-words">{user.name}</p>
            </div>
            <p class="text-sm text-soft">
                {person.disabled.then_some("disabled · ")} {rights} " · since "
                <time datetime=person.since.rfc3339()>{person.since.date()}</time>
            </p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_the_search() {
        let wanted = Wanted { text: "ada+books@".to_owned(), admins: true, page: 1 };
        assert_eq!(wanted.address(2), "/admin/users?q=ada%2Bbooks%40&who=admins&page=2");
    }
}
