//! Every route of the shop, to be read from top to bottom.

use super::{
    api, artwork, assets, audit, bank, broken, caching, client_info, composed, covers, data_export, error_status,
    figures, google, health, invoices, listen, logged, mail, manifest, moved, payments, refusals, rendering,
    revalidated, security, sessions, syndication, tus,
};
use crate::{AppState, metrics, providers, webhooks};
use app::SiteFiles;
use app::context::AppContext;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use http::header::{self, HeaderValue};
use identity::AuthSession;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

/// The whole shop.
pub fn router(state: AppState) -> Router {
    router_with(state, Router::new())
}

/// The whole shop with `more` routes that know who is asking.
pub fn router_with(state: AppState, more: Router<AppState>) -> Router {
    let shop = parts(&state);
    let context = move || provide_context(shop.clone());
    rendering::begin();
    let pages = generate_route_list(app::App);
    let site = SiteFiles::of(&state.leptos);
    let files = Router::new()
        .merge(listen::routes())
        .merge(mail::routes())
        .merge(tus::routes())
        .merge(audit::routes())
        .merge(figures::routes())
        .merge(data_export::routes())
        .merge(invoices::routes())
        .merge(artwork::routes())
        .route_layer(middleware::from_fn_with_state(state.clone(), error_status::noted));

    Router::new()
        .leptos_routes_with_context(&state, pages, context.clone(), {
            let site = site.clone();
            move || app::shell(site.clone())
        })
        .route_layer(middleware::from_fn_with_state::<_, Arc<str>, _>(
            state.config.public_url.as_str().into(),
            refusals::stay_here,
        ))
        .merge(files)
        .merge(google::routes())
        .merge(payments::routes())
        .merge(bank::routes())
        .merge(moved::routes())
        .merge(manifest::routes())
        .fallback(file_and_error_handler_with_context::<AppState, _>(context, move |_| app::shell(site.clone())))
        // Around the page for what is not there as well: it shows who is logged in like any other.
        .layer(middleware::from_fn(revalidated::revalidate))
        .layer(middleware::from_fn(page_headers))
        .layer(middleware::from_fn_with_state(state.clone(), look_at_settings))
        .layer(middleware::from_fn(error_status::status))
        .route("/covers/{name}", get(covers::cover))
        .route("/covers/{slug}/{file}", get(covers::sized))
        .route("/portraits/{slug}/{file}", get(covers::portrait))
        .merge(more)
        .layer(middleware::from_fn_with_state(state.db.clone(), sessions::keep_alive))
        .layer(middleware::from_fn(logged::note_visitor))
        .layer(sessions::layer(&state))
        .layer(middleware::from_fn(sessions::remember))
        .layer(middleware::from_fn(refusals::check))
        // Above: what knows who is asking. Below: what does not need to.
        .merge(listen::pieces())
        .merge(assets::routes(&state))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(api::routes())
        .merge(payments::events())
        .merge(syndication::routes())
        .merge(metrics::guarded(&state))
        .layer(middleware::from_fn_with_state(state.clone(), assets::keep))
        .layer(middleware::from_fn(caching::guard))
        .layer(middleware::from_fn_with_state(state.limits.clone(), api::limit_programs))
        .layer(middleware::from_fn(composed::compose))
        .layer(middleware::from_fn_with_state(state.proxies.clone(), client_info::identify))
        // Inside of what follows, so that the answer to a fault of ours has its headers too.
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), broken::explain))
        .layer(middleware::from_fn_with_state(security::strict_transport(&state.config), security::guard))
        .layer(middleware::from_fn_with_state(state.api_origins.clone(), api::share_with_sites))
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new("audio/"))),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(logged::span))
        .layer(middleware::from_fn_with_state(state.proxies.clone(), logged::begin))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(middleware::from_fn(logged::check_id))
        .layer(middleware::from_fn_with_state(state.metrics.clone(), metrics::count))
        .with_state(state)
}

/// The parts of the shop that its pages reach.
pub(super) fn parts(state: &AppState) -> AppContext {
    AppContext {
        db: state.db.clone(),
        limits: state.limits.clone(),
        vault: state.vault.clone(),
        payments: state.payments.clone(),
        settings: state.settings.clone(),
        rates: state.rates.clone(),
        google_issuer: state.google.as_ref().map(|google| google.issuer().into()),
        secure_cookies: state.config.secure(),
        session_days: (state.config.session.days, state.config.session.absolute_days),
        sound_origin: state.delivery.origin().map(Into::into),
        webhooks_reach: webhooks::reach(state),
        providers_reach: providers::reach(&state.config),
        public_url: state.site.clone(),
    }
}

/// As much of an address as a log may keep.
pub(super) fn told(path: &str) -> &str {
    [GIFTS, GIFTS_OF_PROGRAMS].into_iter().find(|gifts| path.starts_with(gifts)).unwrap_or(path)
}

/// The pages of gifts lie below this, each by its code.
const GIFTS: &str = "/gift/";
const GIFTS_OF_PROGRAMS: &str = "/api/v1/gifts/";

/// Has the settings of the shop and the rates of currencies at hand when a page is drawn, which cannot wait for them.
async fn look_at_settings(State(state): State<AppState>, request: Request, next: Next) -> Response {
    state.settings.now().await;
    state.rates.look().await;
    next.run(request).await
}

/// Pages depend on who is asking: no cache between may keep them, and what is somebody's own, or a gift to somebody, not even
/// the browser, where whoever sits down next would go back to it.
async fn page_headers(request: Request, next: Next) -> Response {
    let of_somebody = request.extensions().get::<AuthSession>().is_some_and(|session| session.user.is_some());
    let own = of_somebody || request.uri().path().starts_with(GIFTS);
    let mut response = next.run(request).await;
    let kept = HeaderValue::from_static(if own { "private, no-store" } else { "private, no-cache" });
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(kept);
    response
}
