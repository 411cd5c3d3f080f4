//! People who are logged in.

use super::Shop;
use axum::body::Body;
use domain::account::{Email, Password, User, registration};
use http::{Request, StatusCode};
use uuid::Uuid;

impl Shop {
    /// A person's cookie.
    pub async fn log_in(&self, user: &User) -> String {
        let request = Request::post(format!("/test/log-in/{}", user.id)).body(Body::empty()).unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub async fn admin(&self) -> String {
        self.admin_and_cookie().await.1
    }

    pub async fn admin_and_cookie(&self) -> (User, String) {
        let (email, password) = credentials("ada@shop.example");
        let admin = registration::create_admin(&self.db, &email, "Ada", &password).await.unwrap();
        let cookie = self.log_in(&admin).await;
        (admin, cookie)
    }

    pub async fn shopper(&self) -> (User, String) {
        let (email, password) = credentials(&format!("{}@post.example", Uuid::now_v7().simple()));
        let user = registration::register(&self.db, &email, "Sam", &password).await.unwrap();
        let cookie = self.log_in(&user).await;
        (user, cookie)
    }
}

fn credentials(address: &str) -> (Email, Password) {
    (address.parse().unwrap(), Password::parse("correct horse battery staple".to_owned()).unwrap())
}
