//! Money that goes back at the provider itself: refunds that somebody made there, and what a buyer's bank takes back. What an event
//! tells is not believed: the provider is asked for all that went back of a charge, and what the books do not have yet is
//! written into them, in one transaction and once.

mod books;

use super::attempts::{self, Looked};
use super::disputes::Moved;
use super::events::Occasion;
use super::orders::currency;
use super::payment::{Payments, TakenBack, Unreachable};
use super::refunds::{self, RefundPayment, Tried};
use super::settle::locked_order;
use super::{PaymentStatus, RefundStatus, disputes};
use crate::entities::{payment_events, payments as payment_rows, refunds as rows};
use crate::{Currency, Db, Error, Money, Result};
use books::Books;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What became of following a charge.
#[derive(Debug)]
pub(super) enum Followed {
    Done,
    /// The provider has to be asked again.
    NotYet(Unreachable),
    /// The money of a refund that was made there did not reach the buyer, and a person has to look at it: why.
    Bounced(String),
    /// Some of it is in another currency than what was charged: all else is written.
    Foreign(Error),
}

/// Brings the books up to what the provider says went back of a charge, by its own name of it. May be cut off at any place and
/// done again. With the `event` that tells of it, a refund that came back is written as refused and belongs to that event from
/// then on; at most one, so that each is told to a person.
///
/// # Errors
/// When the database fails.
pub(super) async fn follow(
    db: &Db,
    payments: &Payments,
    through: &str,
    charge: &str,
    event: Option<&payment_events::Model>,
) -> Result<Followed> {
    match went_back(payments, through, charge).await {
        Ok(Some(found)) => write(db, payments, found, event).await,
        Ok(None) => Ok(Followed::Done),
        Err(error) => Ok(Followed::NotYet(error)),
    }
}

/// What the provider says went back of a charge; `None` of one that nobody knows.
async fn went_back(
    payments: &Payments,
    through: &str,
    charge: &str,
) -> std::result::Result<Option<TakenBack>, Unreachable> {
    match payments.named(through) {
        Some(provider) => provider.taken_back(charge).await,
        None => Ok(None),
    }
}

/// As [`follow`], with what the provider said.
async fn write(
    db: &Db,
    payments: &Payments,
    mut found: TakenBack,
    event: Option<&payment_events::Model>,
) -> Result<Followed> {
    let Ok(id) = found.reference.parse() else { return Ok(Followed::Done) };
    let attempt = match attempts::find(db, id).await {
        // Of another shop with the same account.
        Err(Error::NotFound(_)) => return Ok(Followed::Done),
        attempt => attempt?,
    };
    // That it was paid is written first, whatever was told first.
    match attempts::look(db, payments, &attempt, Occasion::Webhook).await? {
        Looked::Known => {}
        Looked::Unreachable(error) => return Ok(Followed::NotYet(error)),
        Looked::Waits | Looked::Unseen => {
            return Ok(Followed::NotYet(Unreachable("whether the charge was made is not known yet".to_owned())));
        }
    }
    let foreign = take_out_foreign(&mut found, currency(&attempt.currency)?);
    let bounced = db
        .transaction(async |tx| {
            let order = locked_order(&tx, attempt.order_id).await?;
            let payment =
                payment_rows::Entity::find_by_id(attempt.id).one(&tx).await?.ok_or(Error::NotFound("payment"))?;
            if payment.status != PaymentStatus::Succeeded {
                return Ok(None);
            }
            let mut books = Books::open(&tx, order, payment).await?;
            let of_event = event.and_then(|event| event.refund_id);
            let mut bounced = None;
            // At most a few, and most often one.
            for given in &found.refunds {
                // One that came back has events of its own.
                let waits = given.failed.is_some() && (event.is_none() || bounced.is_some());
                if given.ours.is_none() && !waits {
                    bounced = books.given_back(&tx, given, &found, of_event).await?.or(bounced);
                }
            }
            for disputed in &found.disputes {
                match disputes::keep(&tx, &books.order, &books.payment, disputed).await? {
                    Some(Moved::Lost(minor)) => books.lose(&tx, &disputed.name, minor).await?,
                    Some(Moved::Returned) => books.returned(&tx, &disputed.name).await?,
                    None => {}
                }
            }
            books.overtake(&tx, &found).await?;
            let bounced = bounced.filter(|(refund, _)| books.is_refused(*refund));
            if let (Some(event), Some((refund, _))) = (event, &bounced) {
                // Whoever hears the event again, because this was cut off, finds it.
                payment_events::Entity::update_many()
                    .col_expr(payment_events::Column::RefundId, Expr::value(*refund))
                    .filter(payment_events::Column::Id.eq(event.id))
                    .exec(&tx)
                    .await?;
            }
            Ok(bounced)
        })
        .await?;
    match (bounced, foreign) {
        (Some((_, why)), _) => Ok(Followed::Bounced(why)),
        (None, Some(error)) => Ok(Followed::Foreign(error)),
        (None, None) => Ok(Followed::Done),
    }
}

/// As [`follow`] of no event, and whether the buyer still lacks what a refund that came back was to give; not where somebody gave
/// as much at the provider, in one piece or in several. The provider is asked once for both.
///
/// # Errors
/// When the database fails.
pub(super) async fn is_lacking(
    db: &Db,
    payments: &Payments,
    through: &str,
    charge: &str,
    id: Uuid,
) -> Result<std::result::Result<bool, Unreachable>> {
    let found = match went_back(payments, through, charge).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Ok(true)),
        Err(error) => return Ok(Err(error)),
    };
    // What was made anew at the provider meanwhile is not given twice.
    if let Followed::NotYet(error) = write(db, payments, found.clone(), None).await? {
        return Ok(Err(error));
    }
    let Ok(attempt) = found.reference.parse::<Uuid>() else { return Ok(Ok(true)) };
    let lacking = db
        .transaction(async |tx| {
            let Some(payment) = payment_rows::Entity::find_by_id(attempt).one(&tx).await? else { return Ok(true) };
            let order = locked_order(&tx, payment.order_id).await?;
            Ok(Books::open(&tx, order, payment).await?.is_lacking(id, &found))
        })
        .await?;
    Ok(Ok(lacking))
}

/// Takes out what is in another currency than what was charged: the books have no place for it. Says what that is.
fn take_out_foreign(found: &mut TakenBack, charged: Currency) -> Option<Error> {
    let mut foreign = Vec::new();
    let mut fits = |name: &str, amount: Money| {
        let fits = amount.currency == charged;
        if !fits {
            foreign.push(name.to_owned());
        }
        fits
    };
    found.refunds.retain(|given| given.ours.is_some() || fits(&given.name, given.amount));
    found.disputes.retain(|disputed| fits(&disputed.name, disputed.amount));
    let names = foreign.join(", ");
    (!foreign.is_empty()).then(|| Error::Damaged(format!("in another currency than their charge: {names}")))
}

/// As [`refunds::carry_out`]; a refund that is not made because the money went back at the provider before ends with that.
///
/// # Errors
/// As there.
pub async fn carry_out(db: &Db, payments: &Payments, job: &RefundPayment) -> Result<Tried> {
    let tried = refunds::carry_out(db, payments, job).await?;
    overtaken(db, payments, job.refund_id, tried).await
}

/// Where a try to give money back found that it went back at the provider itself, writes that down.
///
/// # Errors
/// When the database fails.
pub(super) async fn overtaken(db: &Db, payments: &Payments, id: Uuid, tried: Tried) -> Result<Tried> {
    let Tried::Elsewhere { through, charge } = tried else { return Ok(tried) };
    if let Followed::NotYet(error) = follow(db, payments, &through, &charge, None).await? {
        return Ok(Tried::NotYet(error));
    }
    let Some(refund) = rows::Entity::find_by_id(id).one(db.read()).await? else { return Ok(Tried::Done) };
    if matches!(refund.status, RefundStatus::Done | RefundStatus::Elsewhere) {
        return Ok(Tried::Done);
    }
    let why = "The provider says that all of it went back before.".to_owned();
    refunds::refuse(db, &refund, &why, None).await?;
    Ok(Tried::Refused(why))
}
