//! What people change of their own account, and how they leave.

use crate::database::{Shop, fresh};
use crate::fixtures::{AGREED, DAY, bank, buy, cart_of, fill, for_sale, good_card, set, settle_due, user};
use crate::mailbox::{ada, address, deliver, delivered_link, password};
use async_trait::async_trait;
use domain::account::email::mail::{Content, Notice};
use domain::account::email::verification;
use domain::account::external_login::{self, ExternalIdentity};
use domain::account::sessions::{self, devices};
use domain::account::tokens::{self, Lifetimes};
use domain::account::{
    Language, Permission, Permissions, Role, User, login, password_change, privacy, profile, recovery, registration,
    user_admin, users,
};
use domain::audit::{self, Action, Event, Filter};
use domain::catalog::titles::currencies;
use domain::entities::identities as linked;
use domain::entities::{
    self, account_tokens, cart_items, carts, entitlements, jobs, listening_days, orders, payments, positions,
    token_families,
};
use domain::entitlements::owns;
use domain::job_kinds;
use domain::jobs::manage;
use domain::limits::Limits;
use domain::listening::privacy::positions_after;
use domain::listening::{Position, position::save_position};
use domain::ordering::attempts::GIVEN_UP_MS;
use domain::ordering::checkout::checkout;
use domain::ordering::payment::{Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, Unreachable};
use domain::ordering::privacy::{books_after, orders_after};
use domain::ordering::{OrderStatus, cart};
use domain::privacy::{DeletionPreview, deletion};
use domain::{Currency, Error, Timestamp, insight};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::sync::Arc;

const OLD: &str = "a long walk home";
const NEW: &str = "another long walk";
const LIFETIMES: Lifetimes = Lifetimes { idle_ms: DAY, max_ms: DAY };

async fn trail(shop: &Shop, action: Action) -> Vec<Event> {
    let filter = Filter { action: action.name().to_owned(), ..Filter::default() };
    audit::trail::events(&shop.db, &filter, None, 100).await.unwrap()
}

async fn logged_in(shop: &Shop, user: &User, id: &str) {
    let row =
        sessions::Row { id: id.into(), data: "{}".into(), user_id: Some(user.id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
}

async fn opens(shop: &Shop, word: &str) -> bool {
    login::authenticate(&shop.db, "ada@example.com", word).await.unwrap().is_some()
}

async fn row(shop: &Shop, user: &User) -> entities::users::Model {
    entities::users::Entity::find_by_id(user.id).one(shop.db.read()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_name_changes_by_the_rules_for_names() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    profile::rename(&shop.db, user.id, "  Ada King ").await.unwrap();
    assert_eq!(users::account(&shop.db, user.id).await.unwrap().unwrap().user.name, "Ada King");
    for name in ["", "   ", "two\nlines", &"x".repeat(121)] {
        let refused = profile::rename(&shop.db, user.id, name).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "name", .. })), "{name:?} was taken for a name");
    }
    assert_eq!(trail(&shop, Action::Renamed).await.len(), 1);
    let gone = profile::rename(&shop.db, uuid::Uuid::nil(), "Nobody").await;
    assert!(matches!(gone, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_password_changes_with_the_old_one_and_ends_what_was_open() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    logged_in(&shop, &user, "phone").await;
    let account = users::account(&shop.db, user.id).await.unwrap().unwrap();
    let held = tokens::open(&shop.db, &account, "Reader", LIFETIMES).await.unwrap();
    recovery::ask_reset(&shop.db, &user.email).await.unwrap();
    let link = delivered_link(&shop).await;

    let wrong = password_change::set_password(&shop.db, user.id, "not the password", &password(NEW)).await;
    assert!(matches!(wrong, Err(Error::Invalid { field: "current_password", .. })), "{wrong:?}");
    assert_eq!(trail(&shop, Action::PasswordRefused).await.len(), 1);
    for weak in ["password1234", "ada@example.com", "lecternlectern"] {
        let refused = password_change::set_password(&shop.db, user.id, OLD, &password(weak)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "new_password", .. })), "{weak}: {refused:?}");
    }
    assert!(opens(&shop, OLD).await && sessions::load(&shop.db, "phone").await.unwrap().is_some());

    let after = password_change::set_password(&shop.db, user.id, OLD, &password(NEW)).await.unwrap();
    assert_ne!(after.auth_hash, account.auth_hash);
    assert!(opens(&shop, NEW).await && !opens(&shop, OLD).await);
    assert_eq!(sessions::load(&shop.db, "phone").await.unwrap(), None);
    assert_eq!(tokens::holder(&shop.db, held.family_id).await.unwrap(), None);
    assert!(recovery::reset(&shop.db, &link, &password(OLD)).await.is_err(), "the link of before is worth nothing");
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].content, Content::Notice(Notice::PasswordChanged { at: shop.db.now() }));
}

#[tokio::test]
async fn of_two_who_change_a_password_at_once_one_is_told() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let (one, other) = (password(NEW), password("a third long walk"));
    let (one, other) = tokio::join!(
        password_change::set_password(&shop.db, user.id, OLD, &one),
        password_change::set_password(&shop.db, user.id, OLD, &other)
    );
    assert_eq!([&one, &other].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn who_has_no_password_is_told_how_to_choose_one() {
    let shop = fresh().await;
    let user = user(&shop, "Ada", Role::Shopper).await;
    assert!(!profile::profile(&shop.db, user.id, vec![Currency::USD]).await.unwrap().has_password);
    let refused = password_change::set_password(&shop.db, user.id, "", &password(NEW)).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("no password yet")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_currency_is_chosen_among_those_that_something_is_sold_in() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let (euro, yen): (Currency, Currency) = ("EUR".parse().unwrap(), "JPY".parse().unwrap());
    let sold_in = async || currencies(&shop.db, Currency::USD).await.unwrap();
    let profile = async || profile::profile(&shop.db, user.id, sold_in().await).await.unwrap();
    let prefer = async |language: &str, currency: &str| {
        profile::prefer(&shop.db, user.id, language, currency, sold_in().await).await
    };
    assert_eq!(profile().await.currencies, [Currency::USD]);
    let bell = shop.title("The Bell").currency(euro).published().await;
    assert_eq!(profile().await.currencies, [Currency::USD, euro]);
    assert!(matches!(prefer("en", "JPY").await, Err(Error::Invalid { field: "currency", .. })));
    assert!(matches!(prefer("tlh", "EUR").await, Err(Error::Invalid { field: "language", .. })));
    prefer("en-US", "EUR").await.unwrap();
    assert_eq!((profile().await.language, profile().await.currency), (Language::AmericanEnglish, Some(euro)));
    assert_eq!(profile::currency(&shop.db, user.id).await.unwrap(), Some(euro));
    // What was chosen stays a choice when nothing is sold in it any more.
    set(&shop, bell.id, entities::audiobooks::Column::Currency, "JPY").await;
    prefer("en", "EUR").await.unwrap();
    assert_eq!(profile().await.currencies, [Currency::USD, yen]);
    prefer("en", "").await.unwrap();
    assert_eq!(profile().await.currency, None);
    assert_eq!(trail(&shop, Action::PreferencesChanged).await.len(), 3);
}

#[tokio::test]
async fn mails_are_written_in_the_language_of_their_reader() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    profile::prefer(&shop.db, user.id, "en-US", "", vec![Currency::USD]).await.unwrap();
    recovery::ask_reset(&shop.db, &user.email).await.unwrap();
    password_change::set_password(&shop.db, user.id, OLD, &password(NEW)).await.unwrap();
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|letter| letter.language == Language::AmericanEnglish), "{letters:?}");
}

fn said_of_ada() -> ExternalIdentity {
    ExternalIdentity {
        provider: "https://accounts.example".to_owned(),
        subject: "1815".to_owned(),
        email: Some(address("ada")),
        email_verified: true,
        name: None,
    }
}

/// Ada, who has left traces everywhere; the library holds one book, the cart another.
struct Traces {
    shop: Shop,
    ada: User,
    book: uuid::Uuid,
    family_id: uuid::Uuid,
    device: String,
}

impl Traces {
    async fn left() -> Self {
        let shop = fresh().await;
        let ada = ada(&shop).await;
        let (_, payments) = bank();
        let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
        buy(&shop, &payments, &ada, &[&bell]).await;
        fill(&shop, &cart_of(&ada), &[&owl]).await;
        let place = Position { position_ms: 5000, taken_at: shop.db.now(), speed_percent: 100, finished: false };
        save_position(&shop.db, ada.id, bell.id, place).await.unwrap();
        let further = Position { position_ms: 6000, taken_at: shop.db.now().plus_ms(1000), ..place };
        save_position(&shop.db, ada.id, bell.id, further).await.unwrap();
        logged_in(&shop, &ada, "phone").await;
        let account = users::account(&shop.db, ada.id).await.unwrap().unwrap();
        let held = tokens::open(&shop.db, &account, "Reader", LIFETIMES).await.unwrap();
        let device = devices::remember(&shop.db, ada.id, None).await.unwrap().unwrap();
        verification::ask_move(&shop.db, ada.id, &address("countess"), OLD).await.unwrap();
        recovery::ask_reset(&shop.db, &ada.email).await.unwrap();
        external_login::link(&shop.db, ada.id, &said_of_ada()).await.unwrap().unwrap();
        Self { shop, ada, book: bell.id, family_id: held.family_id, device }
    }

    async fn delete(&self) -> domain::Result<()> {
        deletion::delete(&self.shop.db, self.ada.id, " ADA@example.com").await
    }
}

#[tokio::test]
async fn who_leaves_is_told_what_goes() {
    let traces = Traces::left().await;
    let leaving = deletion::preview(&traces.shop.db, traces.ada.id).await.unwrap();
    assert_eq!(leaving, DeletionPreview { email: address("ada"), books: 1, reviews: 0, orders: 1 });
    for typed in ["", "ada", "countess@example.com"] {
        let refused = deletion::delete(&traces.shop.db, traces.ada.id, typed).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "address", .. })), "{typed:?}");
    }
    assert!(opens(&traces.shop, OLD).await);
}

#[tokio::test]
async fn a_deleted_account_leaves_its_orders_and_nothing_of_the_person() {
    let traces = Traces::left().await;
    let Traces { shop, ada, .. } = &traces;
    let db = shop.db.read();
    traces.delete().await.unwrap();

    assert!(!opens(shop, OLD).await);
    assert!(users::account(&shop.db, ada.id).await.unwrap().is_none());
    assert_eq!(sessions::load(&shop.db, "phone").await.unwrap(), None);
    assert_eq!(tokens::holder(&shop.db, traces.family_id).await.unwrap(), None);
    assert!(!owns(&shop.db, ada.id, traces.book).await.unwrap());
    let left = row(shop, ada).await;
    assert_eq!((left.email, left.name), (format!("{}@deleted.invalid", ada.id), "Deleted account".to_owned()));
    assert_eq!((left.password_hash, left.pending_email, left.email_verified_at), (None, None, None));
    assert_eq!((left.deleted_at, left.disabled_at), (Some(shop.db.now()), Some(shop.db.now())));

    let rows = [
        ("sessions", entities::sessions::Entity::find().count(db).await.unwrap()),
        ("links", account_tokens::Entity::find().count(db).await.unwrap()),
        ("programs", token_families::Entity::find().count(db).await.unwrap()),
        ("links to Google", linked::Entity::find().count(db).await.unwrap()),
        ("browsers", entities::devices::Entity::find().count(db).await.unwrap()),
        ("books", entitlements::Entity::find().count(db).await.unwrap()),
        ("days", listening_days::Entity::find().count(db).await.unwrap()),
        ("places", positions::Entity::find().count(db).await.unwrap()),
        ("carts", carts::Entity::find().count(db).await.unwrap() + cart_items::Entity::find().count(db).await.unwrap()),
    ];
    assert!(rows.iter().all(|(_, count)| *count == 0), "{rows:?}");
    let order = orders::Entity::find().one(db).await.unwrap().unwrap();
    assert_eq!((order.user_id, order.status, order.total_minor), (ada.id, OrderStatus::Fulfilled, 1290));
    let payment = payments::Entity::find().one(db).await.unwrap().unwrap();
    assert_eq!((payment.amount_minor, payment.card_last4), (1290, None));

    let letters = deliver(shop).await;
    assert_eq!(letters.len(), 1, "what was to be sent is called off: {letters:?}");
    assert_eq!(letters[0].to, address("ada"));
    assert_eq!(letters[0].content, Content::Notice(Notice::AccountDeleted { at: shop.db.now() }));
    shop.clock.advance(DAY + 1);
    manage::prune(&shop.db, job_kinds::all()).await.unwrap();
    let jobs = jobs::Entity::find().all(db).await.unwrap();
    assert!(jobs.is_empty(), "no job holds the address any more: {jobs:?}");
    let told = trail(shop, Action::AccountDeleted).await;
    assert_eq!((told.len(), told[0].who.as_str(), told[0].user_id), (1, "ada@example.com", Some(ada.id)));
}

#[tokio::test]
async fn deleting_twice_changes_nothing_more() {
    let traces = Traces::left().await;
    let (one, other) = tokio::join!(traces.delete(), traces.delete());
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let before = row(&traces.shop, &traces.ada).await;
    traces.shop.clock.advance(1000);
    traces.delete().await.unwrap();
    assert_eq!(row(&traces.shop, &traces.ada).await, before);
    assert_eq!(trail(&traces.shop, Action::AccountDeleted).await.len(), 1);
    assert_eq!(deliver(&traces.shop).await.len(), 1);
}

#[tokio::test]
async fn the_address_of_a_deleted_account_is_free_and_finds_nothing_of_before() {
    let traces = Traces::left().await;
    let Traces { shop, ada, .. } = &traces;
    let link = {
        let letters = deliver(shop).await;
        letters.iter().find_map(|letter| match &letter.content {
            Content::Reset(token) => Some(token.expose().to_owned()),
            _ => None,
        })
    };
    traces.delete().await.unwrap();
    let reset = recovery::reset(&shop.db, &link.unwrap(), &password(NEW)).await;
    assert!(reset.is_err(), "a link of before opens nothing");
    let again = registration::register(&shop.db, &address("ada"), "Ada", &password(OLD)).await.unwrap();
    assert_ne!(again.id, ada.id);
    let by_google = external_login::log_in(&shop.db, &said_of_ada()).await.unwrap();
    assert!(by_google.is_err(), "Google's word opens neither: the address of the new account is not confirmed");
    assert!(!devices::is_known(&shop.db, &traces.device, "ada@example.com").await.unwrap());
    assert_eq!(orders_after(&shop.db, again.id, None, 10).await.unwrap(), []);
    assert_eq!(books_after(&shop.db, again.id, None, 10).await.unwrap(), []);
    assert_eq!(cart::count(&shop.db, Some(&cart_of(&again))).await.unwrap(), 0);
    assert_eq!(audit::trail::events_of(&shop.db, again.id, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_account_is_among_nobody_and_gets_no_rights() {
    let traces = Traces::left().await;
    let Traces { shop, ada, .. } = &traces;
    let root = user(shop, "Root", Role::Admin).await;
    traces.delete().await.unwrap();
    let all = user_admin::list(&shop.db, "", false, domain::PageRequest::new(1, 10)).await.unwrap();
    assert_eq!(all.items.iter().map(|person| person.user.id).collect::<Vec<_>>(), [root.id]);
    assert!(matches!(user_admin::get(&shop.db, ada.id).await, Err(Error::NotFound(_))));
    let given = user_admin::set_permissions(&shop.db, root.id, ada.id, Permissions::all()).await;
    assert!(matches!(given, Err(Error::NotFound(_))), "{given:?}");
    assert_eq!(insight::dashboard::dashboard(&shop.db, Currency::USD, true).await.unwrap().sales.unwrap().customers, 0);
}

#[tokio::test]
async fn the_last_who_may_say_who_may_do_what_stays() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    let delete = async |user: &User| deletion::delete(&shop.db, user.id, user.email.as_str()).await;
    user_admin::set_permissions(&shop.db, ann.id, bob.id, [Permission::Orders].into_iter().collect()).await.unwrap();
    let refused = delete(&ann).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("permission for people")),
        "{refused:?}"
    );
    user_admin::set_permissions(&shop.db, ann.id, bob.id, [Permission::Users].into_iter().collect()).await.unwrap();
    let (one, other) = tokio::join!(delete(&ann), delete(&bob));
    assert_eq!([&one, &other].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{one:?} {other:?}");
}

/// A bank whose answer does not come back.
#[derive(Debug)]
struct LostLine;

#[async_trait]
impl PaymentProvider for LostLine {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, _: &Charge) -> Result<Outcome, Unreachable> {
        Err(Unreachable("the line went dead".into()))
    }

    async fn outcome(&self, _: &Charge) -> Result<Option<Outcome>, Unreachable> {
        Ok(None)
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        Ok(())
    }
}

#[tokio::test]
async fn nobody_leaves_while_they_pay() {
    let traces = Traces::left().await;
    let Traces { shop, ada, .. } = &traces;
    let lost = Payments::from(Arc::new(LostLine));
    let order = checkout(&shop.db, &lost, ada.id, 800, Some(&good_card()), "key", AGREED).await.unwrap();
    assert_eq!(order.status, OrderStatus::Pending);
    let refused = traces.delete().await;
    assert!(matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("under way")), "{refused:?}");
    assert!(
        opens(shop, OLD).await && cart::count(&shop.db, Some(&cart_of(ada))).await.unwrap() == 1,
        "nothing is gone"
    );
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(shop, &lost).await;
    traces.delete().await.unwrap();
}

#[tokio::test]
async fn deleting_one_account_takes_nothing_from_another() {
    let traces = Traces::left().await;
    let shop = &traces.shop;
    let ben = registration::register(&shop.db, &address("ben"), "Ben", &password(OLD)).await.unwrap();
    let (_, payments) = bank();
    let owl = for_sale(shop, "The Fox", 700).await;
    buy(shop, &payments, &ben, &[&owl]).await;
    logged_in(shop, &ben, "desk").await;
    traces.delete().await.unwrap();
    assert!(owns(&shop.db, ben.id, owl.id).await.unwrap());
    assert!(sessions::load(&shop.db, "desk").await.unwrap().is_some());
    let order = orders_after(&shop.db, ben.id, None, 10).await.unwrap().remove(0);
    assert_eq!(order.card_last4.as_deref(), Some("4242"));
    let to_ben = deliver(shop).await.iter().filter(|letter| letter.to == address("ben")).count();
    assert_eq!(to_ben, 2, "the mail to confirm his address, and his receipt");
}

#[tokio::test]
async fn what_is_taken_along_is_read_page_by_page() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let (_, payments) = bank();
    for name in ["The Bell", "The Owl", "The Fox"] {
        let book = for_sale(&shop, name, 700).await;
        buy(&shop, &payments, &user, &[&book]).await;
        let place = Position { taken_at: shop.db.now(), speed_percent: 100, ..Position::default() };
        save_position(&shop.db, user.id, book.id, place).await.unwrap();
    }
    let first = orders_after(&shop.db, user.id, None, 2).await.unwrap();
    let rest = orders_after(&shop.db, user.id, Some(first[1].id), 2).await.unwrap();
    let titles: Vec<_> = first.iter().chain(&rest).map(|order| order.lines[0].title.as_str()).collect();
    assert_eq!(titles, ["The Bell", "The Owl", "The Fox"]);
    let first = books_after(&shop.db, user.id, None, 2).await.unwrap();
    let rest = books_after(&shop.db, user.id, Some(first[1].id), 2).await.unwrap();
    assert_eq!((first.len(), rest.len(), rest[0].title.as_str()), (2, 1, "The Fox"));
    let first = positions_after(&shop.db, user.id, None, 2).await.unwrap();
    let rest = positions_after(&shop.db, user.id, Some(first[1].audiobook_id), 2).await.unwrap();
    assert_eq!((first.len(), rest.len()), (2, 1));
    let facts = privacy::facts(&shop.db, user.id).await.unwrap();
    assert_eq!((facts.email.as_str(), facts.name.as_str(), facts.has_password), ("ada@example.com", "Ada", true));
}

#[tokio::test]
async fn what_somebody_did_is_theirs_under_every_address_they_had() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let account = users::account(&shop.db, user.id).await.unwrap().unwrap();
    login::succeeded(&shop.db, &account).await.unwrap();
    verification::ask_move(&shop.db, user.id, &address("countess"), OLD).await.unwrap();
    verification::confirm(&shop.db, &delivered_link(&shop).await).await.unwrap();
    let moved = users::account(&shop.db, user.id).await.unwrap().unwrap();
    login::succeeded(&shop.db, &moved).await.unwrap();
    let limits = Limits::in_memory(Default::default(), shop.clock.clone());
    let stranger = login::Attempt { email: "countess@example.com", password: "a guess", device: None };
    assert!(login::verify(&shop.db, &limits, stranger).await.unwrap().is_none());
    let lines = audit::trail::events_of(&shop.db, user.id, None, 10).await.unwrap();
    let who: Vec<_> = lines.iter().map(|event| event.who.as_str()).collect();
    assert_eq!(who, ["countess@example.com", "ada@example.com", "ada@example.com"], "and not the stranger's guess");
}
