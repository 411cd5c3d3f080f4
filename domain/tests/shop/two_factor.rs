//! The second step of a log-in.

use crate::database::{Shop, fresh};
use crate::fixtures::user;
use crate::mailbox::{ada, deliver};
use domain::account::email::mail::{Content, Notice};
use domain::account::mfa::Factor;
use domain::account::reauthentication::{self, Credentials};
use domain::account::sessions::{self, devices};
use domain::account::tokens::{self, Lifetimes};
use domain::account::users::Account;
use domain::account::{Role, TwoFactor, User, mfa, users};
use domain::entities::{self, recovery_codes, second_steps};
use domain::limits::{Limits, Rule};
use domain::listening::player::listening;
use domain::{Db, Error, Result, Timestamp, Vault, secret};
use sea_orm::{EntityTrait, sea_query::Expr};
use std::collections::HashMap;
use totp_rs::Totp;

/// Keeps secrets as they are, bound to their name as the server's is.
#[derive(Debug)]
pub struct OpenVault;

impl Vault for OpenVault {
    fn seal(&self, name: &str, secret: &[u8]) -> Result<String> {
        Ok(format!("{name}:{}", secret::hex(secret)))
    }

    fn open(&self, name: &str, closed: &str) -> Result<Vec<u8>> {
        let digits = closed.strip_prefix(name).and_then(|rest| rest.strip_prefix(':')).expect("it has another name");
        Ok((0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect())
    }
}

/// Ada and her phone.
struct Door {
    shop: Shop,
    limits: Limits,
    ada: User,
}

impl Door {
    async fn new() -> Self {
        let shop = fresh().await;
        let allowances =
            HashMap::from([(Rule::TwoFactor, "5/30m".parse().unwrap()), (Rule::Reauth, "50/1h".parse().unwrap())]);
        let limits = Limits::in_memory(allowances, shop.clock.clone());
        let ada = ada(&shop).await;
        Self { shop, limits, ada }
    }

    /// Ada with the second step on; her app, and her recovery codes.
    async fn on() -> (Self, Totp, Vec<String>) {
        let door = Self::new().await;
        mfa::enroll(&door.shop.db, &OpenVault, door.ada.id).await.unwrap();
        let status = door.status().await;
        let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
        mfa::enable(&door.shop.db, &OpenVault, door.ada.id, &door.shows(&app)).await.unwrap();
        deliver(&door.shop).await;
        // The code that turned it on is used up.
        door.shop.clock.advance(30_000);
        (door, app, status.new_codes)
    }

    async fn status(&self) -> TwoFactor {
        mfa::status(&self.shop.db, &OpenVault, "Lectern", self.ada.id).await.unwrap()
    }

    fn shows(&self, app: &Totp) -> String {
        app.generate(u64::try_from(self.shop.db.now().0 / 1000).unwrap()).to_string()
    }

    async fn account(&self) -> Account {
        users::account(&self.shop.db, self.ada.id).await.unwrap().unwrap()
    }

    async fn give(&self, code: &str, device: Option<&str>) -> Result<Option<Factor>> {
        mfa::verify(&self.shop.db, &OpenVault, &self.limits, &self.account().await, code, device).await
    }

    async fn reauthenticate(&self, password: &str, code: &str) -> Result<()> {
        let given = Credentials { password, code, device: None };
        reauthentication::reauthenticate(&self.shop.db, &OpenVault, &self.limits, self.ada.id, given).await
    }
}

/// All that can be done about a second step, as one person does it.
pub async fn protect_and_lose(db: &Db, account: &Account, password: &str) {
    let (id, unlimited) =
        (account.user.id, Limits::in_memory(HashMap::new(), std::sync::Arc::new(domain::SystemClock)));
    let codes = protect(db, account).await;
    let given = Credentials { password, code: &codes[0], device: None };
    reauthentication::reauthenticate(db, &OpenVault, &unlimited, id, given).await.unwrap();
    mfa::recovery_codes::renew(db, &OpenVault, id).await.unwrap();
    mfa::recovery_codes::keep(db, &OpenVault, id).await.unwrap();
    mfa::disable(db, id).await.unwrap();
}

/// Turns a second step on, tries a wrong code and a right one, and gives the recovery codes that are left.
pub async fn protect(db: &Db, account: &Account) -> Vec<String> {
    let id = account.user.id;
    let unlimited = Limits::in_memory(HashMap::new(), std::sync::Arc::new(domain::SystemClock));
    mfa::enroll(db, &OpenVault, id).await.unwrap();
    let status = mfa::status(db, &OpenVault, "Lectern", id).await.unwrap();
    let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
    let code = app.generate(u64::try_from(db.now().0 / 1000).unwrap()).to_string();
    let account = mfa::enable(db, &OpenVault, id, &code).await.unwrap();
    let mut codes = status.new_codes;
    for (code, passes) in [("nonsense", None), (&codes[0], Some(Factor::RecoveryCode))] {
        assert_eq!(mfa::verify(db, &OpenVault, &unlimited, &account, code, None).await.unwrap(), passes);
    }
    codes.split_off(1)
}

fn refused_at(outcome: &Result<()>, wanted: &str) -> bool {
    matches!(outcome, Err(Error::Invalid { field, .. }) if *field == wanted)
}

#[tokio::test]
async fn a_second_step_is_asked_for_once_the_app_has_shown_that_it_understood() {
    let door = Door::new().await;
    let (shop, id) = (&door.shop, door.ada.id);
    assert!(matches!(mfa::enable(&shop.db, &OpenVault, id, "123456").await, Err(Error::Conflict(_))));
    mfa::enroll(&shop.db, &OpenVault, id).await.unwrap();
    let status = door.status().await;
    assert!(!door.account().await.two_factor && status.since.is_none(), "nothing is asked for yet");
    assert_eq!(status.new_codes.len(), 10);
    let again = door.status().await;
    assert_eq!(again.new_codes, status.new_codes, "the page shows the same when it is loaded again");

    let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
    let code = door.shows(&app);
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let refused = mfa::enable(&shop.db, &OpenVault, id, wrong).await.map(drop);
    assert!(refused_at(&refused, "code"), "{refused:?}");
    assert!(!door.account().await.two_factor);

    let row =
        sessions::Row { id: "laptop".into(), data: "{}".into(), user_id: Some(id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
    let known = devices::remember(&shop.db, id, None).await.unwrap().unwrap();
    let before = door.account().await;
    let after = mfa::enable(&shop.db, &OpenVault, id, &code).await.unwrap();
    assert!(after.two_factor && after.auth_hash != before.auth_hash, "what was opened before ends");
    assert!(sessions::load(&shop.db, "laptop").await.unwrap().is_none());
    let still = devices::is_known(&shop.db, &known, "ada@example.com").await.unwrap();
    assert!(!still, "it was known by the password alone");
    let letters = deliver(shop).await;
    assert!(
        matches!(&letters[..], [one] if matches!(one.content, Content::Notice(Notice::TwoFactorOn { .. }))),
        "{letters:?}"
    );
    let status = door.status().await;
    assert!(status.since.is_some() && status.enrollment.is_none() && status.new_codes.is_empty());
    assert_eq!(status.codes_left, 10);
    assert!(matches!(mfa::enroll(&shop.db, &OpenVault, id).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn beginning_again_makes_another_key() {
    let door = Door::new().await;
    mfa::enroll(&door.shop.db, &OpenVault, door.ada.id).await.unwrap();
    let first = door.status().await;
    mfa::enroll(&door.shop.db, &OpenVault, door.ada.id).await.unwrap();
    let second = door.status().await;
    assert_ne!(first.enrollment, second.enrollment);
    assert_ne!(first.new_codes, second.new_codes);
}

#[tokio::test]
async fn a_code_opens_once_and_no_older_one_opens_after_it() {
    let (door, app, _) = Door::on().await;
    let older = door.shows(&app);
    door.shop.clock.advance(30_000);
    let code = door.shows(&app);
    assert_eq!(door.give(&code, None).await.unwrap(), Some(Factor::Totp));
    assert_eq!(door.give(&code, None).await.unwrap(), None, "it was used");
    assert_eq!(door.give(&older, None).await.unwrap(), None, "its clock would allow it");
    door.shop.clock.advance(30_000);
    let spaced = door.shows(&app);
    let spaced = format!(" {} {} ", &spaced[..3], &spaced[3..]);
    assert_eq!(door.give(&spaced, None).await.unwrap(), Some(Factor::Totp), "{spaced:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_come_with_one_code_at_once_one_gets_in() {
    let (door, app, codes) = Door::on().await;
    let account = door.account().await;
    for code in [door.shows(&app), codes[0].clone()] {
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (db, account, code) = (door.shop.db.clone(), account.clone(), code.clone());
            tries.spawn(async move {
                let limits = Limits::in_memory(HashMap::new(), std::sync::Arc::new(domain::SystemClock));
                mfa::verify(&db, &OpenVault, &limits, &account, &code, None).await.unwrap()
            });
        }
        let in_now = tries.join_all().await.into_iter().flatten().count();
        assert_eq!(in_now, 1, "{code}");
    }
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_its_owner_is_told() {
    let (door, _, codes) = Door::on().await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(door.give(&typed, None).await.unwrap(), Some(Factor::RecoveryCode));
    let letters = deliver(&door.shop).await;
    let told = |letter: &domain::account::email::mail::Letter| {
        matches!(letter.content, Content::Notice(Notice::RecoveryCodeUsed { left: 9, .. }))
    };
    assert!(letters.iter().any(told), "{letters:?}");
    assert_eq!(door.give(&codes[3], None).await.unwrap(), None);
    assert_eq!(door.status().await.codes_left, 9);
}

#[tokio::test]
async fn somebody_elses_codes_open_nothing() {
    let (door, _, codes) = Door::on().await;
    let kim = user(&door.shop, "Kim", Role::Shopper).await;
    let kim = users::account(&door.shop.db, kim.id).await.unwrap().unwrap();
    let tried = mfa::verify(&door.shop.db, &OpenVault, &door.limits, &kim, &codes[0], None).await;
    assert_eq!(tried.unwrap(), None);
    assert_eq!(door.give(&codes[0], None).await.unwrap(), Some(Factor::RecoveryCode), "Ada still has it");
}

#[tokio::test]
async fn guessing_codes_ends_soon_and_keeps_nobody_out_of_a_browser_that_is_known() {
    let (door, app, _) = Door::on().await;
    let known = devices::remember(&door.shop.db, door.ada.id, None).await.unwrap().unwrap();
    let wrong = if door.shows(&app) == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(door.give(wrong, None).await.unwrap(), None);
    }
    assert!(matches!(door.give(&door.shows(&app), None).await, Err(Error::TooMany { .. })));
    assert_eq!(door.give(&door.shows(&app), Some(&known)).await.unwrap(), Some(Factor::Totp));
}

#[tokio::test]
async fn strange_codes_open_nothing() {
    let (door, ..) = Door::on().await;
    for code in ["", "\0", "１２３４５６", "123456789012345678901234", &"x".repeat(100_000)] {
        let limits = Limits::in_memory(HashMap::new(), door.shop.clock.clone());
        let account = door.account().await;
        let tried = mfa::verify(&door.shop.db, &OpenVault, &limits, &account, code, None).await;
        assert_eq!(tried.unwrap(), None);
    }
}

#[tokio::test]
async fn old_recovery_codes_count_until_the_new_ones_are_kept() {
    let (door, _, old) = Door::on().await;
    let (db, id) = (&door.shop.db, door.ada.id);
    assert!(matches!(mfa::recovery_codes::keep(db, &OpenVault, id).await, Err(Error::Conflict(_))));
    mfa::recovery_codes::renew(db, &OpenVault, id).await.unwrap();
    let new = door.status().await.new_codes;
    assert_eq!(door.give(&new[0], None).await.unwrap(), None, "nobody has said that they are kept");
    assert_eq!(door.give(&old[0], None).await.unwrap(), Some(Factor::RecoveryCode));
    mfa::recovery_codes::keep(db, &OpenVault, id).await.unwrap();
    assert_eq!(door.give(&old[1], None).await.unwrap(), None);
    assert_eq!(door.give(&new[0], None).await.unwrap(), Some(Factor::RecoveryCode));
    assert_eq!(door.status().await.codes_left, 9);
}

#[tokio::test]
async fn turning_it_off_forgets_everything_and_logs_out_browsers_and_programs() {
    let (door, app, codes) = Door::on().await;
    let (db, id) = (&door.shop.db, door.ada.id);
    let before = door.account().await;
    let lifetimes = Lifetimes { idle_ms: 1_000_000, max_ms: 1_000_000 };
    let program = tokens::open(db, &before, "a program/1.0", lifetimes).await.unwrap();
    let after = mfa::disable(db, id).await.unwrap();
    assert!(!after.two_factor && after.auth_hash != before.auth_hash);
    assert!(tokens::holder(db, program.family_id).await.unwrap().is_none());
    assert_eq!(door.give(&door.shows(&app), None).await.unwrap(), None);
    assert_eq!(door.give(&codes[0], None).await.unwrap(), None);
    let letters = deliver(&door.shop).await;
    assert!(letters.iter().any(|letter| matches!(letter.content, Content::Notice(Notice::TwoFactorOff { .. }))));
    mfa::disable(db, id).await.unwrap();
    assert!(deliver(&door.shop).await.is_empty(), "nothing was there to turn off");
    mfa::enroll(db, &OpenVault, id).await.unwrap();
}

#[tokio::test]
async fn proving_again_takes_the_password_and_the_code() {
    let (door, app, _) = Door::on().await;
    let code = door.shows(&app);
    let needed = reauthentication::factors(&door.shop.db, door.ada.id).await.unwrap();
    assert!(needed.password && needed.code);
    assert!(refused_at(&door.reauthenticate("not the password", &code).await, "password"));
    assert!(refused_at(&door.reauthenticate("a long walk home", "").await, "code"));
    door.reauthenticate("a long walk home", &code).await.unwrap();
    mfa::disable(&door.shop.db, door.ada.id).await.unwrap();
    door.reauthenticate("a long walk home", "").await.unwrap();
    let none = entities::users::Entity::update_many()
        .col_expr(entities::users::Column::PasswordHash, Expr::value(None::<String>));
    none.exec(door.shop.db.read()).await.unwrap();
    assert!(matches!(door.reauthenticate("", "").await, Err(Error::Conflict(_))), "there is nothing to prove with");
}

#[tokio::test]
async fn an_admin_without_a_second_step_is_a_shopper_where_the_shop_asks_for_one() {
    let (door, ..) = Door::on().await;
    let admin = user(&door.shop, "Bob", Role::Admin).await;
    let admin = users::account(&door.shop.db, admin.id).await.unwrap().unwrap();
    let held = admin.clone().where_admins_need_two_factor();
    assert!(held.held_back && !held.user.is_admin() && held.user.permissions.is_empty());
    assert_eq!(held.auth_hash, admin.auth_hash, "the session goes on");
    let title = door.shop.title("The Bell").published().await;
    assert!(listening(&door.shop.db, &admin.user, &title.slug).await.is_ok());
    assert!(matches!(listening(&door.shop.db, &held.user, &title.slug).await, Err(Error::NotFound(_))));
    let shopper = door.account().await;
    assert_eq!(shopper.clone().where_admins_need_two_factor(), shopper);
    let with = Account { two_factor: true, ..admin };
    assert_eq!(with.clone().where_admins_need_two_factor(), with);
}

#[tokio::test]
async fn nothing_that_opens_is_in_the_tables_or_the_trail() {
    let (door, _, codes) = Door::on().await;
    mfa::recovery_codes::renew(&door.shop.db, &OpenVault, door.ada.id).await.unwrap();
    let db = door.shop.db.read();
    let kept = recovery_codes::Entity::find().all(db).await.unwrap();
    assert_eq!(kept.len(), 10);
    let row = second_steps::Entity::find().one(db).await.unwrap().unwrap();
    let trail = entities::audit_events::Entity::find().all(db).await.unwrap();
    let all = format!("{kept:?} {row:?} {trail:?}");
    for code in &codes {
        assert!(!all.contains(code.as_str()) && !all.contains(&code.replace('-', "")), "{code} is kept as it is");
    }
    assert!(row.secret.starts_with("second step of ") && !format!("{row:?}").contains(&row.secret));
}
