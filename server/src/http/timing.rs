//! Whether an answer, or its time, tells if an address has an account. Times are measured by `make bench` alone.

use super::testing::Shop;
use crate::config::Limits;
use domain::account::{Password, registration};
use domain::entities::users;
use http::{Request, StatusCode};
use sea_orm::{EntityTrait, IntoActiveModel};
use std::time::{Duration, Instant};
use uuid::Uuid;

const SECRET: &str = "a lamp above the harbour";
/// Before anything counts.
const WARM_UP: usize = 50;
/// How far the medians may lie apart.
const APART: Duration = Duration::from_millis(1);

/// Where an address is typed: what is sent, and the status of the answer.
struct Door {
    name: &'static str,
    path: &'static str,
    form: fn(&str) -> String,
    json: bool,
    answer: StatusCode,
}

const DOORS: [Door; 4] = [
    Door {
        name: "log-in page",
        path: "/api/account/login",
        form: |email| format!("email={}&password=not+the+password", email.replace('@', "%40")),
        json: false,
        answer: StatusCode::UNPROCESSABLE_ENTITY,
    },
    Door {
        name: "reset page",
        path: "/api/account/ask-reset",
        form: |email| format!("email={}", email.replace('@', "%40")),
        json: false,
        answer: StatusCode::OK,
    },
    Door {
        name: "log-in of programs",
        path: "/api/v1/auth/login",
        form: |email| format!(r#"{{"email":"{email}","password":"not the password"}}"#),
        json: true,
        answer: StatusCode::UNAUTHORIZED,
    },
    Door {
        name: "reset of programs",
        path: "/api/v1/auth/password-reset",
        form: |email| format!(r#"{{"email":"{email}"}}"#),
        json: true,
        answer: StatusCode::ACCEPTED,
    },
];

/// Addresses of one length, each used once: half of them have an account.
fn address(known: bool, number: usize) -> String {
    format!("{}-{number:06}@example.com", if known { "known" } else { "other" })
}

/// Accounts like any other; hashing a password for each would take minutes.
async fn accounts(shop: &Shop, most: usize) {
    let first = address(true, 0).parse().unwrap();
    let user = registration::register(&shop.db, &first, "Ada", &Password::parse(SECRET).unwrap()).await.unwrap();
    let row = users::Entity::find_by_id(user.id).one(shop.db.read()).await.unwrap().unwrap();
    let rows: Vec<_> = (1..most)
        .map(|number| users::Model { id: Uuid::now_v7(), email: address(true, number), ..row.clone() })
        .collect();
    for rows in rows.chunks(200) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        users::Entity::insert_many(rows).exec_without_returning(shop.db.read()).await.unwrap();
    }
}

impl Door {
    async fn try_with(&self, shop: &Shop, email: &str) -> Duration {
        let kind = if self.json { "application/json" } else { "application/x-www-form-urlencoded" };
        let request = Request::post(self.path).header("content-type", kind).header("accept", "application/json");
        let request = request.body(axum::body::Body::from((self.form)(email))).unwrap();
        let began = Instant::now();
        let answer = shop.send(request).await;
        let took = began.elapsed();
        assert_eq!(answer.status, self.answer, "{}: {}", self.name, answer.text());
        took
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// In every run of the tests the answers are the same; their times are measured by `make bench`, which says how many
/// requests it wants.
#[tokio::test(flavor = "multi_thread")]
async fn a_known_and_an_unknown_address_are_answered_alike_and_after_the_same_time() {
    let wanted = std::env::var("LECTERN_TIMING_REQUESTS").ok().map(|number| number.parse::<usize>().unwrap());
    let (requests, warm_up) = wanted.map_or((1, 0), |requests| (requests, WARM_UP));
    // The limits would end it after a few; here alone they are off.
    let shop = Shop::open_whole(|config| config.limits = Limits::off()).await;
    let each = warm_up + requests;
    accounts(&shop, each * DOORS.len()).await;
    println!("  medians of {requests} requests each, in milliseconds   known  unknown    apart");
    let mut told = Vec::new();
    for (place, door) in DOORS.iter().enumerate() {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for turn in 0..each {
            let number = place * each + turn;
            // Now the one first, now the other.
            for has_account in [turn % 2 == 0, turn % 2 == 1] {
                let took = door.try_with(&shop, &address(has_account, number)).await;
                if turn >= warm_up {
                    if has_account { known.push(took) } else { unknown.push(took) }
                }
            }
        }
        let (known, unknown) = (median(&mut known), median(&mut unknown));
        let apart = known.abs_diff(unknown);
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let verdict = if apart < APART { "pass" } else { "FAIL" };
        println!("  {:<47} {:>9.3} {:>8.3} {:>8.3}  {verdict}", door.name, ms(known), ms(unknown), ms(apart));
        if apart >= APART && wanted.is_some() {
            told.push(door.name);
        }
    }
    assert!(told.is_empty(), "the time of an answer tells whether an address has an account: {told:?}");
}
