//! The first admin of a shop.

use crate::database::{self, Shop};
use domain::account::{Email, Password, Permissions, User, first_admin, registration};
use domain::limits::Limits;
use domain::{Error, Result, SystemClock};
use std::sync::Arc;

const SECRET: &str = "seven grey herons at dusk";

fn unlimited() -> Limits {
    Limits::in_memory(Default::default(), Arc::new(SystemClock))
}

async fn make(shop: &Shop, code: &str, email: &str) -> Result<User> {
    let (email, password): (Email, _) = (email.parse().unwrap(), Password::parse(SECRET).unwrap());
    let limits = unlimited();
    first_admin::create(&shop.db, &limits, code, &email, "Ada", &password).await.map(|account| account.user)
}

#[tokio::test]
async fn whoever_reads_the_log_makes_the_first_admin_and_nobody_makes_a_second() {
    let shop = database::fresh().await;
    let first = first_admin::new_code(&shop.db).await.unwrap().unwrap();
    let second = first_admin::new_code(&shop.db).await.unwrap().unwrap();
    assert_ne!(first, second, "each server prints its own");
    for wrong in ["", "AAAA-AAAA-AAAA-AAAA", &first[..18]] {
        let refused = make(&shop, wrong, "ada@example.com").await.unwrap_err();
        assert_eq!(refused.code(), "setup.wrong-code", "{wrong}");
    }
    let ada = make(&shop, &first.to_lowercase().replace('-', " "), "ada@example.com").await.unwrap();
    assert!(ada.is_admin() && ada.permissions == Permissions::all());
    for code in [&first, &second] {
        let refused = make(&shop, code, "bob@example.com").await.unwrap_err();
        assert_eq!(refused.code(), "setup.done-already");
    }
    assert_eq!(first_admin::new_code(&shop.db).await.unwrap(), None, "nothing is printed any more");
}

#[tokio::test]
async fn of_many_who_come_with_one_code_at_once_one_is_the_admin() {
    let shop = database::fresh().await;
    let code = first_admin::new_code(&shop.db).await.unwrap().unwrap();
    let emails: Vec<String> = (0..6).map(|n| format!("n{n}@example.com")).collect();
    let tries = emails.iter().map(|email| make(&shop, &code, email));
    let made = futures::future::join_all(tries).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
    assert!(made.iter().all(|made| !matches!(made, Err(Error::Database { .. }))), "{made:?}");
}

#[tokio::test]
async fn a_code_is_good_for_a_week_and_a_refused_password_does_not_use_it_up() {
    let shop = database::fresh().await;
    let code = first_admin::new_code(&shop.db).await.unwrap().unwrap();
    let email: Email = "ada@example.com".parse().unwrap();
    let weak = Password::parse("ada@example.com").unwrap();
    let limits = unlimited();
    assert!(first_admin::create(&shop.db, &limits, &code, &email, "Ada", &weak).await.is_err());
    shop.clock.advance(8 * 24 * 60 * 60 * 1000);
    assert_eq!(make(&shop, &code, "ada@example.com").await.unwrap_err().code(), "setup.wrong-code");
    let code = first_admin::new_code(&shop.db).await.unwrap().unwrap();
    make(&shop, &code, "ada@example.com").await.unwrap();
    assert!(registration::admin_exists(&shop.db).await.unwrap());
}
