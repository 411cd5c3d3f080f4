//! Asks the database how it would run what the shop sent: no look-up may read through a whole table.

use crate::database::Shop;
use crate::fixtures::{for_sale, row};
use domain::Timestamp;
use domain::account::{Role, TokenPurpose};
use domain::audit::{Action, Outcome};
use domain::catalog::ContributorRole;
use domain::entities::{
    account_tokens, audiobook_categories, audiobook_people, audiobook_terms, audiobooks, audit_events, bookmarks,
    bundle_titles, bundles, cart_items, carts, categories, coupons, devices, disputes, entitlements, files, gifts,
    identities, jobs, kept_answers, listening_days, machine_tokens, order_events, order_lines, orders, parts,
    payment_events, payments, people, positions, rate_buckets, recovery_codes, refunds, review_reports, reviews, sales,
    sales_told, second_steps, segments, sessions, spent_id_tokens, spoken_books, text_edits, users, webhook_deliveries,
    webhooks, wishes,
};
use domain::jobs::{JobStatus, Queue};
use domain::ordering::{DisputeStatus, OrderEventKind, OrderStatus, PaymentStatus, RefundStatus};
use domain::transcript::Standing;
use domain::transcript::edits::EditKind;
use domain::webhooks::{DeliveryStatus, EventKind, MOST, OffWhy};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Statement, TransactionTrait,
};
use uuid::Uuid;

/// Checks the plan of everything that was read, changed or deleted since the statements were last taken.
///
/// SQLite has to `SEARCH` every table or read it in the order of an index; PostgreSQL must not scan a table in sequence
/// when it may choose (`enable_seqscan` is off, so a scan means that no index fits); MariaDB has to name a key. Fill the
/// tables before: planners skip the index of a table that fits on a page. See [`crowd`].
pub async fn all_use_indexes(shop: &Shop) {
    let sent = shop.statements.take();
    let lookups: Vec<_> = sent.into_iter().filter(|statement| is_lookup(&statement.sql)).collect();
    assert!(!lookups.is_empty(), "nothing was looked up");
    for lookup in lookups {
        // A count that ends at a limit reads no more rows than that, and of a small table MariaDB rather reads all.
        let bounded = lookup.sql.contains("COUNT(") && lookup.sql.contains("LIMIT");
        if bounded && shop.db.backend() == DbBackend::MySql {
            continue;
        }
        let plan = plan(shop, &lookup).await;
        let scans: Vec<_> = plan.iter().filter(|step| is_scan(shop.db.backend(), step)).collect();
        assert!(scans.is_empty(), "a whole table is read: {scans:?}\nby {}\nplan {plan:#?}", lookup.sql);
    }
    shop.statements.take();
}

fn is_lookup(sql: &str) -> bool {
    ["SELECT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb)) && sql.contains("WHERE")
}

/// The steps of a statement's plan, as the backend writes them.
async fn plan(shop: &Shop, lookup: &Statement) -> Vec<String> {
    let backend = shop.db.backend();
    let verb = if backend == DbBackend::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let explain = Statement { sql: format!("{verb} {}", lookup.sql), ..lookup.clone() };
    let tx = shop.db.read().begin().await.unwrap();
    if backend == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let rows = tx.query_all_raw(explain).await.unwrap_or_else(|error| panic!("{error}: {}", lookup.sql));
    let steps = rows.iter().map(|row| match backend {
        DbBackend::Sqlite => row.try_get::<String>("", "detail").unwrap(),
        DbBackend::Postgres => row.try_get_by_index::<String>(0).unwrap(),
        _ => {
            let text = |column| row.try_get::<Option<String>>("", column).unwrap().unwrap_or_default();
            format!("table={} type={} key={} extra={}", text("table"), text("type"), text("key"), text("Extra"))
        }
    });
    steps.collect()
}

fn is_scan(backend: DbBackend, step: &str) -> bool {
    match backend {
        // A subquery's few rows may be gone through.
        DbBackend::Sqlite => {
            step.starts_with("SCAN")
                && !step.contains("USING INDEX")
                && !step.contains("USING COVERING INDEX")
                // A table for full texts says what it was asked by after the colon: nothing, where it is read through.
                && (!step.contains("VIRTUAL TABLE INDEX") || step.ends_with(':'))
                && ![
                    "SCAN (",
                    "SCAN word_",
                    "SCAN sub_query",
                    "SCAN kin",
                    "SCAN shared",
                    "SCAN CONSTANT",
                    "SCAN found",
                    "SCAN rows_",
                ]
                .iter()
                .any(|mild| step.starts_with(mild))
        }
        DbBackend::Postgres => step.contains("Seq Scan"),
        // Without a table, MariaDB knew the answer from the indexes alone; `<...>` is a subquery; and `const` is one row at
        // most, or none where what is joined is null.
        _ => {
            step.contains(" key= ")
                && !step.starts_with("table= ")
                && !step.starts_with("table=<")
                && !step.contains(" type=const ")
        }
    }
}

/// Rows enough in the tables of accounts, orders and libraries that a planner prefers their indexes.
pub async fn crowd(shop: &Shop) {
    const PEOPLE: usize = 400;
    let now = shop.db.now();
    let published = row(shop, for_sale(shop, "Book", 100).await.id).await;
    let title = |n: usize| audiobooks::Model {
        id: Uuid::now_v7(),
        slug: format!("book-{n}"),
        created_at: Timestamp(n as i64),
        ..published.clone()
    };
    let titles: Vec<_> = (0..PEOPLE).map(title).collect();
    let people = (0..PEOPLE).map(|n| users::Model {
        id: Uuid::now_v7(),
        email: format!("person{n}@example.com"),
        name: format!("Person {n}"),
        email_verified_at: None,
        pending_email: None,
        password_hash: None,
        role: if n % 100 == 0 { Role::Admin } else { Role::Shopper },
        permissions: String::new(),
        second_step_at: None,
        language: "en".to_owned(),
        currency: None,
        sale_mails: true,
        disabled_at: None,
        deleted_at: None,
        created_at: now.plus_ms(n as i64),
        updated_at: now,
    });
    let people: Vec<_> = people.collect();
    insert(shop, &titles).await;
    let authors: Vec<_> = titles.iter().map(author).collect();
    insert(shop, &authors).await;
    let written = titles.iter().zip(&authors).map(|(title, author)| audiobook_people::Model {
        audiobook_id: title.id,
        person_id: author.id,
        role: ContributorRole::Author,
        position: 0,
    });
    insert(shop, &written.collect::<Vec<_>>()).await;
    let shelves: Vec<_> = titles.iter().map(category).collect();
    insert(shop, &shelves).await;
    let stand = titles.iter().zip(&shelves).map(|(title, shelf)| audiobook_categories::Model {
        audiobook_id: title.id,
        category_id: shelf.id,
        position: 0,
    });
    insert(shop, &stand.collect::<Vec<_>>()).await;
    insert(shop, &people).await;
    insert(
        shop,
        &titles
            .iter()
            .map(|title| audiobook_terms::Model { audiobook_id: title.id, term: title.slug.clone(), weight: 1 })
            .collect::<Vec<_>>(),
    )
    .await;
    said(shop, &titles).await;
    let recordings: Vec<_> = titles.iter().map(recording).collect();
    insert(shop, &recordings).await;
    insert(shop, &titles.iter().zip(&recordings).map(|(title, file)| part(title, file)).collect::<Vec<_>>()).await;
    insert(
        shop,
        &people
            .iter()
            .map(|person| sessions::Model {
                id: person.email.clone(),
                data: "{}".into(),
                user_id: Some(person.id),
                created_at: now,
                expires_at: person.created_at,
                ip: None,
                user_agent: None,
                seen_at: now,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &people
            .iter()
            .map(|person| account_tokens::Model {
                id: Uuid::now_v7(),
                user_id: person.id,
                purpose: TokenPurpose::Confirm,
                email: person.email.clone(),
                digest: person.email.clone(),
                created_at: now,
                expires_at: person.created_at.plus_ms(60_000),
                used_at: None,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &people
            .iter()
            .enumerate()
            .map(|(n, person)| jobs::Model {
                id: Uuid::now_v7(),
                queue: [Queue::Mail, Queue::Sound, Queue::Engines][n % 3],
                kind: ["mail.send", "production.probe", "production.transcribe"][n % 3].into(),
                payload: "null".into(),
                group_key: Some(format!("person:{}", person.id.simple())),
                unique_key: None,
                unique_name: None,
                unique_running: false,
                status: JobStatus::Done,
                priority: 0,
                run_at: now,
                attempt: 1,
                failures: 0,
                max_attempts: 5,
                lease_owner: None,
                lease_until: None,
                last_error: None,
                created_at: now,
                updated_at: now,
                finished_at: Some(person.created_at),
                trace_parent: None,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &people
            .iter()
            .enumerate()
            .map(|(n, person)| audit_events::Model {
                id: Uuid::now_v7(),
                happened_at: person.created_at,
                user_id: Some(person.id),
                who: person.email.clone(),
                action: Action::ALL[n % Action::ALL.len()].name().to_owned(),
                subject_kind: None,
                subject: None,
                ip: None,
                user_agent: None,
                token_id: None,
                token_name: None,
                outcome: Outcome::Done,
                details: String::new(),
            })
            .collect::<Vec<_>>(),
    )
    .await;
    let key = |n: usize| format!("{n:064}");
    let buckets = (0..PEOPLE).map(|n| rate_buckets::Model { id: key(n), empty_at: now.plus_ms(n as i64) });
    insert(shop, &buckets.collect::<Vec<_>>()).await;
    let device = |(n, person): (usize, &users::Model)| devices::Model {
        id: key(n),
        user_id: person.id,
        created_at: now,
        seen_at: person.created_at,
    };
    insert(shop, &people.iter().enumerate().map(device).collect::<Vec<_>>()).await;
    let machine = |(n, person): (usize, &users::Model)| machine_tokens::Model {
        id: Uuid::now_v7(),
        user_id: person.id,
        name: "A machine".into(),
        hash: key(n),
        scopes: "shopping".into(),
        created_at: now,
        ends_at: person.created_at,
        used_at: None,
    };
    insert(shop, &people.iter().enumerate().map(machine).collect::<Vec<_>>()).await;
    let webhooks: Vec<_> = people.iter().take(MOST - 1).map(|person| switched_off(person.created_at)).collect();
    insert(shop, &webhooks).await;
    let message = |(n, person): (usize, &users::Model)| webhook_deliveries::Model {
        id: Uuid::now_v7(),
        webhook_id: webhooks[n % webhooks.len()].id,
        event: EventKind::OrderPaid.name().to_owned(),
        body: "{}".to_owned(),
        status: DeliveryStatus::Arrived,
        tries: 1,
        created_at: person.created_at,
        tried_at: Some(person.created_at),
        next_at: None,
        answer_status: Some(200),
        answer: None,
        took_ms: Some(1),
    };
    insert(shop, &people.iter().enumerate().map(message).collect::<Vec<_>>()).await;
    let identity = |person: &users::Model| identities::Model {
        id: Uuid::now_v7(),
        user_id: person.id,
        provider: "https://accounts.example".into(),
        subject: person.email.clone(),
        email: None,
        created_at: now,
        used_at: now,
    };
    insert(shop, &people.iter().map(identity).collect::<Vec<_>>()).await;
    let step = |person: &users::Model| second_steps::Model {
        user_id: person.id,
        secret: String::new(),
        codes: None,
        used_step: 0,
        created_at: now,
    };
    insert(shop, &people.iter().map(step).collect::<Vec<_>>()).await;
    let code = |person: &users::Model| recovery_codes::Model {
        digest: person.email.clone(),
        user_id: person.id,
        created_at: now,
        used_at: None,
    };
    insert(shop, &people.iter().map(code).collect::<Vec<_>>()).await;
    let spent = |person: &users::Model| spent_id_tokens::Model {
        digest: person.email.clone(),
        expires_at: person.created_at.plus_ms(1),
    };
    insert(shop, &people.iter().map(spent).collect::<Vec<_>>()).await;
    let reviews: Vec<_> = people
        .iter()
        .zip(&titles)
        .enumerate()
        .map(|(n, (person, title))| reviews::Model {
            id: Uuid::now_v7(),
            audiobook_id: title.id,
            user_id: person.id,
            story: 5,
            performance: 4,
            text: String::new(),
            hidden: n % 100 == 0,
            hidden_reason: None,
            open_reports: i32::from(n % 50 == 0),
            created_at: now,
            updated_at: now,
        })
        .collect();
    insert(shop, &reviews).await;
    // Everybody reported the review of the next.
    let report = |(person, review): (&users::Model, &reviews::Model)| review_reports::Model {
        user_id: person.id,
        review_id: review.id,
        created_at: now,
    };
    insert(shop, &people.iter().zip(reviews.iter().cycle().skip(1)).map(report).collect::<Vec<_>>()).await;
    let carts: Vec<_> = people
        .iter()
        .map(|person| carts::Model {
            id: Uuid::now_v7(),
            user_id: Some(person.id),
            token_hash: Some(person.email.clone()),
            coupon_id: None,
            created_at: now,
            updated_at: person.created_at,
        })
        .collect();
    insert(shop, &carts).await;
    let pairs = |n: usize| (0..4).map(move |k| (n + k) % PEOPLE);
    insert(
        shop,
        &carts
            .iter()
            .enumerate()
            .flat_map(|(n, cart)| {
                pairs(n).map(|k| cart_items::Model { cart_id: cart.id, audiobook_id: titles[k].id, added_at: now })
            })
            .collect::<Vec<_>>(),
    )
    .await;
    let orders: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(n, person)| orders::Model {
            id: Uuid::now_v7(),
            number: format!("L-{n}"),
            user_id: person.id,
            status: if n % 100 == 0 { OrderStatus::Pending } else { OrderStatus::Fulfilled },
            coupon_id: None,
            coupon_code: None,
            discount_minor: 0,
            total_minor: 100,
            refunded_minor: 0,
            currency: "USD".into(),
            idempotency_key: "key".into(),
            tax_country: None,
            tax_minor: 0,
            tax_added: false,
            withdrawal_agreed_at: Some(now),
            withdrawal_wording: Some(1),
            created_at: person.created_at,
            paid_at: Some(now),
            updated_at: now,
        })
        .collect();
    insert(shop, &orders).await;
    insert(
        shop,
        &orders
            .iter()
            .map(|order| order_events::Model {
                id: Uuid::now_v7(),
                order_id: order.id,
                at: now,
                kind: OrderEventKind::Paid,
                cause: None,
                actor_id: None,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &orders
            .iter()
            .map(|order| refunds::Model {
                id: Uuid::now_v7(),
                order_id: order.id,
                payment_id: None,
                late: false,
                handle: None,
                status: RefundStatus::Done,
                amount_minor: 100,
                currency: "USD".into(),
                reason: None,
                last_error: None,
                created_at: now,
                ask_at: None,
                done_at: Some(now),
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &orders
            .iter()
            .enumerate()
            .map(|(n, order)| order_lines::Model {
                id: Uuid::now_v7(),
                order_id: order.id,
                audiobook_id: titles[n].id,
                position: 0,
                title: "Book".into(),
                list_price_minor: 100,
                price_minor: 100,
                discount_minor: 0,
                bundle_minor: 0,
                bundle_name: None,
                tax_name: None,
                tax_rate: None,
                tax_minor: 0,
                currency: "USD".into(),
                refunded_minor: 0,
                refunded_at: None,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &orders
            .iter()
            .zip(&titles)
            .map(|(order, title)| gifts::Model {
                id: Uuid::now_v7(),
                order_id: order.id,
                audiobook_id: title.id,
                recipient: None,
                recipient_name: None,
                sender_name: None,
                message: None,
                send_on: 0,
                code_digest: order.number.clone(),
                code_sealed: String::new(),
                mailing: 0,
                sent_at: None,
                redeemed_by: Some(order.user_id),
                redeemed_at: Some(order.created_at),
                forget: false,
                created_at: order.created_at,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &orders
            .iter()
            .map(|order| payment_events::Model {
                id: Uuid::now_v7(),
                provider: "stripe".into(),
                event_id: format!("evt_{}", order.number),
                kind: "checkout.session.completed".into(),
                payment_id: None,
                refund_id: None,
                first_to_tell: false,
                charge: None,
                received_at: order.created_at,
                done_at: Some(order.created_at),
            })
            .collect::<Vec<_>>(),
    )
    .await;
    let attempts: Vec<_> = orders
        .iter()
        .map(|order| payments::Model {
            id: Uuid::now_v7(),
            order_id: order.id,
            provider: "simulated".into(),
            reference: order.number.clone(),
            handle: None,
            go_on_at: None,
            status: PaymentStatus::Succeeded,
            amount_minor: 100,
            currency: "USD".into(),
            card_last4: None,
            customer: None,
            failure: None,
            created_at: order.created_at,
            updated_at: order.created_at,
            asks: 0,
            ask_at: None,
        })
        .collect();
    insert(shop, &attempts).await;
    insert(
        shop,
        &attempts
            .iter()
            .map(|attempt| disputes::Model {
                id: Uuid::now_v7(),
                order_id: attempt.order_id,
                payment_id: attempt.id,
                handle: format!("du_{}", attempt.reference),
                status: DisputeStatus::Open,
                amount_minor: 100,
                currency: "USD".into(),
                reason: None,
                opened_at: now,
                closed_at: None,
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &people
            .iter()
            .enumerate()
            .flat_map(|(n, person)| {
                let titles = &titles;
                pairs(n).map(move |k| entitlements::Model {
                    id: Uuid::now_v7(),
                    user_id: person.id,
                    audiobook_id: titles[k].id,
                    order_id: None,
                    granted_at: now.plus_ms(k as i64),
                    revoked_at: None,
                })
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &people
            .iter()
            .enumerate()
            .flat_map(|(n, person)| {
                let titles = &titles;
                pairs(n).map(move |k| positions::Model {
                    user_id: person.id,
                    audiobook_id: titles[k].id,
                    position_ms: 5,
                    taken_at: now,
                    speed_percent: 100,
                    finished_at: None,
                    updated_at: now.plus_ms(k as i64),
                })
            })
            .collect::<Vec<_>>(),
    )
    .await;
    insert(
        shop,
        &titles
            .iter()
            .flat_map(|title| {
                (0..4).map(|position| segments::Model {
                    id: Uuid::now_v7(),
                    audiobook_id: title.id,
                    chunk_id: None,
                    position,
                    start_ms: i64::from(position) * 1_000_000,
                    end_ms: i64::from(position) * 1_000_000 + 900,
                    text: "word".into(),
                    words: "[]".into(),
                    confidence: 1.0,
                    flag: None,
                    standing: Standing::Heard,
                    heard_text: None,
                    version: 0,
                    by_hand: false,
                    apart: false,
                    speaker: None,
                })
            })
            .collect::<Vec<_>>(),
    )
    .await;
    edited(shop, &titles).await;
    prices_and_wishes(shop, &people, &titles).await;
    counted(shop).await;
}

/// Edits of the text of each title.
async fn edited(shop: &Shop, titles: &[audiobooks::Model]) {
    let edit = |title: &audiobooks::Model, number| text_edits::Model {
        id: Uuid::now_v7(),
        audiobook_id: title.id,
        number,
        kind: EditKind::Worded,
        at_ms: 0,
        before: "word".into(),
        after: "words".into(),
        places: 1,
        changes: r#"{"lines":{"before":[],"after":[]}}"#.into(),
        user_id: None,
        created_at: shop.db.now(),
        undone_at: None,
    };
    let all = titles.iter().flat_map(|title| (1..=3).map(move |number| edit(title, number)));
    insert(shop, &all.collect::<Vec<_>>()).await;
}

/// Sales that are over, coupons, and what people wish for.
async fn prices_and_wishes(shop: &Shop, people: &[users::Model], titles: &[audiobooks::Model]) {
    let now = shop.db.now();
    let sale = |n: usize| sales::Model {
        id: Uuid::now_v7(),
        name: format!("Sale {n}"),
        percent: Some(10),
        price_minor: None,
        currency: "USD".into(),
        everything: true,
        starts_at: Timestamp(0),
        ends_at: Some(Timestamp(n as i64 + 1)),
        created_at: now,
        updated_at: now,
    };
    insert(shop, &(0..people.len()).map(sale).collect::<Vec<_>>()).await;
    let bundles: Vec<_> = (0..titles.len() / 2)
        .map(|n| bundles::Model {
            id: Uuid::now_v7(),
            name: format!("Bundle {n}"),
            price_minor: 1,
            currency: "USD".into(),
            titles: 2,
            starts_at: Timestamp(0),
            ends_at: Some(Timestamp(n as i64 + 1)),
            created_at: now,
            updated_at: now,
        })
        .collect();
    insert(shop, &bundles).await;
    let bundled = bundles.iter().zip(titles.chunks(2)).flat_map(|(bundle, two)| {
        two.iter().map(|title| bundle_titles::Model { bundle_id: bundle.id, audiobook_id: title.id })
    });
    insert(shop, &bundled.collect::<Vec<_>>()).await;
    let coupon = |n: usize| coupons::Model {
        id: Uuid::now_v7(),
        code: format!("COUPON{n}"),
        percent: Some(10),
        amount_minor: None,
        minimum_minor: 0,
        currency: "USD".into(),
        once_each: true,
        max_uses: None,
        uses: 0,
        everything: true,
        starts_at: Timestamp(0),
        ends_at: None,
        off_at: None,
        created_at: now,
    };
    insert(shop, &(0..people.len()).map(coupon).collect::<Vec<_>>()).await;
    let mark = |(person, title): (&users::Model, &audiobooks::Model)| bookmarks::Model {
        id: Uuid::now_v7(),
        user_id: person.id,
        audiobook_id: title.id,
        position_ms: 0,
        note: String::new(),
        created_at: now,
        updated_at: now,
    };
    insert(shop, &people.iter().zip(titles).map(mark).collect::<Vec<_>>()).await;
    let heard = people
        .iter()
        .flat_map(|person| (0..4).map(|day| listening_days::Model { user_id: person.id, day, heard_ms: 60_000 }));
    insert(shop, &heard.collect::<Vec<_>>()).await;
    let answer = |person: &users::Model| kept_answers::Model {
        user_id: person.id,
        key_digest: person.email.clone(),
        request_digest: String::new(),
        purchase: Uuid::now_v7(),
        status: Some(201),
        body: Some("{}".to_owned()),
        asked_at: person.created_at,
        begun_at: person.created_at,
    };
    insert(shop, &people.iter().map(answer).collect::<Vec<_>>()).await;
    let wishes = people.iter().zip(titles).map(|(person, title)| wishes::Model {
        user_id: person.id,
        audiobook_id: title.id,
        created_at: now,
    });
    insert(shop, &wishes.collect::<Vec<_>>()).await;
    let told = people.iter().map(|person| sales_told::Model {
        user_id: person.id,
        sale_key: "sale:0".to_owned(),
        told_at: now,
    });
    insert(shop, &told.collect::<Vec<_>>()).await;
}

/// Puts titles into the index of what is said, and as many passages of others.
async fn said(shop: &Shop, titles: &[audiobooks::Model]) {
    let db = shop.db.read();
    let books = titles.iter().map(|title| spoken_books::ActiveModel {
        number: NotSet,
        audiobook_id: Set(title.id),
        language: Set(title.language.clone()),
        made: Set(0),
    });
    spoken_books::Entity::insert_many(books).exec_without_returning(db).await.unwrap();
    let terms =
        if db.get_database_backend() == DbBackend::Postgres { "CAST('owls0000' AS tsvector)" } else { "'owls0000'" };
    let rows = (100_000_i64..).take(titles.len()).map(|number| format!("({}, {terms})", number << 20));
    let rows = rows.collect::<Vec<_>>().join(", ");
    db.execute_unprepared(&format!("INSERT INTO spoken (rowid, terms) VALUES {rows}")).await.unwrap();
}

/// Inserts rows, some hundred at a time.
async fn insert<M, A>(shop: &Shop, rows: &[M])
where
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    for some in rows.chunks(200) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        <A::Entity as EntityTrait>::insert_many(some).exec_without_returning(shop.db.read()).await.unwrap();
    }
}

fn recording(title: &audiobooks::Model) -> files::Model {
    files::Model {
        id: Uuid::now_v7(),
        storage_key: format!("audio/{}", title.slug),
        sha256: "0".repeat(64),
        size: 1,
        media_type: "audio/mpeg".to_owned(),
        original_name: "book.mp3".to_owned(),
        created_at: title.created_at,
        tags: None,
        cover_key: None,
    }
}

fn part(title: &audiobooks::Model, file: &files::Model) -> parts::Model {
    parts::Model {
        id: Uuid::now_v7(),
        audiobook_id: title.id,
        file_id: file.id,
        position: 0,
        start_ms: 0,
        duration_ms: 60_000,
        codec: "mp3".to_owned(),
        sample_rate: 44_100,
        channels: 1,
        created_at: title.created_at,
    }
}

fn author(title: &audiobooks::Model) -> people::Model {
    people::Model {
        id: Uuid::now_v7(),
        slug: format!("author-of-{}", title.slug),
        name: "An author".to_owned(),
        bio: String::new(),
        created_at: title.created_at,
        portrait_key: None,
        portrait_made: None,
        portrait_changed_at: None,
    }
}

fn category(title: &audiobooks::Model) -> categories::Model {
    categories::Model {
        id: Uuid::now_v7(),
        slug: format!("kin-of-{}", title.slug),
        name: "A category".to_owned(),
        description: String::new(),
        keywords: String::new(),
        position: 0,
    }
}

/// A program that is told nothing.
fn switched_off(at: Timestamp) -> webhooks::Model {
    webhooks::Model {
        id: Uuid::now_v7(),
        address: "https://app.example/hooks".to_owned(),
        events: EventKind::OrderPaid.name().to_owned(),
        secret: String::new(),
        old_secret: None,
        old_secret_until: None,
        failing_since: None,
        off_at: Some(at),
        off_why: Some(OffWhy::Switched),
        version: 1,
        created_at: at,
    }
}

/// Lets the planner count the rows, as a running database does by itself.
async fn counted(shop: &Shop) {
    let db = shop.db.read();
    if db.get_database_backend() == DbBackend::MySql {
        let tables = "users, sessions, account_tokens, jobs, carts, cart_items, orders, order_events, order_lines, payments, payment_events, refunds, disputes, entitlements, \
                      positions, segments, audiobooks, audiobook_people, audiobook_terms, people, categories, audit_events, devices, rate_buckets, identities, \
                      spent_id_tokens, second_steps, recovery_codes, reviews, review_reports, sales, coupons, wishes, sales_told, bookmarks, kept_answers, listening_days, webhooks, webhook_deliveries, \
                      spoken, spoken_books, files, parts";
        db.query_all_raw(Statement::from_string(DbBackend::MySql, format!("ANALYZE TABLE {tables}"))).await.unwrap();
    } else {
        db.execute_unprepared("ANALYZE").await.unwrap();
    }
}
