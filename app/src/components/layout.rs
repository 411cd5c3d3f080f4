//! What stands around every page.

use super::currency::CurrencyChoice;
use super::icons::{CART, Icon, MENU, PERSON, SEARCH};
use super::menu::Menu;
use super::suggesting_field::SuggestingField;
use super::text::count;
use crate::api::account::use_viewer;
use crate::api::cart::use_cart;
use crate::api::settings::{follow_settings, use_shop};
use domain::account::User;
use domain::settings::legal::LegalPage;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_location;

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let (location, shop) = (use_location(), use_shop());
    follow_settings();
    // The browse page has a larger field for the same.
    let search = move || (location.pathname.get() != "/browse").then(|| view! { <SearchForm /> });
    view! {
        <header class="border-b border-line bg-paper print:hidden">
            <div class="page flex flex-wrap items-center gap-x-2 gap-y-2 py-2 sm:py-3 md:gap-x-4">
                <a
                    class="mr-auto inline-flex min-h-11 items-center font-serif text-2xl font-semibold tracking-tight md:mr-2"
                    href="/"
                >
                    {move || shop.name()}
                </a>
                <div class="order-last w-full empty:hidden md:order-none md:w-auto md:flex-1 md:empty:block">{search}</div>
                <nav class="hidden items-center md:flex" aria-label="Main">
                    <PlaceLink href="/browse" words="Browse" />
                    <PlaceLink href="/library" words="Library" />
                </nav>
                <CartLink />
                <Menu
                    class="hidden md:block"
                    button=|| {
                        view! {
                            <Icon path=PERSON />
                            <span class="max-w-32 truncate"><AccountName /></span>
                        }
                    }
                >
                    <AccountLinks />
                </Menu>
                <Menu
                    class="md:hidden"
                    button=|| {
                        view! {
                            <Icon path=MENU />
                            <span>"Menu"</span>
                        }
                    }
                >
                    <nav aria-label="Main">
                        <ul>
                            <li><a class=MENU_ITEM href="/browse">"Browse"</a></li>
                            <li><a class=MENU_ITEM href="/library">"Library"</a></li>
                        </ul>
                    </nav>
                    <hr class="my-2 border-line" />
                    <AccountLinks />
                </Menu>
            </div>
        </header>
    }
}

const MENU_ITEM: &str = "flex min-h-11 w-full items-center rounded-md px-3 text-left hover:bg-accent-tint";

/// A link of the main navigation; it says when one is there.
#[component]
fn PlaceLink(href: &'static str, words: &'static str) -> impl IntoView {
    let location = use_location();
    let here = move || {
        let path = location.pathname.read();
        (path.as_str() == href).then_some("page")
    };
    view! {
        <a
            class="inline-flex min-h-11 items-center rounded-md px-3 hover:bg-accent-tint aria-[current]:font-semibold aria-[current]:text-accent"
            href=href
            aria-current=here
        >
            {words}
        </a>
    }
}

/// The search field of the header: leads to the browse page.
#[component]
fn SearchForm() -> impl IntoView {
    view! {
        <Form
            action="/browse"
            method="get"
            attr:class="flex md:max-w-md"
            attr:role="search"
            attr:aria-label="The shop"
            attr:data-plain=""
        >
            <label class="sr-only" for="header-search">"Search for a title, author or narrator"</label>
            <SuggestingField id="header-search" placeholder="Title, author, narrator" />
            <button class="button button-quiet shrink-0 rounded-l-none px-3" type="submit">
                <Icon path=SEARCH />
                <span class="sr-only">"Search"</span>
            </button>
        </Form>
    }
}

/// The way to the cart, and how much is in it.
#[component]
fn CartLink() -> impl IntoView {
    let cart = use_cart();
    view! {
        <a class="inline-flex min-h-11 items-center gap-2 rounded-md px-2 hover:bg-accent-tint" href="/cart">
            <Icon path=CART />
            <span>"Cart"</span>
            <Transition>
                {move || Suspend::new(async move {
                    let titles = cart.count.await.unwrap_or_default();
                    (titles > 0)
                        .then(|| {
                            view! {
                                <span
                                    class="inline-flex min-w-6 justify-center rounded-full bg-accent px-1.5 text-sm font-semibold text-on-accent tabular-nums"
                                    aria-hidden="true"
                                >
                                    {titles}
                                </span>
                                <span class="sr-only">{format!(", {}", count(titles, "title", "titles"))}</span>
                            }
                        })
                })}
            </Transition>
        </a>
    }
}

#[component]
fn AccountName() -> impl IntoView {
    let viewer = use_viewer();
    view! {
        <Transition fallback=|| "Account">
            {move || Suspend::new(async move {
                viewer.user.await.ok().flatten().map_or_else(|| "Account".to_owned(), |user| user.name)
            })}
        </Transition>
    }
}

/// What one can do with one's account.
#[component]
fn AccountLinks() -> impl IntoView {
    let viewer = use_viewer();
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match viewer.user.await.ok().flatten() {
                    Some(user) => view! { <Known user /> }.into_any(),
                    None => view! { <Guest /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Guest() -> impl IntoView {
    view! {
        <ul>
            <li><a class=MENU_ITEM href="/login">"Log in"</a></li>
            <li><a class=MENU_ITEM href="/register">"Register"</a></li>
        </ul>
    }
}

#[component]
fn Known(user: User) -> impl IntoView {
    let viewer = use_viewer();
    let admin = user.is_admin().then(|| view! { <li><a class=MENU_ITEM href="/admin">"Admin"</a></li> });
    view! {
        <p class="px-3 pt-2 pb-3 text-sm text-soft">
            "Logged in as " <span class="font-semibold break-words text-ink">{user.name}</span>
        </p>
        <ul>
            <li><a class=MENU_ITEM href="/wishlist">"Wishlist"</a></li>
            <li><a class=MENU_ITEM href="/orders">"Orders"</a></li>
            <li><a class=MENU_ITEM href="/account/purchases">"Purchases"</a></li>
            <li><a class=MENU_ITEM href="/account">"Your account"</a></li>
            {admin}
        </ul>
        <ActionForm action=viewer.logout>
            <button class=MENU_ITEM type="submit">"Log out"</button>
        </ActionForm>
    }
}

/// The foot of every page.
#[component]
pub fn Footer() -> impl IntoView {
    let shop = use_shop();
    let contact = move || {
        let address = shop.settings().with(|settings| settings.contact.as_ref().map(ToString::to_string));
        address.map(|address| {
            let link = format!("mailto:{address}");
            view! {
                <li>
                    <a class="inline-flex min-h-6 items-center break-all hover:underline" href=link>
                        {address}
                    </a>
                </li>
            }
        })
    };
    let legal = LegalPage::ALL.map(|page| {
        view! { <li><a class="inline-flex min-h-6 items-center hover:underline" href=page.path()>{page.title()}</a></li> }
    });
    view! {
        <footer class="mt-auto border-t border-line bg-sunken print:hidden">
            <div class="page flex flex-wrap items-baseline justify-between gap-x-8 gap-y-3 py-8 text-sm text-soft">
                <p><span class="font-serif text-base font-semibold text-ink">{move || shop.name()}</span> ", an audiobook shop where you can read along."</p>
                <ul class="flex flex-wrap gap-x-6 gap-y-2">
                    <li><a class="inline-flex min-h-6 items-center hover:underline" href="/browse">"All titles"</a></li>
                    <li><a class="inline-flex min-h-6 items-center hover:underline" href="/discover">"Discover"</a></li>
                    <li><a class="inline-flex min-h-6 items-center hover:underline" href="/library">"Your library"</a></li>
                    <li><a class="inline-flex min-h-6 items-center hover:underline" href="/orders">"Your orders"</a></li>
                    <li><a class="inline-flex min-h-6 items-center hover:underline" href="/gift">"Open a gift"</a></li>
                    {contact}
                </ul>
                <nav class="w-full" aria-label="Legal">
                    <ul class="flex flex-wrap gap-x-6 gap-y-2">{legal}</ul>
                </nav>
                <CurrencyChoice />
            </div>
        </footer>
    }
}

/// After a change of page, reading starts at the top of the new one, as it would without JavaScript.
#[component]
pub fn FocusOnArrival(main: NodeRef<html::Main>) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        if before.is_some_and(|before| before != here)
            && let Some(main) = main.get_untracked()
        {
            // Taking the focus scrolls; where the page stands is the router's to say.
            let top = window().scroll_y().unwrap_or_default();
            main.focus().ok();
            window().scroll_to_with_x_and_y(0.0, top);
        }
        here
    });
}
