//! A shop that is paid through Stripe, and a Stripe that stands beside it.

mod buying;
mod elsewhere;
mod ends;
mod events;
mod flood;
mod refunds;

use super::{EVENTS, EVENTS_FOR_PROGRAMS};
use crate::config::Limits;
use crate::http::testing::{Answer, Shop};
use crate::jobs::{JobError, Registry};
use crate::maintenance;
use crate::stripe::SIGNATURE;
use crate::stripe::fake::Fake;
use axum::body::Body;
use domain::account::User;
use domain::account::email::mail::MailJob;
use domain::entities::{audiobooks, jobs as job_rows, payments};
use domain::jobs::{self, Job, Queue, Retry};
use domain::ordering::attempts::{self, SettlePayment};
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::provider_events::HearProvider;
use domain::ordering::refunds::RefundPayment;
use domain::ordering::{Order, OrderStatus, orders};
use domain::testing::{Title, for_sale, shopper};
use domain::{PageRequest, job_kinds};
use http::Request;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const MINUTE: i64 = 60_000;

struct Street {
    shop: Shop,
    stripe: Fake,
}

struct Buyer {
    user: User,
    cookie: String,
}

impl Street {
    async fn open() -> Self {
        let stripe = Fake::open().await;
        let shop = Shop::open_whole(|config| {
            config.limits = Limits::off();
            stripe.configure(config);
        })
        .await;
        stripe.live_by(&shop.clock);
        Self { shop, stripe }
    }

    async fn title(&self, name: &str, price_minor: i64) -> Title {
        for_sale(&self.shop.db, name, price_minor).await
    }

    async fn buyer(&self, name: &str, titles: &[&Title]) -> Buyer {
        let user = shopper(&self.shop.db, name).await;
        let buyer = Buyer { cookie: self.shop.log_in(&user).await, user };
        self.fill(&buyer, titles).await;
        buyer
    }

    async fn fill(&self, buyer: &Buyer, titles: &[&Title]) {
        for title in titles {
            cart::add(&self.shop.db, &CartOwner::User(buyer.user.id), &title.slug).await.unwrap();
        }
    }

    /// Sends the form of the checkout page.
    async fn check_out(&self, buyer: &Buyer, total_minor: i64, key: &str, headers: &[(&str, &str)]) -> Answer {
        let form = format!("key={key}&total_minor={total_minor}&card=4242424242424242&withdrawal=1");
        self.shop.post(&buyer.cookie, "/api/orders/checkout", &form, headers).await
    }

    /// An order that waits for its payment, and the session at Stripe.
    async fn begin(&self, buyer: &Buyer, total_minor: i64) -> (Order, String) {
        let answer = self.check_out(buyer, total_minor, &domain::secret::token(), &[]).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        let order: Order = serde_json::from_slice(&answer.body).unwrap();
        assert!(order.status == OrderStatus::Pending && order.goes_on, "{order:?}");
        (order, self.stripe.last().id)
    }

    async fn order(&self, buyer: &Buyer, order: &Order) -> Order {
        orders::order(&self.shop.db, buyer.user.id, &order.number).await.unwrap()
    }

    async fn statuses(&self, buyer: &Buyer) -> Vec<OrderStatus> {
        let page = orders::orders(&self.shop.db, buyer.user.id, PageRequest::new(1, 50)).await.unwrap();
        page.items.into_iter().map(|order| order.status).collect()
    }

    /// Sends an event as Stripe does.
    async fn tell(&self, event: &[u8]) -> u16 {
        let signature = self.stripe.signature(event, self.shop.db.now());
        self.tell_signed(event, &signature).await
    }

    async fn tell_signed(&self, event: &[u8], signature: &str) -> u16 {
        let request = Request::post(EVENTS)
            .header(SIGNATURE, signature)
            .header("content-type", "application/json; charset=utf-8")
            .body(Body::from(event.to_vec()))
            .unwrap();
        self.shop.send(request).await.status.as_u16()
    }

    /// Does what is to be done about payments at this moment, as the server's runner does. Says how many jobs ended well.
    async fn work(&self) -> usize {
        let db = &self.shop.db;
        let handlers = Registry::over(&self.shop.state)
            .job(maintenance::settle_payment)
            .job(maintenance::refund_payment)
            .job(maintenance::hear_provider)
            .handlers;
        let kinds = job_kinds::all().only(&[SettlePayment::KIND, RefundPayment::KIND, HearProvider::KIND]);
        attempts::enqueue_due(db).await.unwrap();
        let mut done = 0;
        loop {
            let claims = jobs::claim(db, &kinds, Queue::Maintenance, "books", 60_000, 50).await.unwrap();
            if claims.is_empty() {
                return done;
            }
            let mut well = Vec::new();
            for claim in claims {
                match handlers[claim.kind.as_str()](claim.clone()).await {
                    Ok(()) => well.push(claim),
                    Err(error) => {
                        let retry = if matches!(error, JobError::Fatal(_)) { Retry::Fatal } else { Retry::After(None) };
                        jobs::fail(db, job_kinds::all(), &claim, &error.to_string(), retry).await.unwrap();
                    }
                }
            }
            done += well.len();
            if !well.is_empty() {
                jobs::complete_all(db, &well).await.unwrap();
            }
        }
    }

    /// How many mails of a kind were asked for.
    async fn mails(&self, of: impl Fn(&MailJob) -> bool) -> usize {
        let rows = job_rows::Entity::find().filter(job_rows::Column::Kind.eq(MailJob::KIND));
        let rows = rows.all(self.shop.db.read()).await.unwrap();
        rows.iter().filter(|row| of(&serde_json::from_str(&row.payload).unwrap())).count()
    }

    async fn sold(&self, title: &Title) -> (i64, i32) {
        let row = audiobooks::Entity::find_by_id(title.id).one(self.shop.db.read()).await.unwrap().unwrap();
        (row.sold_count, row.licences_sold)
    }

    async fn attempt(&self, order: &Order) -> payments::Model {
        let of_order = payments::Entity::find().filter(payments::Column::OrderId.eq(order.id));
        of_order.one(self.shop.db.read()).await.unwrap().unwrap()
    }
}
