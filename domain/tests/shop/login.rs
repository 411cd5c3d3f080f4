//! Logging in while others try to.

use crate::database::{Shop, fresh};
use domain::Actor;
use domain::account::login::{self, Attempt};
use domain::account::sessions::devices;
use domain::account::{Password, User, registration};
use domain::limits::{Limits, Rule};
use domain::{Error, Result};
use std::collections::HashMap;

const SECRET: &str = "a lamp above the harbour";
const HOME: &str = "192.0.2.1";

/// Ada has an account; three failures from one network, or six from anywhere, are enough for a while.
struct Door {
    shop: Shop,
    limits: Limits,
    ada: User,
}

impl Door {
    async fn new() -> Self {
        let shop = fresh().await;
        let allowances = HashMap::from([
            (Rule::LoginNetwork, "5/1h".parse().unwrap()),
            (Rule::LoginAccount, "3/1h".parse().unwrap()),
            (Rule::LoginEverywhere, "6/1h".parse().unwrap()),
        ]);
        let limits = Limits::in_memory(allowances, shop.clock.clone());
        let password = Password::parse(SECRET).unwrap();
        let ada =
            registration::register(&shop.db, &"ada@example.com".parse().unwrap(), "Ada", &password).await.unwrap();
        Self { shop, limits, ada }
    }

    /// Whether it opens.
    async fn knock(&self, ip: &str, email: &str, password: &str, device: Option<&str>) -> Result<bool> {
        let db = self.shop.db.acting(Actor::visitor(ip.parse().ok(), None));
        let account = login::verify(&db, &self.limits, Attempt { email, password, device }).await?;
        Ok(account.is_some())
    }

    async fn guess(&self, ip: &str) -> Result<bool> {
        self.knock(ip, "ada@example.com", "an unlucky guess", None).await
    }

    /// The cookie of a browser in which Ada logged in.
    async fn known_browser(&self) -> String {
        devices::remember(&self.shop.db, self.ada.id, None).await.unwrap().unwrap()
    }
}

fn too_many(answer: &Result<bool>) -> bool {
    matches!(answer, Err(Error::TooMany { wait_ms }) if *wait_ms > 0)
}

#[tokio::test]
async fn guessing_from_one_network_ends_soon() {
    let door = Door::new().await;
    for _ in 0..3 {
        assert!(!door.guess("203.0.113.9").await.unwrap());
    }
    assert!(too_many(&door.guess("203.0.113.9").await));
    let right = door.knock("203.0.113.9", " ADA@example.com ", SECRET, None).await;
    assert!(too_many(&right), "not even the right guess is told, however the address is written");
    assert!(door.knock(HOME, "ada@example.com", SECRET, None).await.unwrap(), "elsewhere nobody is held up");
    door.shop.clock.advance(20 * 60 * 1000);
    assert!(door.knock("203.0.113.9", "ada@example.com", SECRET, None).await.unwrap());
}

#[tokio::test]
async fn trying_one_password_on_many_accounts_ends_as_soon() {
    let door = Door::new().await;
    for n in 0..5 {
        assert!(!door.knock("203.0.113.9", &format!("{n}@example.com"), "summer2026!!", None).await.unwrap());
    }
    assert!(too_many(&door.knock("203.0.113.9", "6@example.com", "summer2026!!", None).await));
}

#[tokio::test]
async fn a_thousand_machines_guess_no_longer_than_a_few_and_keep_out_no_browser_that_is_known() {
    let door = Door::new().await;
    let known = door.known_browser().await;
    for n in 0..6 {
        assert!(!door.guess(&format!("203.0.113.{n}")).await.unwrap());
    }
    assert!(too_many(&door.guess("203.0.113.77").await));
    assert!(door.knock(HOME, "ada@example.com", SECRET, Some(&known)).await.unwrap());
    // Even from the network of somebody who guesses.
    for _ in 0..5 {
        let _ = door.guess(HOME).await;
    }
    assert!(door.knock(HOME, "ada@example.com", SECRET, Some(&known)).await.unwrap());
}

#[tokio::test]
async fn a_stolen_browser_guesses_no_longer_than_any_other() {
    let door = Door::new().await;
    let known = door.known_browser().await;
    for n in 0..3 {
        let guess = door.knock(&format!("203.0.113.{n}"), "ada@example.com", "an unlucky guess", Some(&known)).await;
        assert!(!guess.unwrap());
    }
    assert!(too_many(&door.knock(HOME, "ada@example.com", SECRET, Some(&known)).await));
}

#[tokio::test]
async fn a_browser_is_known_to_those_who_logged_in_with_it_and_to_nobody_else() {
    let door = Door::new().await;
    let (db, ada) = (&door.shop.db, door.ada.id);
    let known = door.known_browser().await;
    assert!(devices::is_known(db, &known, "ada@example.com").await.unwrap());
    assert!(!devices::is_known(db, &known, "bob@example.com").await.unwrap());
    assert!(!devices::is_known(db, "made up", "ada@example.com").await.unwrap());
    assert_eq!(devices::remember(db, ada, Some(&known)).await.unwrap(), None, "it keeps its cookie");
    let password = Password::parse(SECRET).unwrap();
    let bob = registration::register(db, &"bob@example.com".parse().unwrap(), "Bob", &password).await.unwrap();
    let planted = devices::remember(db, bob.id, Some(&known)).await.unwrap();
    assert!(planted.is_some_and(|fresh| fresh != known), "somebody else's cookie is not taken over");
    door.shop.clock.advance((devices::DAYS + 1) * 24 * 60 * 60 * 1000);
    assert!(!devices::is_known(db, &known, "ada@example.com").await.unwrap());
    assert_eq!(devices::delete_forgotten(db).await.unwrap(), 2);
}

#[tokio::test]
async fn the_right_password_forgives_the_wrong_ones_before_it() {
    let door = Door::new().await;
    for _ in 0..2 {
        assert!(!door.guess(HOME).await.unwrap());
    }
    assert!(door.knock(HOME, "ada@example.com", SECRET, None).await.unwrap());
    for _ in 0..2 {
        assert!(!door.guess(HOME).await.unwrap(), "three are enough, but they count anew");
    }
}
