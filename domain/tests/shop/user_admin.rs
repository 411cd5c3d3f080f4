//! Who may do what.

use crate::database::{Shop, fresh};
use crate::fixtures::user;
use domain::account::user_admin::{disable_two_factor, get, list, set_permissions};
use domain::account::{Permission, Permissions, Role, User, sessions, users};
use domain::{Error, PageRequest, Timestamp};

fn some(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}

async fn rights(shop: &Shop, user: &User) -> (Role, String) {
    let user = get(&shop.db, user.id).await.unwrap().user;
    (user.role, user.permissions.text())
}

#[tokio::test]
async fn an_admin_is_made_and_unmade_permission_by_permission() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Catalogue])).await.unwrap();
    assert_eq!(rights(&shop, &bob).await, (Role::Admin, "catalogue".to_owned()));
    let bob_now = get(&shop.db, bob.id).await.unwrap().user;
    assert!(bob_now.may(Permission::Catalogue) && !bob_now.may(Permission::Users));
    set_permissions(&shop.db, ann.id, bob.id, Permissions::default()).await.unwrap();
    assert_eq!(rights(&shop, &bob).await, (Role::Shopper, String::new()));
    let liar = User { permissions: Permissions::all(), ..bob };
    assert!(!liar.may(Permission::Catalogue), "permissions are for admins only");
}

#[tokio::test]
async fn only_who_may_say_so_says_who_may_do_what() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    let all = Permissions::all();
    assert!(matches!(set_permissions(&shop.db, bob.id, bob.id, all).await, Err(Error::Forbidden)));
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Catalogue, Permission::Orders])).await.unwrap();
    assert!(matches!(set_permissions(&shop.db, bob.id, bob.id, all).await, Err(Error::Forbidden)));
    assert_eq!(rights(&shop, &bob).await.1, "catalogue,orders");
    assert!(matches!(set_permissions(&shop.db, ann.id, uuid::Uuid::nil(), all).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_have() {
    let shop = fresh().await;
    let ann = user(&shop, "Ann", Role::Admin).await;
    let (bob, cid) = (user(&shop, "Bob", Role::Shopper).await, user(&shop, "Cid", Role::Shopper).await);
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Users, Permission::Orders])).await.unwrap();
    for greedy in [&bob, &cid] {
        let refused = set_permissions(&shop.db, bob.id, greedy.id, Permissions::all()).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
    }
    set_permissions(&shop.db, bob.id, cid.id, some(&[Permission::Orders])).await.unwrap();
}

#[tokio::test]
async fn nobody_takes_from_others_what_they_do_not_have() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Users, Permission::Orders])).await.unwrap();
    for less in [Permissions::default(), some(&[Permission::Settings])] {
        let refused = set_permissions(&shop.db, bob.id, ann.id, less).await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
    }
    assert_eq!(rights(&shop, &ann).await.1, Permissions::all().text());
    let without_orders = Permissions::all().without(some(&[Permission::Orders]));
    set_permissions(&shop.db, bob.id, ann.id, without_orders).await.unwrap();
    assert_eq!(rights(&shop, &ann).await.1, without_orders.text());
}

#[tokio::test]
async fn somebody_can_always_say_who_may_do_what() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    for less in [Permissions::default(), some(&[Permission::Catalogue])] {
        assert!(matches!(set_permissions(&shop.db, ann.id, ann.id, less).await, Err(Error::Conflict(_))));
    }
    set_permissions(&shop.db, ann.id, ann.id, some(&[Permission::Users])).await.unwrap();
    assert_eq!(rights(&shop, &ann).await.1, "users", "with less than everything, but with that");
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Users])).await.unwrap();
    set_permissions(&shop.db, ann.id, ann.id, Permissions::default()).await.unwrap();
    assert!(matches!(set_permissions(&shop.db, bob.id, bob.id, Permissions::default()).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn two_who_unmake_each_other_at_once_do_not_both_succeed() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Admin).await);
    let none = Permissions::default();
    let (one, other) =
        tokio::join!(set_permissions(&shop.db, ann.id, bob.id, none), set_permissions(&shop.db, bob.id, ann.id, none));
    assert_eq!([one, other].iter().filter(|answer| answer.is_ok()).count(), 1);
    let left = list(&shop.db, "", true, PageRequest::new(1, 10)).await.unwrap();
    assert_eq!(left.total, 1);
}

#[tokio::test]
async fn nothing_begun_with_other_rights_goes_on() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    let row =
        sessions::Row { id: "s".into(), data: "{}".into(), user_id: Some(bob.id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
    let before = users::account(&shop.db, bob.id).await.unwrap().unwrap();
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Orders])).await.unwrap();
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None);
    let after = users::account(&shop.db, bob.id).await.unwrap().unwrap();
    assert_ne!(before.auth_hash, after.auth_hash, "a session that a slow request saves again is worth nothing");
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Orders])).await.unwrap();
    assert!(sessions::load(&shop.db, "s").await.unwrap().is_some(), "nothing changed, and nobody is thrown out");
}

#[tokio::test]
async fn people_are_found_by_how_their_address_begins() {
    let shop = fresh().await;
    for name in ["Ada", "Adam", "Zoe", "Béa"] {
        user(&shop, name, Role::Shopper).await;
    }
    user(&shop, "Adele", Role::Admin).await;
    let found = async |text: &str, admins| {
        let page = list(&shop.db, text, admins, PageRequest::new(1, 2)).await.unwrap();
        (page.total, page.items.into_iter().map(|person| person.user.name).collect::<Vec<_>>())
    };
    assert_eq!(found("", false).await, (5, vec!["Ada".to_owned(), "Adam".to_owned()]));
    assert_eq!(found(" AD", false).await, (3, vec!["Ada".to_owned(), "Adam".to_owned()]));
    assert_eq!(found("ad", true).await, (1, vec!["Adele".to_owned()]));
    assert_eq!(found("bé", false).await, (1, vec!["Béa".to_owned()]));
    assert_eq!(found("%", false).await, (0, Vec::new()));
    let second = list(&shop.db, "", false, PageRequest::new(3, 2)).await.unwrap();
    assert_eq!(second.items.len(), 1);
}

#[tokio::test]
async fn nobody_takes_the_second_step_from_somebody_who_may_do_more() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Admin).await);
    let kim = user(&shop, "Kim", Role::Shopper).await;
    set_permissions(&shop.db, ann.id, bob.id, some(&[Permission::Users])).await.unwrap();
    let refused = disable_two_factor(&shop.db, bob.id, ann.id).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("more than you")),
        "{refused:?}"
    );
    disable_two_factor(&shop.db, bob.id, kim.id).await.unwrap();
    disable_two_factor(&shop.db, ann.id, bob.id).await.unwrap();
}
