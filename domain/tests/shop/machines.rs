//! Tokens that people make for their machines.

use crate::database::{Shop, fresh};
use crate::fixtures::{shopper, user};
use crate::mailbox::deliver;
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::email::mail::{Content, Notice};
use domain::account::machines::{self, MOST, MachineTokenWish, kept};
use domain::account::{Role, Scope, User, user_admin};
use domain::entities::{machine_tokens, users};
use domain::privacy::deletion;
use domain::{Day, Db, Error};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn wish(db: &Db) -> MachineTokenWish {
    let last_day = Day::of(db.now()).plus(30);
    MachineTokenWish { name: "The tills".to_owned(), scopes: vec![Scope::Shopping], last_day }
}

async fn opens(shop: &Shop, token: &str) -> bool {
    machines::find(&shop.db, token).await.unwrap().is_some()
}

/// Makes a token and takes it back.
pub async fn make_and_take_back(db: &Db, owner: &User) {
    let (about, _) = kept::make(db, owner, &wish(db)).await.unwrap();
    kept::revoke(db, owner.id, about.id).await.unwrap();
}

#[tokio::test]
async fn a_token_opens_until_its_day_is_over_and_is_not_in_the_database() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (about, token) = kept::make(&shop.db, &ada, &wish(&shop.db)).await.unwrap();
    assert!(opens(&shop, &token).await);
    let row = machine_tokens::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    assert!(!format!("{row:?}").contains(&token[4..]), "the token is kept as it is");
    let notice = Notice::MachineTokenMade { name: about.name.clone(), at: about.created_at, ends_at: about.ends_at };
    assert!(deliver(&shop).await.iter().any(|letter| letter.content == Content::Notice(notice.clone())));
    shop.clock.advance(about.ends_at.since_ms(shop.db.now()) - 1);
    assert!(opens(&shop, &token).await);
    shop.clock.advance(1);
    assert!(!opens(&shop, &token).await);
    assert_eq!(kept::list(&shop.db, ada.id).await.unwrap().len(), 1, "its owner sees why the machine has stopped");
    shop.clock.advance(30 * DAY);
    assert!(kept::list(&shop.db, ada.id).await.unwrap().is_empty());
    assert_eq!(kept::delete_expired(&shop.db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_token_ends_with_its_account_and_sleeps_while_that_is_disabled() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (_, token) = kept::make(&shop.db, &ada, &wish(&shop.db)).await.unwrap();
    let disable = async |at: Option<domain::Timestamp>| {
        let column = users::Column::DisabledAt;
        let change =
            users::Entity::update_many().col_expr(column, Expr::value(at)).filter(users::Column::Id.eq(ada.id));
        change.exec(shop.db.read()).await.unwrap();
    };
    disable(Some(shop.db.now())).await;
    assert!(!opens(&shop, &token).await);
    assert!(kept::make(&shop.db, &ada, &wish(&shop.db)).await.is_err());
    disable(None).await;
    assert!(opens(&shop, &token).await);
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    assert!(!opens(&shop, &token).await);
    assert_eq!(machine_tokens::Entity::find().count(shop.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn nobody_has_more_tokens_than_they_can_look_after() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    for _ in 0..MOST {
        kept::make(&shop.db, &ada, &wish(&shop.db)).await.unwrap();
    }
    assert!(matches!(kept::make(&shop.db, &ada, &wish(&shop.db)).await, Err(Error::Conflict(_))));
    let bea = user(&shop, "Bea", Role::Shopper).await;
    assert!(kept::make(&shop.db, &bea, &wish(&shop.db)).await.is_ok());
}

#[tokio::test]
async fn an_admin_who_logs_somebody_out_ends_their_machines_and_their_browsers_or_neither() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (_, token) = kept::make(&shop.db, &ada, &wish(&shop.db)).await.unwrap();
    let run = async |statement: &str| shop.db.read().execute_unprepared(statement).await.unwrap();
    // The second half cannot be done.
    run("ALTER TABLE sessions RENAME TO sessions_away").await;
    assert!(user_admin::log_out(&shop.db, ada.id).await.is_err());
    run("ALTER TABLE sessions_away RENAME TO sessions").await;
    assert!(opens(&shop, &token).await, "the first half was done alone");
    user_admin::log_out(&shop.db, ada.id).await.unwrap();
    assert!(!opens(&shop, &token).await);
}

#[tokio::test]
async fn tokens_are_looked_up_by_an_index() {
    let shop = fresh().await;
    crowd(&shop).await;
    let ada = shopper(&shop, "Ada").await;
    shop.statements.take();
    let (about, token) = kept::make(&shop.db, &ada, &wish(&shop.db)).await.unwrap();
    assert!(opens(&shop, &token).await);
    kept::list(&shop.db, ada.id).await.unwrap();
    kept::revoke(&shop.db, ada.id, about.id).await.unwrap();
    machines::revoke_by_token(&shop.db, &token).await.unwrap();
    kept::delete_expired(&shop.db).await.unwrap();
    all_use_indexes(&shop).await;
}
