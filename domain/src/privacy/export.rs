//! What the shop knows of somebody, as a JSON document for them, read while it is sent: it may be long. The parts that may be
//! long are read where they belong: orders and books in `ordering`, positions in `listening`, lines of the trail in `audit`.

use crate::account::ActiveSession;
use crate::account::machines::MachineToken;
use crate::account::privacy::{Facts, Link, facts};
use crate::account::sessions::active_sessions;
use crate::audit::{self, Action, Entry, Event};
use crate::invoices::privacy::{Held, invoices_after};
use crate::listening::days::days_after;
use crate::listening::privacy::{BookPosition, Marked, bookmarks_after, positions_after};
use crate::ordering::answers::{Told, answers_after};
use crate::ordering::gifts::privacy::{Given, accepted_after, given_after};
use crate::ordering::privacy::{
    Happened, Kept, books_after, disputes_after, events_after, orders_after, refunds_after,
};
use crate::ordering::{Dispute, Order, OrderLine, RefundView, WithdrawalConsent};
use crate::reviews::privacy::{WrittenReview, reports_after, reviews_after};
use crate::wishlist::privacy::{Wish, told_after, wishes_after};
use crate::{Day, Db, Result, Timestamp};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use uuid::Uuid;

/// Rows read at once.
pub const ROWS_AT_ONCE: u64 = 200;

/// What the shop knows of somebody, piece by piece: the account and where it is logged in, then orders, library, positions
/// and the lines of the trail. `here` is the id of the session that asks, as its cookie holds it. That it was asked for
/// goes into the trail.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn export(db: &Db, user_id: Uuid, here: Option<&str>) -> Result<impl Stream<Item = Result<String>> + use<>> {
    let facts = facts(db, user_id).await?;
    let sessions = active_sessions::list(db, user_id, here).await?;
    audit::record(db, Entry::new(Action::DataDownloaded).on("account", user_id)).await?;
    Ok(document(db.clone(), &facts, &sessions))
}

fn document(db: Db, facts: &Facts, sessions: &[ActiveSession]) -> impl Stream<Item = Result<String>> + use<> {
    let user_id = facts.id;
    let beginning =
        json!({ "account": account(db.now(), facts), "logged_in": sessions.iter().map(session).collect::<Vec<_>>() });
    // Everything but the brace at its end: the lists go on from here.
    let beginning = format!("{beginning:#}").trim_end().trim_end_matches('}').trim_end().to_owned();
    let orders = {
        let db = db.clone();
        list("orders", move |after| {
            let db = db.clone();
            async move { Ok(page(orders_after(&db, user_id, after, ROWS_AT_ONCE).await?, |order| order.id, order)) }
        })
    };
    let invoices = {
        let db = db.clone();
        list("invoices", move |after| {
            let db = db.clone();
            async move { Ok(page(invoices_after(&db, user_id, after, ROWS_AT_ONCE).await?, |held| held.id, invoice)) }
        })
    };
    let refunds = {
        let db = db.clone();
        list("refunds", move |after| {
            let db = db.clone();
            async move { Ok(page(refunds_after(&db, user_id, after, ROWS_AT_ONCE).await?, |refund| refund.id, refund)) }
        })
    };
    let disputes = {
        let db = db.clone();
        list("disputes", move |after| {
            let db = db.clone();
            async move { Ok(page(disputes_after(&db, user_id, after, ROWS_AT_ONCE).await?, |one| one.id, dispute)) }
        })
    };
    let happened = {
        let db = db.clone();
        list("order_history", move |after| {
            let db = db.clone();
            async move { Ok(page(events_after(&db, user_id, after, ROWS_AT_ONCE).await?, |event| event.id, happened)) }
        })
    };
    let given = {
        let db = db.clone();
        list("gifts_given", move |after| {
            let db = db.clone();
            async move { Ok(page(given_after(&db, user_id, after, ROWS_AT_ONCE).await?, |gift| gift.id, gift)) }
        })
    };
    let accepted = {
        let db = db.clone();
        list("gifts_accepted", move |after| {
            let db = db.clone();
            async move { Ok(page(accepted_after(&db, user_id, after, ROWS_AT_ONCE).await?, |gift| gift.id, gift)) }
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
    let marks = {
        let db = db.clone();
        list("bookmarks", move |after| {
            let db = db.clone();
            async move { Ok(page(bookmarks_after(&db, user_id, after, ROWS_AT_ONCE).await?, |mark| mark.id, bookmark)) }
        })
    };
    let days = {
        let db = db.clone();
        list("days_heard", move |after| {
            let db = db.clone();
            async move { Ok(page(days_after(&db, user_id, after, ROWS_AT_ONCE).await?, |(day, _)| *day, day_heard)) }
        })
    };
    let answers = {
        let db = db.clone();
        list("answers_to_programs", move |after| {
            let db = db.clone();
            async move {
                let told = answers_after(&db, user_id, after, ROWS_AT_ONCE).await?;
                Ok(page(told, |answer| answer.key_digest.clone(), answered))
            }
        })
    };
    let reviews = {
        let db = db.clone();
        list("reviews", move |after| {
            let db = db.clone();
            async move {
                let written = reviews_after(&db, user_id, after, ROWS_AT_ONCE).await?;
                Ok(page(written, |review| review.audiobook_id, review))
            }
        })
    };
    let reports = {
        let db = db.clone();
        list("reviews_reported", move |after| {
            let db = db.clone();
            async move { Ok(page(reports_after(&db, user_id, after, ROWS_AT_ONCE).await?, |(id, _)| *id, reported)) }
        })
    };
    let wishes = {
        let db = db.clone();
        list("wishlist", move |after| {
            let db = db.clone();
            async move { Ok(page(wishes_after(&db, user_id, after, ROWS_AT_ONCE).await?, |wish| wish.audiobook_id, wish)) }
        })
    };
    let told = {
        let db = db.clone();
        list("sales_told_of", move |after| {
            let db = db.clone();
            async move { Ok(page(told_after(&db, user_id, after, ROWS_AT_ONCE).await?, |(key, _)| key.clone(), told)) }
        })
    };
    let trail = list("history", move |after| {
        let db = db.clone();
        async move {
            let events = audit::trail::events_of(&db, user_id, after, ROWS_AT_ONCE).await?;
            Ok(page(events, Event::cursor, move |event| line(user_id, event)))
        }
    });
    stream::iter([Ok(beginning)])
        .chain(orders)
        .chain(invoices)
        .chain(refunds)
        .chain(disputes)
        .chain(happened)
        .chain(given)
        .chain(accepted)
        .chain(books)
        .chain(places)
        .chain(marks)
        .chain(days)
        .chain(answers)
        .chain(reviews)
        .chain(reports)
        .chain(wishes)
        .chain(told)
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
///
/// Boxed: a dozen of them one after the other would not fit on the stack of a thread.
fn list<C, F>(name: &'static str, read: impl Fn(Option<C>) -> F + Send + 'static) -> BoxStream<'static, Result<String>>
where
    C: Send + 'static,
    F: Future<Output = Result<Page<C>>> + Send + 'static,
{
    let pages = stream::try_unfold(Some((None, true)), move |from: Option<(Option<C>, bool)>| {
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
    });
    pages.boxed()
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
        "mails_of_sales": facts.sale_mails,
        "has_password": facts.has_password,
        "second_step_since": time(facts.second_step_at),
        "linked_accounts": facts.links.iter().map(link).collect::<Vec<_>>(),
        "registered_at": facts.since.rfc3339(),
        "known_browsers": browsers
            .map(|(since, last)| json!({ "since": since.rfc3339(), "last_login_at": last.rfc3339() }))
            .collect::<Vec<_>>(),
        "tokens_for_machines": facts.machine_tokens.iter().map(machine_token).collect::<Vec<_>>(),
    })
}

fn machine_token(token: &MachineToken) -> Value {
    json!({
        "name": token.name,
        "scopes": token.scopes,
        "made_at": token.created_at.rfc3339(),
        "ends_at": token.ends_at.rfc3339(),
        "last_used_at": time(token.used_at),
    })
}

fn session(session: &ActiveSession) -> Value {
    json!({
        "device": session.device,
        "kind": if session.program { "program" } else { "browser" },
        "this_browser": session.here,
        "address": session.ip,
        "logged_in_at": session.since.rfc3339(),
        "last_seen_at": session.seen_at.rfc3339(),
    })
}

fn order(order: &Order) -> Value {
    let tax = |line: &OrderLine| {
        let tax = line.tax.as_ref()?;
        Some(json!({ "name": tax.name, "rate": tax.rate.to_string(), "amount": tax.amount.decimal() }))
    };
    let line = |line: &OrderLine| json!({ "title": line.title, "list_price": line.list_price.decimal(), "price": line.price.decimal(), "bundle": line.bundle.as_ref().map(|bundle| &bundle.name), "bundle_took_off": line.bundle.as_ref().map(|bundle| bundle.off.decimal()), "coupon_took_off": line.discount.decimal(), "tax": tax(line), "paid_back": line.refunded.decimal(), "paid_back_at": time(line.refunded_at) });
    json!({
        "number": order.number,
        "status": order.status,
        "coupon": order.coupon,
        "coupon_took_off": order.discount.decimal(),
        "total": order.total.decimal(),
        "tax_in_it": order.tax.decimal(),
        "lived_in": order.country,
        "paid_back": order.refunded.decimal(),
        "currency": order.total.currency,
        "ordered_at": order.created_at.rfc3339(),
        "paid_at": time(order.paid_at),
        "card_ending_in": order.card_last4,
        "right_of_withdrawal": order.withdrawal.map(withdrawal),
        "titles": order.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn invoice(held: &Held) -> Value {
    json!({
        "number": held.number,
        "order": held.order,
        "made_at": held.issued_at.rfc3339(),
        "made_out_to": held.billing.name,
        "address": held.billing.address,
        "tax_number": held.billing.tax_number,
    })
}

fn withdrawal(consent: WithdrawalConsent) -> Value {
    json!({ "agreed_at": consent.agreed_at.rfc3339(), "to": consent.wording.sentence() })
}

fn dispute(dispute: &Dispute) -> Value {
    json!({
        "order": dispute.order_number,
        "status": dispute.status,
        "amount": dispute.amount.decimal(),
        "currency": dispute.amount.currency,
        "reason": dispute.reason,
        "opened_at": dispute.opened_at.rfc3339(),
        "closed_at": time(dispute.closed_at),
    })
}

fn refund(refund: &RefundView) -> Value {
    json!({
        "order": refund.order_number,
        "status": refund.status,
        "at_the_provider": refund.elsewhere,
        "amount": refund.amount.decimal(),
        "currency": refund.amount.currency,
        "reason": refund.reason,
        "asked_at": refund.created_at.rfc3339(),
        "paid_back_at": time(refund.done_at),
    })
}

fn gift(gift: &Given) -> Value {
    json!({
        "order": gift.number,
        "title": gift.title,
        "to": gift.recipient,
        "to_name": gift.recipient_name,
        "from_name": gift.sender,
        "message": gift.message,
        "mail_goes_on": gift.send_on.to_string(),
        "mail_left_at": time(gift.sent_at),
        "accepted_at": time(gift.redeemed_at),
    })
}

fn happened(event: &Happened) -> Value {
    json!({ "order": event.number, "at": event.at.rfc3339(), "what": event.kind, "cause": event.cause })
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

fn bookmark(mark: &Marked) -> Value {
    json!({
        "title": mark.title,
        "slug": mark.slug,
        "position_ms": mark.position_ms,
        "note": mark.note,
        "at": mark.at.rfc3339(),
    })
}

fn day_heard((day, heard_ms): &(Day, i64)) -> Value {
    json!({ "day": day.to_string(), "heard_ms": heard_ms })
}

fn answered(answer: &Told) -> Value {
    json!({ "asked_at": answer.asked_at.rfc3339(), "status": answer.status, "answer": answer.body })
}

fn review(review: &WrittenReview) -> Value {
    json!({
        "title": review.title,
        "slug": review.slug,
        "story": review.story,
        "performance": review.performance,
        "text": review.text,
        "hidden": review.hidden,
        "hidden_because": review.reason,
        "at": review.at.rfc3339(),
        "changed_at": review.changed_at.rfc3339(),
    })
}

fn wish(wish: &Wish) -> Value {
    json!({ "title": wish.title, "slug": wish.slug, "since": wish.at.rfc3339() })
}

fn told((key, at): &(String, Timestamp)) -> Value {
    json!({ "sale": key, "at": at.rfc3339() })
}

fn reported((id, at): &(Uuid, Timestamp)) -> Value {
    json!({ "review": id, "at": at.rfc3339() })
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
        "machine": event.token_name,
    })
}
