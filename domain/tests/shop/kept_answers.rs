//! What programs were answered that bought something.

use crate::database::fresh;
use crate::fixtures::shopper;
use domain::ordering::answers::{self, Answer, BUSY_MS, Begun, KEPT_MS, Turn, answers_after};
use domain::privacy::deletion;

fn new(begun: Begun) -> Turn {
    match begun {
        Begun::New(turn) => turn,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_key_names_one_request_of_one_person_for_a_day() {
    let shop = fresh().await;
    let (ada, ben) = (shopper(&shop, "Ada").await, shopper(&shop, "Ben").await);
    let begin = async |who, request: &str| answers::begin(&shop.db, who, "key", request).await.unwrap();
    let turn = new(begin(ada.id, "this").await);
    assert!(matches!(begin(ada.id, "this").await, Begun::Busy));
    assert!(matches!(begin(ada.id, "that").await, Begun::Reused));
    new(begin(ben.id, "that").await);
    let answer = Answer { status: 201, body: "{}".to_owned() };
    answers::keep(&shop.db, &turn, &answer).await.unwrap();
    assert!(matches!(begin(ada.id, "this").await, Begun::Known(known) if known == answer));
    shop.clock.advance(KEPT_MS);
    assert_ne!(new(begin(ada.id, "that").await).purchase, turn.purchase);
}

#[tokio::test]
async fn who_takes_a_request_up_goes_on_with_the_same_purchase() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let begin = async || answers::begin(&shop.db, ada.id, "key", "this").await.unwrap();
    let died = new(begin().await);
    shop.clock.advance(BUSY_MS - 1);
    assert!(matches!(begin().await, Begun::Busy));
    shop.clock.advance(1);
    let next = new(begin().await);
    assert_eq!(next.purchase, died.purchase);
    assert!(matches!(begin().await, Begun::Busy));
    // What was in its way passes: the next may try at once, and who is too late writes nothing.
    answers::release(&shop.db, &next).await.unwrap();
    answers::keep(&shop.db, &next, &Answer { status: 409, body: "too late".to_owned() }).await.unwrap();
    assert_eq!(new(begin().await).purchase, died.purchase);
}

#[tokio::test]
async fn answers_are_taken_along_and_go_with_the_person() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let turn = new(answers::begin(&shop.db, ada.id, "key", "this").await.unwrap());
    answers::keep(&shop.db, &turn, &Answer { status: 201, body: "{}".to_owned() }).await.unwrap();
    assert_eq!(answers_after(&shop.db, ada.id, None, 10).await.unwrap()[0].body.as_deref(), Some("{}"));
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    assert_eq!(answers_after(&shop.db, ada.id, None, 10).await.unwrap(), []);
}
