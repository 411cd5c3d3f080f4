//! The document around every page, and the routes.

use crate::admin::AdminRoutes;
use crate::awaken::{Awaken, SiteFiles, Style, when_alive};
use crate::components::layout::{FocusOnArrival, Footer, Header};
use crate::pages::*;
use crate::player::{PlayerBar, provide_player};
use leptos::html;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

/// Allows what the document brings itself and nothing else: its scripts carry the nonce of this one answer.
#[cfg(feature = "ssr")]
fn set_policy() {
    use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
    use leptos::nonce::use_nonce;
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>()) else {
        // Its scripts will be refused, and rightly so; but nobody should have to guess why.
        leptos::logging::error!("a page is drawn outside a request, so it has no policy of its own");
        return;
    };
    // Browsers stop a form that leads on to another site, as the one does that is paid at the provider's page.
    let page = crate::context::shop().ok().and_then(|shop| shop.payments.page());
    let forms = page.map_or_else(String::new, |page| format!(" {}", page.origin));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' blob:; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'{forms}; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
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
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/discover") view=DiscoverPage ssr=SsrMode::Async />
                    <Route path=path!("/browse") view=BrowsePage ssr=SsrMode::Async />
                    <Route path=path!("/books/:slug") view=ProductPage ssr=SsrMode::Async />
                    <Route path=path!("/books/:slug/gift") view=GivePage ssr=SsrMode::Async />
                    <Route path=path!("/gift/:code") view=PresentPage ssr=SsrMode::Async />
                    <Route path=path!("/people/:slug") view=PersonPage ssr=SsrMode::Async />
                    <Route path=path!("/series/:slug") view=SeriesPage ssr=SsrMode::Async />
                    <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async />
                    <Route path=path!("/checkout") view=CheckoutPage ssr=SsrMode::Async />
                    <Route path=path!("/orders") view=OrdersPage ssr=SsrMode::Async />
                    <Route path=path!("/orders/:number") view=ReceiptPage ssr=SsrMode::Async />
                    <Route path=path!("/wishlist") view=WishlistPage ssr=SsrMode::Async />
                    <Route path=path!("/library") view=LibraryPage ssr=SsrMode::Async />
                    <Route path=path!("/library/:slug") view=ListenPage ssr=SsrMode::Async />
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                    <Route path=path!("/login/code") view=CodePage ssr=SsrMode::Async />
                    <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async />
                    <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
                    <Route path=path!("/account/two-factor") view=TwoFactorPage ssr=SsrMode::Async />
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                    <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/verify-email") view=VerifyEmailPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=ProfilePage ssr=SsrMode::Async />
                    <Route path=path!("/account/purchases") view=PurchasesPage ssr=SsrMode::Async />
                    <Route path=path!("/account/google") view=GooglePage ssr=SsrMode::Async />
                    <Route path=path!("/account/delete") view=DeleteAccountPage ssr=SsrMode::Async />
                    <Route path=path!("/terms") view=TermsPage ssr=SsrMode::Async />
                    <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async />
                    <Route path=path!("/contact") view=ContactPage ssr=SsrMode::Async />
                    <Route path=path!("/withdrawal") view=WithdrawalPage ssr=SsrMode::Async />
                    <Route path=path!("/cookies") view=CookiesPage ssr=SsrMode::Async />
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
