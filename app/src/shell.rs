//! The document around every page, and the routes.

use crate::admin::AdminRoutes;
use crate::awaken::{Awaken, SiteFiles, Style, when_alive};
use crate::components::layout::{FocusOnArrival, Footer, Header};
use crate::pages::*;
use crate::player::{PlayerBar, provide_player};
use leptos::html;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

/// Allows what the document brings itself and nothing else: its scripts carry the nonce of this one answer.
#[cfg(feature = "ssr")]
fn set_policy() {
    use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
    use leptos::nonce::use_nonce;
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>()) else {
        // Its scripts will be refused, and rightly so; but nobody should have to guess why.
        leptos::logging::error!("a page is drawn outside a request, so it has no policy of its own");
        return;
    };
    // Browsers stop a form that leads on to another site, as the one does that is paid at the provider's page.
    let page = crate::context::shop().ok().and_then(|shop| shop.payments.first().page());
    let forms = page.map_or_else(String::new, |page| format!(" {}", page.origin));
    let sound = crate::context::shop().ok().and_then(|shop| shop.sound_origin);
    let sound = sound.map_or_else(String::new, |origin| format!(" {origin}"));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' blob:{sound}; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'{forms}; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    if crate::awaken::this_sleeps() {
        // It says how full the cart is and whether a title is in it, and nothing on it asks again when somebody comes back.
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

/// The HTML document that the server sends.
pub fn shell(files: SiteFiles) -> impl IntoView {
    #[cfg(feature = "ssr")]
    set_policy();
    view! {
        <!DOCTYPE html>
        <html lang=crate::api::settings::at_hand().language.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/site.webmanifest" />
                <link rel="alternate" type="application/opds+json" title="Catalogue" href="/opds" />
                <Style files=files.clone() />
                <Awaken files />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Hands on why the last form was refused when it was sent without JavaScript: the reason then stands in the address,
/// and the actions, which are made above the router, would not find it there.
fn provide_refusal() {
    #[cfg(feature = "ssr")]
    let address = use_context::<leptos_router::location::RequestUrl>().and_then(|url| url.parse().ok());
    #[cfg(not(feature = "ssr"))]
    let address = <leptos_router::location::BrowserUrl as leptos_router::location::LocationProvider>::current().ok();
    if let Some(address) = address {
        address.provide_server_action_error();
    }
}

/// What stands in the browser's tab. The server writes it between two tags as it is, so that it has to be markup there,
/// whatever somebody has called a book.
fn in_the_tab(title: &str, shop: &str) -> String {
    let shown = if title.is_empty() { shop.to_owned() } else { format!("{title} · {shop}") };
    if cfg!(feature = "ssr") { shown.replace('&', "&amp;").replace('<', "&lt;") } else { shown }
}

/// The whole application: the player stands above the router, so it plays on while pages change.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_refusal();
    crate::api::settings::provide_shop();
    crate::api::rates::provide_rates();
    crate::api::account::provide_viewer();
    crate::api::cart::provide_cart_count();
    crate::api::wishlist::provide_wishes();
    provide_player();
    when_alive();

    let shop = crate::api::settings::use_shop();
    let known = shop.name_now();
    // The server asks for the title outside of everything that is reactive, when the page may be gone already.
    let name = move || if cfg!(feature = "ssr") { known.clone() } else { shop.name() };
    let main = NodeRef::<html::Main>::new();
    view! {
        <Title formatter=move |title: String| in_the_tab(&title, &name()) />
        <Router>
            <a class="skip-link" href="#main">"Skip to the page"</a>
            <Header />
            <FocusOnArrival main />
            <main class="flex-1" id="main" tabindex="-1" node_ref=main>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view={Lazy::<Home>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/discover") view={Lazy::<Discover>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/browse") view={Lazy::<Browse>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/books/:slug") view={Lazy::<Product>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/books/:slug/gift") view={Lazy::<Give>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/gift") view={Lazy::<GiftCode>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/gift/:code") view={Lazy::<Present>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/people/:slug") view={Lazy::<Person>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/series/:slug") view={Lazy::<Series>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/cart") view={Lazy::<Cart>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/checkout") view={Lazy::<Checkout>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/orders") view={Lazy::<Orders>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number") view={Lazy::<Receipt>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number/invoice") view={Lazy::<Invoice>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/wishlist") view={Lazy::<Wishlist>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/library") view={Lazy::<Library>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/library/:slug") view={Lazy::<Listen>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/login") view={Lazy::<Login>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/login/code") view={Lazy::<Code>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/confirm") view={Lazy::<Confirm>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/setup") view={Lazy::<Setup>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account/two-factor") view={Lazy::<TwoFactor>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account/tokens") view={Lazy::<MachineTokens>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/register") view={Lazy::<Register>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/forgot-password") view={Lazy::<ForgotPassword>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/reset-password") view={Lazy::<ResetPassword>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/verify-email") view={Lazy::<VerifyEmail>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account") view={Lazy::<Profile>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account/purchases") view={Lazy::<Purchases>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account/google") view={Lazy::<Google>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/account/delete") view={Lazy::<DeleteAccount>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/terms") view={Lazy::<Terms>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/privacy") view={Lazy::<Privacy>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/contact") view={Lazy::<Contact>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/withdrawal") view={Lazy::<Withdrawal>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/cookies") view={Lazy::<Cookies>::new()} ssr=SsrMode::Async />
                    <AdminRoutes />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
        <PlayerBar />
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::in_the_tab;

    #[test]
    fn no_name_of_a_book_ends_the_title_of_its_page() {
        assert_eq!(in_the_tab("</title><b>", "Tea & Books"), "&lt;/title>&lt;b> · Tea &amp; Books");
        assert_eq!(in_the_tab("", "Lectern"), "Lectern");
    }
}
