//! Where people are logged in.

use crate::database::{Shop, fresh};
use crate::fixtures::{DAY, shopper};
use domain::Actor;
use domain::account::sessions::{self, active_sessions};
use domain::account::tokens::{self, Lifetimes};
use domain::account::{ActiveSession, User, users};
use domain::audit::{self, Action, Filter};
use domain::entities;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const LIFETIMES: Lifetimes = Lifetimes { idle_ms: DAY, max_ms: DAY };
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn seen(shop: &Shop, ip: &str) -> String {
    let seen = sessions::Seen { at: shop.db.now(), ip: Some(ip.into()), user_agent: Some(FIREFOX.into()) };
    serde_json::json!({ sessions::SEEN: seen }).to_string()
}

async fn logged_in(shop: &Shop, user: &User, id: &str) {
    let (data, expires_at) = (seen(shop, "192.0.2.7"), shop.db.now().plus_ms(DAY));
    let row = sessions::Row { id: id.into(), data, user_id: Some(user.id), expires_at };
    assert!(sessions::create(&shop.db, &row, DAY).await.unwrap());
}

async fn program(shop: &Shop, user: &User) -> tokens::RefreshFamily {
    let account = users::account(&shop.db, user.id).await.unwrap().unwrap();
    let db = shop.db.acting(Actor::visitor("198.51.100.9".parse().ok(), Some("Reader/1.0")));
    tokens::open(&db, &account, "Reader/1.0", LIFETIMES).await.unwrap()
}

async fn of(shop: &Shop, user: &User, here: Option<&str>) -> Vec<ActiveSession> {
    active_sessions::list(&shop.db, user.id, here).await.unwrap()
}

async fn lives(shop: &Shop, id: &str) -> bool {
    sessions::load(&shop.db, id).await.unwrap().is_some()
}

async fn told(shop: &Shop, action: Action) -> usize {
    let filter = Filter { action: action.name().to_owned(), ..Filter::default() };
    audit::trail::events(&shop.db, &filter, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn browsers_and_programs_are_listed_this_one_first() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    logged_in(&shop, &ada, "desk").await;
    shop.clock.advance(1000);
    logged_in(&shop, &ada, "phone").await;
    shop.clock.advance(1000);
    let held = program(&shop, &ada).await;
    let list = of(&shop, &ada, Some("desk")).await;
    let devices: Vec<_> = list.iter().map(|login| (login.device.as_str(), login.program, login.here)).collect();
    let firefox = "Firefox on Linux";
    assert_eq!(devices, [(firefox, false, true), ("Reader/1.0", true, false), (firefox, false, false)]);
    assert_eq!(list[1].handle, held.family_id.to_string());
    assert_eq!((list[0].ip.as_deref(), list[1].ip.as_deref()), (Some("192.0.2.7"), Some("198.51.100.9")));
    assert_eq!(list[2].since.since_ms(list[0].since), 1000);
    assert!(of(&shop, &shopper(&shop, "Ben").await, Some("desk")).await.is_empty(), "nobody sees those of others");
}

#[tokio::test]
async fn where_a_session_was_last_seen_is_kept() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    logged_in(&shop, &ada, "desk").await;
    let since = shop.db.now();
    shop.clock.advance(60_000);
    let moved = sessions::Row {
        id: "desk".into(),
        data: seen(&shop, "203.0.113.5"),
        user_id: Some(ada.id),
        expires_at: shop.db.now().plus_ms(DAY),
    };
    sessions::save(&shop.db, &moved, DAY).await.unwrap();
    let list = of(&shop, &ada, None).await;
    assert_eq!((list[0].ip.as_deref(), list[0].since, list[0].seen_at), (Some("203.0.113.5"), since, shop.db.now()));
    shop.clock.advance(DAY);
    assert!(of(&shop, &ada, None).await.is_empty(), "what is over is not listed");
}

#[tokio::test]
async fn a_copy_of_a_session_opens_the_account_only_while_the_database_has_the_session_just_like_that() {
    let shop = fresh().await;
    let (ada, ben) = (shopper(&shop, "Ada").await, shopper(&shop, "Ben").await);
    logged_in(&shop, &ada, "desk").await;
    logged_in(&shop, &ben, "bens").await;
    let opens = async |copy: &sessions::Row| {
        shop.statements.take();
        let account = sessions::account_of(&shop.db, copy).await.unwrap();
        assert!(shop.statements.take().len() <= 1);
        account.map(|account| account.user.id)
    };
    let copy = sessions::load(&shop.db, "desk").await.unwrap().unwrap();
    assert_eq!(opens(&copy).await, Some(ada.id));

    let forged = [
        sessions::Row { id: "bens".to_owned(), ..copy.clone() },
        sessions::Row { id: "car".to_owned(), ..copy.clone() },
        sessions::Row { user_id: Some(ben.id), ..copy.clone() },
        sessions::Row { user_id: None, ..copy.clone() },
        sessions::Row { data: copy.data.replace("192.0.2.7", "192.0.2.8"), ..copy.clone() },
        sessions::Row { expires_at: copy.expires_at.plus_ms(1), ..copy.clone() },
    ];
    for forged in forged {
        assert_eq!(opens(&forged).await, None, "{forged:?}");
    }

    // Changed, then ended.
    let changed = sessions::Row { data: seen(&shop, "203.0.113.5"), ..copy.clone() };
    sessions::save(&shop.db, &changed, DAY).await.unwrap();
    assert_eq!((opens(&copy).await, opens(&changed).await), (None, Some(ada.id)));
    sessions::delete(&shop.db, "desk").await.unwrap();
    assert_eq!(opens(&changed).await, None);

    let bens = sessions::load(&shop.db, "bens").await.unwrap().unwrap();
    shop.clock.advance(DAY - 1);
    assert_eq!(opens(&bens).await, Some(ben.id));
    entities::users::Entity::update_many()
        .col_expr(entities::users::Column::DisabledAt, Expr::value(shop.db.now()))
        .filter(entities::users::Column::Id.eq(ben.id))
        .exec(shop.db.read())
        .await
        .unwrap();
    assert_eq!(opens(&bens).await, None);
}

#[tokio::test]
async fn a_copy_of_a_session_that_is_over_opens_nothing() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    logged_in(&shop, &ada, "desk").await;
    let copy = sessions::load(&shop.db, "desk").await.unwrap().unwrap();
    shop.clock.advance(DAY);
    assert!(sessions::account_of(&shop.db, &copy).await.unwrap().is_none());
}

#[tokio::test]
async fn the_name_of_a_session_on_a_page_opens_nothing() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    logged_in(&shop, &ada, "desk").await;
    let handle = of(&shop, &ada, None).await.remove(0).handle;
    let kept = entities::sessions::Entity::find().one(shop.db.read()).await.unwrap().unwrap().id;
    assert!(handle != kept && handle != "desk" && handle == sessions::handle("desk"));
    assert!(!lives(&shop, &handle).await && !lives(&shop, &kept).await);
}

#[tokio::test]
async fn one_place_is_logged_out_by_its_owner_only() {
    let shop = fresh().await;
    let (ada, ben) = (shopper(&shop, "Ada").await, shopper(&shop, "Ben").await);
    logged_in(&shop, &ada, "desk").await;
    logged_in(&shop, &ada, "phone").await;
    let held = program(&shop, &ada).await;
    let (phone, family) = (sessions::handle("phone"), held.family_id.to_string());
    for handle in [phone.as_str(), &family, "", "0", "desk", "00000000-0000-7000-8000-000000000000"] {
        assert!(!active_sessions::end(&shop.db, ben.id, handle).await.unwrap(), "Ben ended {handle:?}");
    }
    assert!(lives(&shop, "desk").await && lives(&shop, "phone").await);
    assert!(tokens::holder(&shop.db, held.family_id).await.unwrap().is_some());
    assert_eq!(told(&shop, Action::SessionsEnded).await, 0);

    assert!(active_sessions::end(&shop.db, ada.id, &phone).await.unwrap());
    assert!(active_sessions::end(&shop.db, ada.id, &family).await.unwrap());
    assert!(lives(&shop, "desk").await && !lives(&shop, "phone").await);
    assert!(tokens::holder(&shop.db, held.family_id).await.unwrap().is_none());
    assert_eq!((told(&shop, Action::SessionsEnded).await, told(&shop, Action::TokensRevoked).await), (1, 1));
    for handle in [&phone, &family] {
        assert!(!active_sessions::end(&shop.db, ada.id, handle).await.unwrap(), "it is over already");
    }
    assert_eq!(told(&shop, Action::SessionsEnded).await, 1);
}

#[tokio::test]
async fn everything_ends_but_here_or_here_as_well() {
    let shop = fresh().await;
    let (ada, ben) = (shopper(&shop, "Ada").await, shopper(&shop, "Ben").await);
    for id in ["desk", "phone", "car"] {
        logged_in(&shop, &ada, id).await;
    }
    logged_in(&shop, &ben, "bens").await;
    let held = program(&shop, &ada).await;
    active_sessions::end_all(&shop.db, ada.id, Some("desk")).await.unwrap();
    assert!(lives(&shop, "desk").await && !lives(&shop, "phone").await && !lives(&shop, "car").await);
    assert!(tokens::holder(&shop.db, held.family_id).await.unwrap().is_none());
    active_sessions::end_all(&shop.db, ada.id, None).await.unwrap();
    assert!(!lives(&shop, "desk").await && lives(&shop, "bens").await);
    assert_eq!(told(&shop, Action::SessionsEnded).await, 2);
}

#[tokio::test]
async fn a_session_that_was_ended_does_not_come_back() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    logged_in(&shop, &ada, "phone").await;
    let under_way = sessions::load(&shop.db, "phone").await.unwrap().unwrap();
    active_sessions::end(&shop.db, ada.id, &sessions::handle("phone")).await.unwrap();
    sessions::save(&shop.db, &under_way, DAY).await.unwrap();
    assert!(!lives(&shop, "phone").await);
}
