//! What the owner says of the shop, and how far it is set up.

use crate::database::{self, Shop};
use crate::fixtures::{bank, buy, row, shopper, user};
use domain::account::Role;
use domain::audit::trail;
use domain::audit::{Action, Filter};
use domain::catalog::{categories, drafts, edit, publish};
use domain::jobs::{self, Claim, Job, Queue, Retry};
use domain::limits::{Limits, Rule};
use domain::production::samples;
use domain::settings::live::LiveSettings;
use domain::settings::opening::opening;
use domain::settings::trials::{self, TryMail, TryModels};
use domain::settings::{self, Finding, SettingsForm, ShopSettings};
use domain::{Currency, Error, job_kinds};
use std::sync::Arc;
use std::time::Duration;

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn form() -> SettingsForm {
    SettingsForm {
        name: " The  Reading Room ".to_owned(),
        currency: "USD".to_owned(),
        country: "th".to_owned(),
        contact: "Desk@Shop.example".to_owned(),
        language: "en-US".to_owned(),
    }
}

fn in_euro() -> SettingsForm {
    SettingsForm { currency: "EUR".to_owned(), ..form() }
}

async fn save(shop: &Shop, form: &SettingsForm) -> domain::Result<ShopSettings> {
    settings::save(&shop.db, &ShopSettings::default(), form).await
}

#[tokio::test]
async fn the_configuration_counts_until_the_owner_says_otherwise() {
    let shop = database::fresh().await;
    let configured = ShopSettings { name: "Configured".to_owned(), currency: euro(), ..ShopSettings::default() };
    assert_eq!(settings::read(shop.db.read(), &configured).await.unwrap(), configured);
    assert!(!settings::are_kept(shop.db.read()).await.unwrap());
    let saved = settings::save(&shop.db, &configured, &form()).await.unwrap();
    assert_eq!(saved.name, "The Reading Room");
    assert_eq!(saved.country.unwrap().name(), "Thailand");
    assert_eq!(saved.contact.as_ref().unwrap().as_str(), "desk@shop.example");
    assert_eq!(settings::read(shop.db.read(), &configured).await.unwrap(), saved);
    let nothing = SettingsForm { country: String::new(), contact: String::new(), ..form() };
    let saved = settings::save(&shop.db, &configured, &nothing).await.unwrap();
    assert_eq!((saved.country, saved.contact.clone()), (None, None), "what is emptied stays empty");
    assert_eq!(settings::read(shop.db.read(), &configured).await.unwrap(), saved);
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_field() {
    let shop = database::fresh().await;
    let refused = async |change: &dyn Fn(&mut SettingsForm)| {
        let mut form = form();
        change(&mut form);
        match save(&shop, &form).await {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    for name in ["", "  ", "!!", "A <b>", "a@b", &"long ".repeat(20)] {
        assert_eq!(refused(&|form| form.name = name.to_owned()).await, "name", "{name}");
    }
    assert_eq!(refused(&|form| form.currency = "XYZ".to_owned()).await, "currency");
    assert_eq!(refused(&|form| form.country = "Germany".to_owned()).await, "country");
    assert_eq!(refused(&|form| form.contact = "nobody".to_owned()).await, "contact");
    assert_eq!(refused(&|form| form.language = "tlh".to_owned()).await, "language");
    assert!(!settings::are_kept(shop.db.read()).await.unwrap());
}

#[tokio::test]
async fn an_empty_shop_changes_its_currency_and_drafts_without_a_price_follow() {
    let shop = database::fresh().await;
    let id = drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    let open = edit::form(&shop.db, id).await.unwrap();
    save(&shop, &in_euro()).await.unwrap();
    assert_eq!(row(&shop, id).await.currency, "EUR");
    let late = domain::catalog::AudiobookForm { price: "12.90".to_owned(), ..open };
    let refused = samples::save_title(&shop.db, id, &late).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "nobody prices in a currency that they did not see");
}

#[tokio::test]
async fn the_currency_stays_while_something_has_a_price_in_it_or_was_sold() {
    let shop = database::fresh().await;
    let title = shop.title("The Bell").draft().await;
    let refused = save(&shop, &in_euro()).await.unwrap_err();
    assert_eq!(refused.code(), "settings.priced-in-another");
    assert!(refused.to_string().contains('1') || format!("{refused:?}").contains('1'), "it says how many: {refused:?}");
    assert_eq!(row(&shop, title.id).await.currency, "USD");
    save(&shop, &form()).await.expect("everything else can change");
    let mut open = edit::form(&shop.db, title.id).await.unwrap();
    open.price = String::new();
    samples::save_title(&shop.db, title.id, &open).await.unwrap();
    save(&shop, &in_euro()).await.expect("without the price it can");

    let shop = database::fresh().await;
    let sold = shop.title("The Bell").published().await;
    let (_, payments) = bank();
    let ada = shopper(&shop, "Ada").await;
    buy(&shop, &payments, &ada, &[&sold]).await;
    assert_eq!(save(&shop, &in_euro()).await.unwrap_err().code(), "settings.sold-in-another");
    save(&shop, &form()).await.unwrap();
}

#[tokio::test]
async fn a_change_is_told_with_what_was_before() {
    let shop = database::fresh().await;
    save(&shop, &form()).await.unwrap();
    let line = trail::events(&shop.db, &Filter::default(), None, 10).await.unwrap().remove(0);
    assert_eq!(line.action, Action::SettingsSaved.name());
    let details: serde_json::Value = serde_json::from_str(&line.details).unwrap();
    assert_eq!(
        (details["before"]["name"].as_str(), details["after"]["country"].as_str()),
        (Some("Lectern"), Some("TH"))
    );
}

#[tokio::test]
async fn another_server_shows_new_settings_within_seconds() {
    let shop = database::fresh().await;
    let (here, there) =
        (LiveSettings::new(&shop.db, ShopSettings::default()), LiveSettings::new(&shop.db, ShopSettings::default()));
    assert_eq!(there.now().await.name, "Lectern");
    here.save(&shop.db, &form()).await.unwrap();
    assert_eq!(here.at_hand().name, "The Reading Room", "at once where it was saved");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(there.now().await.name, "The Reading Room");
    shop.statements.take();
    for _ in 0..20 {
        there.now().await;
    }
    assert!(shop.statements.take().len() <= 1, "a crowd asks once");
}

/// The next job of a kind, claimed.
async fn claimed<J: Job>(shop: &Shop) -> Claim {
    jobs::claim(&shop.db, job_kinds::all(), J::QUEUE, "one", 60_000, 1).await.unwrap().remove(0)
}

fn found(good: bool) -> Finding {
    Finding { good, words: "So it went.".to_owned() }
}

#[tokio::test]
async fn what_is_left_to_do_follows_what_was_done() {
    let shop = database::fresh().await;
    let limits = Limits::in_memory([].into(), Arc::new(domain::SystemClock));
    let root = user(&shop, "Root", Role::Admin).await;
    let first = opening(&shop.db).await.unwrap();
    assert!(!first.named && !first.seller && !first.open && first.mail.is_none() && first.models.is_none());
    assert_eq!((first.categories, first.titles), (0, 0));

    save(&shop, &form()).await.unwrap();
    categories::add_starters(&shop.db).await.unwrap();
    trials::ask_for_mail(&shop.db, &limits, root.id).await.unwrap();
    trials::ask_for_models(&shop.db).await.unwrap();
    let asked = opening(&shop.db).await.unwrap();
    assert!(asked.named && asked.categories > 0);
    assert!(asked.mail.unwrap().done_at.is_none() && asked.models.unwrap().done_at.is_none(), "under way");

    let letter = trials::letter(&shop.db, &TryMail { user_id: root.id }).await.unwrap().unwrap();
    assert_eq!(letter.to, root.email, "to their own address");
    trials::mail_tried(&shop.db, &claimed::<TryMail>(&shop).await, found(true)).await.unwrap();
    trials::models_tried(&shop.db, &claimed::<TryModels>(&shop).await, vec![found(true), found(false)]).await.unwrap();
    let tried = opening(&shop.db).await.unwrap();
    assert!(tried.mail.unwrap().went_well());
    assert!(!tried.models.unwrap().went_well(), "one of the two is wrong");

    let bell = shop.title("The Bell").draft().await;
    assert_eq!((opening(&shop.db).await.unwrap().titles, opening(&shop.db).await.unwrap().open), (1, false));
    publish::publish(&shop.db, bell.id).await.unwrap();
    assert!(opening(&shop.db).await.unwrap().open);
}

#[tokio::test]
async fn a_trial_that_could_not_be_made_says_why() {
    let shop = database::fresh().await;
    trials::ask_for_models(&shop.db).await.unwrap();
    trials::ask_for_models(&shop.db).await.unwrap();
    let claim = claimed::<TryModels>(&shop).await;
    let more = jobs::claim(&shop.db, job_kinds::all(), Queue::Engines, "one", 60_000, 1).await.unwrap();
    assert!(more.is_empty(), "asked for twice it is made once");
    jobs::fail(&shop.db, job_kinds::all(), &claim, "The worker has no disk.", Retry::Fatal).await.unwrap();
    let models = opening(&shop.db).await.unwrap().models.unwrap();
    assert_eq!(models.findings, [Finding { good: false, words: "The worker has no disk.".to_owned() }]);
    assert!(models.done_at.is_some());
}

#[tokio::test]
async fn a_trial_of_mails_cannot_be_used_to_flood_a_mailbox() {
    let shop = database::fresh().await;
    let limits = Limits::in_memory([(Rule::Reauth, "2/1h".parse().unwrap())].into(), Arc::new(domain::SystemClock));
    let root = user(&shop, "Root", Role::Admin).await;
    for _ in 0..2 {
        trials::ask_for_mail(&shop.db, &limits, root.id).await.unwrap();
    }
    let refused = trials::ask_for_mail(&shop.db, &limits, root.id).await;
    assert!(matches!(refused, Err(Error::TooMany { .. })), "{refused:?}");
}
