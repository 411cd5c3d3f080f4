//! The document around every page, and the routes.

use crate::admin::AdminRoutes;
use crate::components::layout::{Footer, Header};
use crate::pages::*;
use crate::player::{PlayerBar, provide_player};
use leptos::prelude::*;
use leptos_meta::{Meta, MetaTags, Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// The HTML document that the server sends.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/lectern.css" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole application: the player stands above the router, so it plays on while pages change.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    crate::api::account::provide_viewer();
    crate::api::cart::provide_cart_count();
    provide_player();

    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "Lectern".to_owned() } else { format!("{title} · Lectern") }
        } />
        <Meta name="description" content="An audiobook shop that lets you read along, word by word." />
        <Router>
            <a class="skip-link" href="#main">"Skip to the page"</a>
            <Header />
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=HomePage />
                    <Route path=path!("/browse") view=BrowsePage />
                    <Route path=path!("/books/:slug") view=ProductPage ssr=SsrMode::PartiallyBlocked />
                    <Route path=path!("/people/:slug") view=PersonPage ssr=SsrMode::PartiallyBlocked />
                    <Route path=path!("/series/:slug") view=SeriesPage ssr=SsrMode::PartiallyBlocked />
                    <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async />
                    <Route path=path!("/checkout") view=CheckoutPage ssr=SsrMode::Async />
                    <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number") view=ReceiptPage ssr=SsrMode::Async />
                    <Route path=path!("/library") view=LibraryPage ssr=SsrMode::Async />
                    <Route path=path!("/library/:slug") view=ListenPage ssr=SsrMode::Async />
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                    <AdminRoutes />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
        <PlayerBar />
    }
}
