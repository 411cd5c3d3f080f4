//! What the shop knows of somebody, as a file for them, sent while it is read: it may be long.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::client_info::Acting;
use super::media::attachment;
use crate::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::account::Login;
use domain::account::sessions::active_sessions;
use domain::account::takeout::{self, Facts, Link};
use domain::audit::{self, Action, Entry, Event};
use domain::limits::Rule;
use domain::listening::departure::{BookPosition, positions_after};
use domain::ordering::departure::{Kept, books_after, orders_after};
use domain::ordering::{Order, OrderLine};
use domain::{Db, Result, Timestamp};
use futures::{Stream, StreamExt, stream};
use http::header;
use identity::{AuthSession, is_recent, session_key};
use serde_json::{Value, json};
use uuid::Uuid;

/// Rows read at once.
const ROWS_AT_ONCE: u64 = 200;

/// The route knows who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/account/data.json", get(download))
}

async fn download(
    State(state): State<AppState>,
    session: AuthSession,
    Acting(actor): Acting,
) -> Result<Response, HttpError> {
    let user = identity::require_user(&session)?.clone();
    let db = state.db.acting(actor);
    if !is_recent(&session.session, db.now()).await? {
        return Ok(Redirect::to("/confirm?next=%2Faccount%23data").into_response());
    }
    state.limits.take(Rule::Within, &[&user.id.to_string()]).await?;
    let here = session.session.id().as_ref().map(session_key);
    let facts = takeout::facts(&db, user.id).await?;
    let places = active_sessions::list(&db, user.id, here.as_deref()).await?;
    audit::record(&db, Entry::new(Action::DataDownloaded).on("account", user.id)).await?;

    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("lectern-data.json")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(file(db, &facts, &places))).into_response())
}

/// The file, piece by piece.
fn file(db: Db, facts: &Facts, places: &[Login]) -> impl Stream<Item = Result<String>> + use<> {
    let user_id = facts.id;
    let beginning =
        json!({ "account": account(db.now(), facts), "logged_in": places.iter().map(login).collect::<Vec<_>>() });
    // Everything but the brace at its end: the lists go on from here.
    let beginning = format!("{beginning:#}").trim_end().trim_end_matches('}').trim_end().to_owned();
    let orders = {
        let db = db.clone();
        list("orders", move |after| {
            let db = db.clone();
            async move { Ok(page(orders_after(&db, user_id, after, ROWS_AT_ONCE).await?, |order| order.id, order)) }
        })
    };
    let books = {
        let db = db.clone();
        list("library", move |after| {
            let db = db.clone();
            async move { Ok(page(books_after(&db, user_id, after, ROWS_AT_ONCE).await?, |book| book.id, book)) }
        })
    };
    let places = {
        let db = db.clone();
        list("places", move |after| {
            let db = db.clone();
            async move {
                Ok(page(positions_after(&db, user_id, after, ROWS_AT_ONCE).await?, |place| place.audiobook_id, place))
            }
        })
    };
    let trail = list("history", move |after| {
        let db = db.clone();
        async move {
            let events = audit::store::events_of(&db, user_id, after, ROWS_AT_ONCE).await?;
            Ok(page(events, Event::place, move |event| line(user_id, event)))
        }
    });
    stream::iter([Ok(beginning)])
        .chain(orders)
        .chain(books)
        .chain(places)
        .chain(trail)
        .chain(stream::iter([Ok("\n}\n".to_owned())]))
}

/// Some of a list, and where it goes on.
struct Page<C> {
    items: Vec<Value>,
    next: Option<C>,
}

fn page<T, C>(rows: Vec<T>, place: impl Fn(&T) -> C, write: impl Fn(&T) -> Value) -> Page<C> {
    let whole = rows.len() as u64 == ROWS_AT_ONCE;
    Page { items: rows.iter().map(write).collect(), next: rows.last().filter(|_| whole).map(place) }
}

/// A list of the file, read page by page.
fn list<C, F>(name: &'static str, read: impl Fn(Option<C>) -> F) -> impl Stream<Item = Result<String>>
where
    F: Future<Output = Result<Page<C>>>,
{
    stream::try_unfold(Some((None, true)), move |from: Option<(Option<C>, bool)>| {
        let reading = from.map(|(place, first)| (read(place), first));
        async move {
            let Some((reading, first)) = reading else { return Ok(None) };
            let Page { items, next } = reading.await?;
            let mut text = if first { format!(",\n  \"{name}\": [") } else { String::new() };
            for (number, item) in items.iter().enumerate() {
                let between = if first && number == 0 { "\n    " } else { ",\n    " };
                text.push_str(between);
                text.push_str(&item.to_string());
            }
            if next.is_none() {
                text.push_str("\n  ]");
            }
            Ok(Some((text, next.map(|next| (Some(next), false)))))
        }
    })
}

fn time(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::rfc3339)
}

fn account(now: Timestamp, facts: &Facts) -> Value {
    let browsers = facts.known_browsers.iter();
    let link = |link: &Link| {
        json!({
            "provider": link.provider,
            "id_there": link.subject,
            "email_there": link.email,
            "since": link.since.rfc3339(),
            "last_login_at": link.used_at.rfc3339(),
        })
    };
    json!({
        "written_at": now.rfc3339(),
        "id": facts.id,
        "email": facts.email,
        "email_confirmed_at": time(facts.confirmed_at),
        "email_to_come": facts.pending_email,
        "name": facts.name,
        "role": facts.role,
        "permissions": facts.permissions,
        "language": facts.language,
        "currency": facts.currency,
        "has_password": facts.has_password,
        "second_step_since": time(facts.second_step_at),
        "linked_accounts": facts.links.iter().map(link).collect::<Vec<_>>(),
        "registered_at": facts.since.rfc3339(),
        "known_browsers": browsers
            .map(|(since, last)| json!({ "since": since.rfc3339(), "last_login_at": last.rfc3339() }))
            .collect::<Vec<_>>(),
    })
}

fn login(login: &Login) -> Value {
    json!({
        "device": login.device,
        "kind": if login.program { "program" } else { "browser" },
        "this_browser": login.here,
        "address": login.ip,
        "logged_in_at": login.since.rfc3339(),
        "last_seen_at": login.seen_at.rfc3339(),
    })
}

fn order(order: &Order) -> Value {
    let line = |line: &OrderLine| json!({ "title": line.title, "list_price": line.list_price.decimal(), "price": line.price.decimal() });
    json!({
        "number": order.number,
        "status": order.status,
        "total": order.total.decimal(),
        "currency": order.total.currency,
        "ordered_at": order.created_at.rfc3339(),
        "paid_at": time(order.paid_at),
        "card_ending_in": order.card_last4,
        "titles": order.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn book(book: &Kept) -> Value {
    json!({ "title": book.title, "slug": book.slug, "since": book.since.rfc3339(), "taken_back_at": time(book.until) })
}

fn place(place: &BookPosition) -> Value {
    let position = &place.position;
    json!({
        "title": place.title,
        "slug": place.slug,
        "position_ms": position.position_ms,
        "speed_percent": position.speed_percent,
        "finished": position.finished,
        "at": position.taken_at.rfc3339(),
    })
}

/// A line of the trail as far as it is about the person: what admins do may be about others, whose data it is.
fn line(user_id: Uuid, event: &Event) -> Value {
    let own = event.subject.as_deref() == Some(user_id.to_string().as_str());
    json!({
        "at": event.at.rfc3339(),
        "action": event.action,
        "what": event.words(),
        "outcome": event.outcome,
        "on": event.subject_kind.as_deref().filter(|_| !own),
        "address": event.ip,
        "program": event.user_agent,
    })
}
