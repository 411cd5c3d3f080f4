//! What the law asks: who sells, the owner's words, and the agreement that the right of withdrawal ends with the first play.

use crate::database::{Shop, fresh};
use crate::fixtures::{AGREED, bank, buy, cart_of, fill, for_sale, good_card, shopper};
use crate::mailbox::deliver;
use domain::account::email::mail::{Content, Purchase};
use domain::audit::{Action, Filter, trail};
use domain::ordering::checkout::checkout;
use domain::ordering::{WithdrawalConsent, WithdrawalWording, cart, office, orders};
use domain::privacy::export::export;
use domain::settings::legal::{LegalPage, OwnText, Seller, TEXT_MAX, keep};
use domain::settings::opening::opening;
use domain::{Db, Error};
use futures::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

fn seller() -> Seller {
    Seller {
        name: " Moss  & Daughters ".to_owned(),
        address: "Quay 1\r\n\r\n 20457  Harbour\r\n".to_owned(),
        phone: "+49 40 1234".to_owned(),
        register: "Register of the town, 1".to_owned(),
        vat: "DE123456789".to_owned(),
    }
}

/// Writes who sells, and something on the terms.
pub async fn say_who_sells(db: &Db) {
    keep::save_seller(db, &seller()).await.unwrap();
    let own = OwnText { text: "Be kind.".to_owned(), instead: false };
    keep::save_text(db, LegalPage::Terms, &own).await.unwrap();
}

async fn last_details(shop: &Shop, action: Action) -> serde_json::Value {
    let events = trail::events(&shop.db, &Filter::default(), None, 10).await.unwrap();
    let line = events.into_iter().find(|event| event.action == action.name()).unwrap();
    serde_json::from_str(&line.details).unwrap()
}

#[tokio::test]
async fn nothing_is_sold_without_the_tick_and_nothing_is_lost_by_that() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, gift) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Gift", 0).await);
    for (title, total) in [(&bell, 1290), (&gift, 0)] {
        fill(&shop, &cart_of(&ada), &[title]).await;
        let refused = checkout(&shop.db, &payments, ada.id, total, Some(&good_card()), "key", None).await.unwrap_err();
        let Error::Invalid { field, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!((*field, refused.code()), ("withdrawal", "checkout.withdrawal-not-agreed"), "{}", title.slug);
        assert_eq!(cart::count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 1, "the cart is as it was");
        cart::remove(&shop.db, &cart_of(&ada), &title.slug).await.unwrap();
    }
    assert_eq!(bank.charged(), 0);
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = checkout(&shop.db, &payments, ada.id, 1290, Some(&good_card()), "key", AGREED).await.unwrap();
    assert_eq!((order.total.minor, bank.charged()), (1290, 1), "the same purchase goes on with the tick");
}

#[tokio::test]
async fn an_order_keeps_when_its_buyer_agreed_and_to_which_words() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let agreed = WithdrawalConsent { agreed_at: shop.db.now(), wording: WithdrawalWording::CURRENT };
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    shop.clock.advance(60_000);
    let seen = orders::order(&shop.db, ada.id, &order.number).await.unwrap().withdrawal.unwrap();
    assert_eq!((seen.wording, seen.agreed_at.0 / 1000), (agreed.wording, agreed.agreed_at.0 / 1000));
    let office = office::get(&shop.db, &order.number).await.unwrap().order.withdrawal;
    assert_eq!(office, Some(seen), "the people who run the shop see the same");

    use domain::entities::orders::{Column, Entity};
    let never = Entity::update_many()
        .col_expr(Column::WithdrawalAgreedAt, Expr::value(None::<i64>))
        .col_expr(Column::WithdrawalWording, Expr::value(None::<i32>))
        .filter(Column::Id.eq(order.id));
    never.exec(shop.db.read()).await.unwrap();
    let old = orders::order(&shop.db, ada.id, &order.number).await.unwrap();
    assert_eq!(old.withdrawal, None, "an order from before this was asked says nothing");
}

#[tokio::test]
async fn the_receipt_by_mail_and_the_file_of_ones_data_hold_the_whole_sentence() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    let sentence = WithdrawalWording::CURRENT.sentence();
    let letters = deliver(&shop).await;
    let mailed = letters.iter().find_map(|letter| match &letter.content {
        Content::Purchase(Purchase::Receipt { agreed, .. }) => agreed.clone(),
        _ => None,
    });
    let (agreed_at, words) = mailed.expect("the receipt says what was agreed to");
    assert_eq!((Some(agreed_at), words.as_str()), (order.withdrawal.map(|agreed| agreed.agreed_at), sentence));

    let data = export(&shop.db, ada.id, None).await.unwrap();
    let data: Vec<String> = Box::pin(data).try_collect().await.unwrap();
    let data: serde_json::Value = serde_json::from_str(&data.concat()).unwrap();
    let kept = &data["orders"][0]["right_of_withdrawal"];
    assert_eq!((kept["to"].as_str(), kept["agreed_at"].as_str()), (Some(sentence), Some(agreed_at.rfc3339().as_str())));
}

#[tokio::test]
async fn who_sells_is_said_once_and_told_in_the_trail() {
    let shop = fresh().await;
    assert_eq!(keep::seller(shop.db.read()).await.unwrap(), Seller::default());
    assert!(!opening(&shop.db).await.unwrap().seller, "it is on the list of what is left to do");
    let saved = keep::save_seller(&shop.db, &seller()).await.unwrap();
    assert_eq!((saved.name.as_str(), saved.address.as_str()), ("Moss & Daughters", "Quay 1\n20457 Harbour"));
    assert_eq!(keep::seller(shop.db.read()).await.unwrap(), saved);
    assert!(opening(&shop.db).await.unwrap().seller);
    let told = last_details(&shop, Action::SellerSaved).await;
    assert_eq!((told["before"]["name"].as_str(), told["after"]["vat"].as_str()), (Some(""), Some("DE123456789")));
}

#[tokio::test]
async fn a_seller_without_a_name_or_a_place_is_refused_at_the_field() {
    let shop = fresh().await;
    let refused = async |change: &dyn Fn(&mut Seller)| {
        let mut form = seller();
        change(&mut form);
        match keep::save_seller(&shop.db, &form).await {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&|form| form.name = " ".to_owned()).await, "name");
    assert_eq!(refused(&|form| form.address = "\r\n ".to_owned()).await, "address");
    assert_eq!(refused(&|form| form.address = "a\n".repeat(600)).await, "address");
    assert_eq!(refused(&|form| form.phone = "1".repeat(41)).await, "phone");
    assert_eq!(refused(&|form| form.register = "1".repeat(201)).await, "register");
    assert_eq!(refused(&|form| form.vat = "a\u{7}b".to_owned()).await, "vat");
    assert_eq!(keep::seller(shop.db.read()).await.unwrap(), Seller::default(), "nothing was saved");
}

#[tokio::test]
async fn the_owners_words_on_a_page_may_be_long_but_not_endless() {
    let shop = fresh().await;
    // Four bytes each, and two signs at the end of each line: what a browser sends for as many characters as it lets through.
    let longest = "𝄞".repeat(TEXT_MAX / 2 - 1) + "\r\n" + &"ü".repeat(TEXT_MAX / 2);
    let own = OwnText { text: longest.clone(), instead: true };
    let saved = keep::save_text(&shop.db, LegalPage::Terms, &own).await.unwrap();
    assert_eq!(saved.text.chars().count(), TEXT_MAX);
    assert_eq!(
        keep::own_text(shop.db.read(), LegalPage::Terms).await.unwrap(),
        saved,
        "every database keeps all of it"
    );
    let more = OwnText { text: longest + "!", instead: true };
    let refused = keep::save_text(&shop.db, LegalPage::Terms, &more).await.unwrap_err();
    assert_eq!(refused.code(), "settings.legal-too-long");
    let Error::Invalid { field: "text", refusal: why } = &refused else { panic!("{refused:?}") };
    assert!(why.sentence().contains("50000") && why.sentence().contains("50001"), "{}", why.sentence());
    let told = last_details(&shop, Action::LegalTextSaved).await;
    assert_eq!((told["page"].as_str(), told["characters"].as_u64()), (Some("terms"), Some(50_000)));
    assert!(!told.to_string().contains('ü'), "how much was written is told, not what");

    let texts = keep::own_texts(shop.db.read()).await.unwrap();
    assert_eq!(texts.iter().map(|(page, _)| *page).collect::<Vec<_>>(), LegalPage::ALL);
    assert!(texts.iter().all(|(page, own)| (*page == LegalPage::Terms) != own.text.is_empty()));
    keep::save_text(&shop.db, LegalPage::Terms, &OwnText::default()).await.unwrap();
    assert_eq!(keep::own_text(shop.db.read(), LegalPage::Terms).await.unwrap(), OwnText::default());
}
