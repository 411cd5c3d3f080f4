//! What the session layer asks: who somebody is by their password, and who belongs to a session.

use axum_login::{AuthUser, AuthnBackend, UserId};
use domain::Db;
use domain::account::login;
use domain::account::users::{self, Account};
use std::ops::Deref;
use uuid::Uuid;

/// Logs people in with email and password.
#[derive(Clone, Debug)]
pub struct Backend {
    db: Db,
    admins_need_two_factor: bool,
    found: Option<Found>,
}

/// The account of an id, where whoever read the session of a request has read it along.
type Found = fn(Uuid) -> Option<Account>;

impl Backend {
    pub fn new(db: Db, admins_need_two_factor: bool) -> Self {
        Self { db, admins_need_two_factor, found: None }
    }

    /// Looks first whether the account was found together with the session. `found` gives what was read from the database for
    /// this very request, or nothing.
    #[must_use]
    pub fn with_found(self, found: Found) -> Self {
        Self { found: Some(found), ..self }
    }
}

/// What a person types to log in.
#[derive(Clone)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

/// An account, as the session layer holds it.
#[derive(Clone, Debug)]
pub struct SessionUser(pub Account);

impl Deref for SessionUser {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.0
    }
}

impl AuthUser for SessionUser {
    type Id = Uuid;

    fn id(&self) -> Uuid {
        self.user.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.auth_hash
    }
}

impl AuthnBackend for Backend {
    type User = SessionUser;
    type Credentials = Credentials;
    type Error = domain::Error;

    async fn authenticate(&self, credentials: Credentials) -> domain::Result<Option<SessionUser>> {
        Ok(login::authenticate(&self.db, &credentials.email, &credentials.password).await?.map(SessionUser))
    }

    async fn get_user(&self, id: &UserId<Self>) -> domain::Result<Option<SessionUser>> {
        let account = match self.found.and_then(|found| found(*id)) {
            Some(account) => Some(account),
            None => users::account(&self.db, *id).await?,
        };
        Ok(account.map(|account| SessionUser(as_seen(account, self.admins_need_two_factor))))
    }
}

/// What somebody is in a request: in a shop where admins need a second step, an admin without one is a shopper.
pub fn as_seen(account: Account, admins_need_two_factor: bool) -> Account {
    if admins_need_two_factor { account.where_admins_need_two_factor() } else { account }
}

/// The session of the browser that asks, and whoever is logged in there.
pub type AuthSession = axum_login::AuthSession<Backend>;
