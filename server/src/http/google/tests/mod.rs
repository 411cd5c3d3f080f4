//! To Google and back, as browsers go. The provider is one of the test's own.

mod entering;
mod linking;
mod refusing;

use crate::Config;
use crate::google::provider::{CLIENT_ID, Key, Provider, back, person, query};
use crate::http::testing::claim_mail;
use crate::http::testing::{Answer, Shop};
use crate::vault::SealedVault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::email::mail::{self, Content, Notice};
use domain::account::email::verification;
use domain::account::{GoogleRefusal, Password, User, external_login, mfa, recovery, registration};
use domain::audit::{self, Action, Event, Filter};
use domain::entities::{identities as rows, users};
use domain::jobs;
use domain::limits::Rule;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use totp_rs::Totp;

const SECRET: &str = "a lamp above the harbour";
const MINUTE: i64 = 60_000;

/// A shop, and Google's part.
struct Street {
    shop: Shop,
    provider: Provider,
}

/// A browser, with its cookies.
#[derive(Clone, Default)]
struct Browser(Arc<Mutex<BTreeMap<String, String>>>);

impl Browser {
    fn cookies(&self) -> String {
        let jar = self.0.lock().unwrap();
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, answer: Answer) -> Answer {
        let cookies = answer.cookies();
        let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        self.0.lock().unwrap().extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        answer
    }

    async fn get(&self, street: &Street, path: &str) -> Answer {
        self.keep(street.shop.get(&self.cookies(), path, &[("accept", "text/html")]).await)
    }

    async fn post(&self, street: &Street, path: &str, form: &str) -> Answer {
        self.keep(street.shop.post(&self.cookies(), path, form, &[]).await)
    }

    /// The address of whoever is logged in; empty for nobody.
    async fn who(&self, street: &Street) -> String {
        let viewer: Option<User> = serde_json::from_slice(&self.get(street, "/api/account/viewer").await.body).unwrap();
        viewer.map(|user| user.email.to_string()).unwrap_or_default()
    }

    /// Begins at `path`. Where the browser is sent.
    async fn start_login(&self, street: &Street, path: &str) -> String {
        let answer = self.get(street, path).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (303, "no-store"), "{answer:?}");
        answer.header("location").to_owned()
    }

    /// Comes back by `path`. Where the browser goes on to.
    async fn come_back(&self, street: &Street, path: &str) -> String {
        self.start_login(street, path).await
    }

    /// There and back, as a person who says yes.
    async fn go(&self, street: &Street, path: &str, person: &Value) -> String {
        let address = self.start_login(street, path).await;
        self.come_back(street, &street.provider.consent(street.now(), &address, person)).await
    }

    /// There and back with an ID token of the test's making.
    async fn go_with(&self, street: &Street, id_token: impl FnOnce(&str) -> String) -> String {
        let address = self.start_login(street, "/login/google").await;
        self.come_back(street, &street.provider.consent_with(&address, id_token)).await
    }

    async fn log_in(&self, street: &Street, name: &str) {
        let form = format!("email={name}%40example.com&password={}", SECRET.replace(' ', "+"));
        let answer = self.post(street, "/api/account/login", &form).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{answer:?}");
    }
}

impl Street {
    async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let provider = Provider::open().await;
        let configure = |config: &mut Config| {
            provider.configure(config);
            config.limits.set(Rule::Google, "off");
            change(config);
        };
        let shop = Shop::open_whole(configure).await;
        Self { shop, provider }
    }

    fn now(&self) -> domain::Timestamp {
        self.shop.db.now()
    }

    /// Somebody with a password, whose address is not confirmed yet.
    async fn register(&self, name: &str) -> User {
        let password = Password::parse(SECRET).unwrap();
        registration::register(&self.shop.db, &format!("{name}@example.com").parse().unwrap(), name, &password)
            .await
            .unwrap()
    }

    /// The same with a confirmed address.
    async fn register_confirmed(&self, name: &str) -> User {
        // What is on its way to others is none of ours.
        self.letters().await;
        let user = self.register(name).await;
        let link = self.letters().await.into_iter().find_map(|content| match content {
            Content::Verify(token) => Some(token),
            _ => None,
        });
        verification::confirm(&self.shop.db, link.unwrap().expose()).await.unwrap();
        user
    }

    /// What the mails say that are due.
    async fn letters(&self) -> Vec<Content> {
        let db = &self.shop.db;
        let mut letters = Vec::new();
        while let Some((claim, mail_job)) = claim_mail(db).await {
            letters.extend(mail::prepare(db, &claim, &mail_job).await.unwrap().map(|letter| letter.content));
            jobs::complete_all(db, &[claim]).await.unwrap();
        }
        letters
    }

    async fn people(&self) -> u64 {
        users::Entity::find().count(self.shop.db.read()).await.unwrap()
    }

    async fn links(&self) -> u64 {
        rows::Entity::find().count(self.shop.db.read()).await.unwrap()
    }

    async fn last(&self, action: Action) -> Event {
        let filter = Filter { action: action.name().to_owned(), ..Filter::default() };
        audit::trail::events(&self.shop.db, &filter, None, 1).await.unwrap().remove(0)
    }

    /// What the last line of an action says besides.
    async fn details(&self, action: Action) -> Value {
        serde_json::from_str(&self.last(action).await.details).unwrap()
    }

    /// Gives a person without a password one, by a link in a mail.
    async fn choose_password(&self, name: &str) {
        recovery::ask_reset(&self.shop.db, &format!("{name}@example.com").parse().unwrap()).await.unwrap();
        let link = self.letters().await.into_iter().find_map(|content| match content {
            Content::Reset(token) => Some(token),
            _ => None,
        });
        let password = Password::parse(SECRET).unwrap();
        recovery::reset(&self.shop.db, link.unwrap().expose(), &password).await.unwrap();
    }
}

fn refused(refusal: GoogleRefusal) -> String {
    format!("/login?google={}", refusal.name())
}
