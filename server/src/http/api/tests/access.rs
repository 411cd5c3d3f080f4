//! Every operation of the description, tried by everybody: the description says whom each is for.

use super::*;
use crate::http::api::browse::operations;
use crate::http::api::document;
use domain::Day;
use domain::account::machines::{MachineTokenWish, kept};
use domain::account::{Password, Permission, Scope, User, registration, user_admin, users};

/// What nothing has: whoever may ask finds nothing, and nothing is changed.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";
struct Tried {
    method: String,
    path: String,
    /// One of these; `None` where a token is not needed, none in it where any token will do.
    scopes: Option<Vec<Scope>>,
}

impl Tried {
    fn all() -> Vec<Self> {
        let document: Value = serde_json::from_str(document().unwrap()).unwrap();
        let tried = operations(&document).map(|(path, method, operation)| Self {
            method: method.to_uppercase(),
            path: filled(path),
            scopes: scopes(&operation["security"]),
        });
        tried.collect()
    }

    async fn by(&self, shop: &Shop, token: Option<&str>) -> (u16, String) {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = shop.send(request.body(Body::empty()).unwrap()).await;
        (answer.status.as_u16(), answer.problem())
    }
}

fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn scopes(security: &Value) -> Option<Vec<Scope>> {
    let ways = security.as_array()?;
    if ways.iter().any(|way| way.as_object().unwrap().is_empty()) {
        return None;
    }
    let names = ways.iter().flat_map(|way| way["access_token"].as_array().unwrap());
    Some(names.map(|name| Scope::from_name(name.as_str().unwrap()).unwrap_or_else(|| panic!("{name}"))).collect())
}

/// Everybody who asks. Whoever may do something may end their own log-in by it, and comes again.
struct People {
    root: User,
    number: usize,
}

impl People {
    async fn shopper(&mut self, shop: &Shop) -> (User, String) {
        self.number += 1;
        let tokens = register(shop, &format!("shopper{}@example.com", self.number)).await;
        let id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
        let account = users::account(&shop.db, id).await.unwrap().unwrap();
        (account.user, access(&tokens).to_owned())
    }

    async fn admin(&mut self, shop: &Shop, permissions: &[Permission]) -> (User, String) {
        self.number += 1;
        let email = format!("admin{}@example.com", self.number);
        let password = Password::parse(PASSWORD).unwrap();
        let user = registration::create_admin(&shop.db, &email.parse().unwrap(), "Ada", &password).await.unwrap();
        let permissions = permissions.iter().copied().collect();
        user_admin::set_permissions(&shop.db, self.root.id, user.id, permissions).await.unwrap();
        let tokens = post(shop, "auth/login", &json!({ "email": email, "password": PASSWORD })).await.json();
        let account = users::account(&shop.db, user.id).await.unwrap().unwrap();
        (account.user, access(&tokens).to_owned())
    }
}

async fn machine(shop: &Shop, owner: &User, scopes: Vec<Scope>) -> String {
    // The one before has done what it was for, and nobody has as many as there are operations.
    for old in kept::list(&shop.db, owner.id).await.unwrap() {
        kept::revoke(&shop.db, owner.id, old.id).await.unwrap();
    }
    let last_day = Day::of(shop.db.now()).plus(1);
    let wish = MachineTokenWish { name: "A machine".to_owned(), scopes, last_day };
    kept::make(&shop.db, owner, &wish).await.unwrap().1
}

#[tokio::test]
async fn every_operation_is_for_whom_its_description_says() {
    let shop = Shop::open().await;
    let password = Password::parse(PASSWORD).unwrap();
    let root =
        registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let mut people = People { root: root.clone(), number: 0 };
    // None of theirs does what it asks for.
    let (_, shopper) = people.shopper(&shop).await;
    let mut singles = Vec::new();
    for permission in Permission::ALL {
        singles.push((permission, people.admin(&shop, &[permission]).await));
    }
    let mut wrong = Vec::new();
    for tried in Tried::all() {
        let (status, _) = tried.by(&shop, None).await;
        let Some(scopes) = &tried.scopes else {
            if matches!(status, 403) {
                wrong.push(format!("{} {}: nobody is refused", tried.method, tried.path));
            }
            continue;
        };
        let mut expect = |who: &str, fits: bool, (status, kind): (u16, String)| {
            if !fits {
                wrong.push(format!("{} {}: {who} got {status} {kind}", tried.method, tried.path));
            }
        };
        expect("nobody", status == 401, (status, String::new()));
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| !scopes.contains(scope)).collect();
        if !scopes.is_empty() {
            let answer = tried.by(&shop, Some(&machine(&shop, &root, others).await)).await;
            expect("a machine with every other scope", answer == (403, "scope-missing".to_owned()), answer);
        }
        let permissions: Vec<Permission> = scopes.iter().filter_map(|scope| scope.permission()).collect();
        let welcome = |answer: &(u16, String)| !matches!(answer.0, 401 | 403 | 405) && answer.0 < 500;
        // What needs a person who has just logged in, no machine may do.
        let machine_is_welcome = |answer: &(u16, String)| welcome(answer) || answer.1 == "login-too-old";
        if permissions.is_empty() {
            // Whoever may do it does it to nobody but themselves.
            let (user, token) = people.shopper(&shop).await;
            let by_machine =
                machine(&shop, &user, if scopes.is_empty() { vec![Scope::Account] } else { scopes.clone() }).await;
            // The machine comes last: it may end the log-in of its person, and not the other way about.
            let answer = tried.by(&shop, Some(&token)).await;
            expect("a person", welcome(&answer), answer);
            let answer = tried.by(&shop, Some(&by_machine)).await;
            expect("a machine", machine_is_welcome(&answer), answer);
            continue;
        }
        let answer = tried.by(&shop, Some(&shopper)).await;
        expect("a shopper", answer == (403, "forbidden".to_owned()), answer);
        for (permission, (user, token)) in &singles {
            let answer = tried.by(&shop, Some(token)).await;
            let who = format!("an admin with {}", permission.name());
            if permissions.contains(permission) {
                expect(&who, welcome(&answer), answer);
                let token = machine(
                    &shop,
                    user,
                    scopes.iter().copied().filter(|scope| scope.permission() == Some(*permission)).collect(),
                )
                .await;
                let answer = tried.by(&shop, Some(&token)).await;
                expect("a machine of such an admin", machine_is_welcome(&answer), answer);
            } else {
                expect(&who, answer == (403, "forbidden".to_owned()), answer);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_route_of_the_api_is_described() {
    let document: Value = serde_json::from_str(document().unwrap()).unwrap();
    let described: std::collections::BTreeSet<&str> = operations(&document).map(|(path, ..)| path).collect();
    let served = crate::http::access_matrix::addresses(&crate::http::api::routes());
    // The description itself, for people.
    let missing: Vec<&String> = served
        .iter()
        .filter(|path| {
            path.starts_with("/api/v1/") && !path.starts_with("/api/v1/docs") && !described.contains(path.as_str())
        })
        .collect();
    assert!(served.len() > 10 && missing.is_empty(), "not described: {missing:?}");
}
