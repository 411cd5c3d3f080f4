//! Who reads the mails that stayed on this machine.

use crate::config::MailKind;
use crate::http::testing::Shop;
use crate::mail::{Folder, Mail, Mailer};
use domain::Timestamp;
use http::StatusCode;

/// A mail as somebody might have it who means harm with their name.
fn mail(subject: &str) -> Mail {
    Mail {
        message_id: "1@shop.example".into(),
        date: Timestamp(1_795_165_200_000),
        from: "Lectern <no-reply@shop.example>".into(),
        to: "ada@example.com".into(),
        subject: subject.into(),
        text: "Hello <b>Ada</b>,\n\nhttp://shop.example/reset-password?token=1&x=2\n".into(),
        html: "<p>Hello <script>alert(1)</script></p>".into(),
    }
}

async fn folder(shop: &Shop) -> Folder {
    let folder = Folder::open(&shop.path("mail")).unwrap();
    folder.send(&mail("The first")).await.unwrap();
    folder.send(&mail("The <second>")).await.unwrap();
    folder
}

#[tokio::test]
async fn an_admin_reads_the_mails_newest_first() {
    let shop = Shop::open().await;
    let folder = folder(&shop).await;
    let admin = shop.admin().await;
    let list = shop.get(&admin, "/admin/mail", &[]).await;
    assert_eq!(list.status, StatusCode::OK);
    let (second, first) = (list.text().find("The &lt;second&gt;").unwrap(), list.text().find("The first").unwrap());
    assert!(second < first);

    let (id, _) = folder.newest(1).await.unwrap().remove(0);
    let one = shop.get(&admin, &format!("/admin/mail/{id}"), &[]).await;
    assert!(one.text().contains("Hello &lt;b&gt;Ada&lt;/b&gt;,"), "{}", one.text());
    assert!(one.text().contains("href=\"http://shop.example/reset-password?token=1&amp;x=2\""), "{}", one.text());
    assert!(one.text().contains("sandbox=\"\""));
}

#[tokio::test]
async fn a_mail_in_its_frame_can_run_and_fetch_nothing() {
    let shop = Shop::open().await;
    let (id, _) = folder(&shop).await.newest(1).await.unwrap().remove(0);
    let framed = shop.get(&shop.admin().await, &format!("/admin/mail/{id}/html"), &[]).await;
    assert_eq!(framed.text(), mail("").html);
    let policy = framed.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox;"), "{policy}");
    assert_eq!(framed.header("x-frame-options"), "SAMEORIGIN");
}

#[tokio::test]
async fn mails_are_for_admins_only() {
    let shop = Shop::open().await;
    let (id, _) = folder(&shop).await.newest(1).await.unwrap().remove(0);
    let (_, shopper) = shop.shopper().await;
    for path in ["/admin/mail".to_owned(), format!("/admin/mail/{id}"), format!("/admin/mail/{id}/html")] {
        for (cookie, status) in [("", StatusCode::UNAUTHORIZED), (shopper.as_str(), StatusCode::FORBIDDEN)] {
            let answer = shop.get(cookie, &path, &[]).await;
            assert_eq!(answer.status, status, "{path}");
            assert!(!answer.text().contains("Ada"), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn where_mails_leave_by_smtp_there_is_no_page_of_them() {
    let mut shop = Shop::open().await;
    let (id, _) = folder(&shop).await.newest(1).await.unwrap().remove(0);
    let admin = shop.admin().await;
    shop.restart_with(|config| config.mail.kind = MailKind::Smtp).await;
    for path in ["/admin/mail".to_owned(), format!("/admin/mail/{id}"), format!("/admin/mail/{id}/html")] {
        assert_eq!(shop.get(&admin, &path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_mail_is_not_found() {
    let shop = Shop::open().await;
    folder(&shop).await;
    let admin = shop.admin().await;
    let unknown = format!("/admin/mail/{}", uuid::Uuid::now_v7());
    assert_eq!(shop.get(&admin, &unknown, &[]).await.status, StatusCode::NOT_FOUND);
    for outside in ["/admin/mail/..%2Flectern", "/admin/mail/1"] {
        assert!(shop.get(&admin, outside, &[]).await.status.is_client_error());
    }
}
