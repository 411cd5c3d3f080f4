//! Covers and portraits from the form to the page.

use crate::artwork::make_sizes;
use crate::http::testing::{Answer, Shop};
use crate::storage::pages;
use axum::body::Body;
use domain::account::{Permission, Permissions, User, user_admin};
use domain::catalog::covers::{self, MakeSizes, PictureOf};
use domain::entities::people;
use domain::jobs::{self, Queue};
use domain::{Currency, job_kinds};
use futures::TryStreamExt;
use http::{Request, StatusCode};
use sea_orm::EntityTrait;
use uuid::Uuid;

/// A JPEG of 300 pixels in the colours of a printer.
const PICTURE: &[u8] = include_bytes!("../../../../pictures/tests/cmyk.jpg");

/// A form with a file.
fn form(bytes: &[u8]) -> Vec<u8> {
    let head = b"--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n";
    [&head[..], bytes, b"\r\n--edge--\r\n"].concat()
}

async fn send(shop: &Shop, cookie: &str, of: &str, bytes: &[u8], headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(format!("/admin/pictures/{of}"))
        .header("cookie", cookie)
        .header("content-type", "multipart/form-data; boundary=edge");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop.send(request.body(Body::from(form(bytes))).unwrap()).await
}

/// Does the jobs that make sizes; says how many.
async fn work(shop: &Shop) -> usize {
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Storage, "test", 60_000, 20).await.unwrap();
    let number = claims.len();
    for claim in claims {
        let job: MakeSizes = serde_json::from_str(&claim.payload).unwrap();
        make_sizes(shop.state.clone(), job, claim).await.unwrap();
    }
    number
}

async fn draft(shop: &Shop) -> (Uuid, String) {
    let id = domain::catalog::drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    (id, "the-bell".to_owned())
}

async fn stored(shop: &Shop) -> Vec<String> {
    let all: Vec<_> = pages(&*shop.storage, "covers/").try_collect::<Vec<_>>().await.unwrap();
    all.into_iter().flatten().map(|stored| stored.key).collect()
}

#[tokio::test]
async fn a_picture_that_is_sent_is_the_cover_in_every_size_once_its_job_is_done() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (id, slug) = draft(&shop).await;
    let answer = send(&shop, &admin, &format!("titles/{id}"), PICTURE, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("/admin/titles/{id}?picture-saved=1#picture"));
    let drawn = shop.get(&admin, &format!("/covers/{slug}.svg"), &[]).await;
    assert!(drawn.header("content-type").starts_with("image/svg+xml"), "until then it is drawn");
    assert_eq!(work(&shop).await, 1);

    for (file, kind) in [("320.webp", "image/webp"), ("640.jpg", "image/jpeg"), ("1280.webp", "image/webp")] {
        let size = shop.get(&admin, &format!("/covers/{slug}/{file}"), &[]).await;
        assert_eq!((size.status, size.header("content-type")), (StatusCode::OK, kind), "{file}");
        assert!(size.body.len() > 200 && size.body.as_ref() != PICTURE, "it was encoded here");
    }
    let shared = shop.get(&admin, &format!("/covers/{slug}.png"), &[]).await;
    assert_eq!(shared.status, StatusCode::TEMPORARY_REDIRECT);
    assert!(shared.header("location").starts_with(&format!("/covers/{slug}/1280.jpg?v=")));
    let usual = shop.get(&admin, &format!("/covers/{slug}.svg"), &[]).await;
    assert_eq!(usual.header("content-type"), "image/jpeg", "an old address shows what there is");
    for missing in ["321.webp", "320.avif", "512.png", "webp", "320.webp.webp", "-1.jpg"] {
        let answer = shop.get(&admin, &format!("/covers/{slug}/{missing}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    assert_eq!(stored(&shop).await.len(), 7, "the picture as it came, and six files of three sizes");

    let title = PictureOf::Title(id);
    let cookie = shop.post(&admin, "/api/pictures/remove", &format!("family=titles&id={id}"), &[]).await;
    assert_eq!(cookie.status, StatusCode::OK, "{}", cookie.text());
    assert_eq!(covers::view(&shop.db, title).await.unwrap().source, None);
    let drawn = shop.get(&admin, &format!("/covers/{slug}.svg"), &[]).await;
    assert!(drawn.header("content-type").starts_with("image/svg+xml"));
}

#[tokio::test]
async fn a_draft_shows_its_cover_to_admins_only() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (id, slug) = draft(&shop).await;
    send(&shop, &admin, &format!("titles/{id}"), PICTURE, &[]).await;
    work(&shop).await;
    for address in
        [format!("/covers/{slug}/320.webp"), format!("/covers/{slug}.png"), format!("/covers/{slug}/512.png")]
    {
        assert_eq!(shop.get("", &address, &[]).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let own = shop.get(&admin, &format!("/covers/{slug}/320.webp"), &[]).await;
    assert_eq!(own.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn what_is_no_picture_comes_back_to_the_page_with_its_reason() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (id, _) = draft(&shop).await;
    let of = format!("titles/{id}");
    let large = vec![0; pictures::MOST_BYTES + 10];
    let small = pictures::rasterise(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>"#, 150).unwrap();
    for (bytes, code) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "picture.unknown"),
        (b"", "picture.missing"),
        (&PICTURE[..PICTURE.len() / 3], "picture.damaged"),
        (&large, "picture.too-many-bytes"),
        (&small, "picture.too-small"),
    ] {
        let answer = send(&shop, &admin, &of, bytes, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{code}");
        assert_eq!(answer.header("location"), format!("/admin/titles/{id}?picture-refused={code}#picture"));
        let page = format!("/api/pictures/view?family=titles&id={id}&refused={code}");
        let said = shop.get(&admin, &page, &[("accept", "application/json")]).await;
        let sentence = domain::Refusal::from(code).sentence();
        assert!(said.text().contains(&sentence) && !sentence.contains("picture."), "{}", said.text());
        let script = send(&shop, &admin, &of, bytes, &[("accept", "application/json")]).await;
        assert_eq!((script.status, script.text()), (StatusCode::UNPROCESSABLE_ENTITY, &*sentence));
    }
    let page = format!("/api/pictures/view?family=titles&id={id}&refused=%3Cb%3E");
    assert!(!shop.get(&admin, &page, &[]).await.text().contains("<b>"), "only our own sentences");
    assert_eq!(work(&shop).await, 0);
    assert!(stored(&shop).await.is_empty());
    let broken = shop.post(&admin, &format!("/admin/pictures/{of}"), "picture=a", &[]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

/// An admin who may do all but look after the catalogue.
async fn other_admin(shop: &Shop, first: &User) -> String {
    let (user, _) = shop.shopper().await;
    let rights: Permissions = Permission::ALL.into_iter().filter(|right| *right != Permission::Catalogue).collect();
    user_admin::set_permissions(&shop.db, first.id, user.id, rights).await.unwrap();
    shop.log_in(&user).await
}

#[tokio::test]
async fn only_who_looks_after_the_catalogue_may_send_one_and_no_other_site() {
    let shop = Shop::open().await;
    let (first, admin) = shop.admin_and_cookie().await;
    let (id, _) = draft(&shop).await;
    let of = format!("titles/{id}");
    let other = other_admin(&shop, &first).await;
    let (_, shopper) = shop.shopper().await;
    assert_eq!(send(&shop, "", &of, PICTURE, &[]).await.status, StatusCode::UNAUTHORIZED);
    for cookie in [&other, &shopper] {
        assert_eq!(send(&shop, cookie, &of, PICTURE, &[]).await.status, StatusCode::FORBIDDEN);
        let form = format!("family=titles&id={id}");
        assert_eq!(shop.post(cookie, "/api/pictures/remove", &form, &[]).await.status, StatusCode::FORBIDDEN);
    }
    let elsewhere = [("sec-fetch-site", "cross-site")];
    assert_eq!(send(&shop, &admin, &of, PICTURE, &elsewhere).await.status, StatusCode::FORBIDDEN);
    for nobody in [format!("titles/{}", Uuid::nil()), format!("series/{id}"), format!("contributors/{id}")] {
        assert_eq!(send(&shop, &admin, &nobody, PICTURE, &[]).await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
    assert!(stored(&shop).await.is_empty());
}

#[tokio::test]
async fn a_portrait_comes_the_same_way_and_everybody_sees_it() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    domain::testing::for_sale(&shop.db, "Salt", 990).await;
    let person = people::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    let answer = send(&shop, &admin, &format!("contributors/{}", person.id), PICTURE, &[]).await;
    assert_eq!(answer.header("location"), format!("/admin/contributors/{}?picture-saved=1#picture", person.id));
    assert_eq!(shop.get("", "/portraits/ada-moss/320.webp", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(work(&shop).await, 1);
    let (_, version) = covers::portrait_made(&shop.db, "ada-moss").await.unwrap();
    let portrait = shop.get("", &format!("/portraits/ada-moss/320.webp?v={}", version.0), &[]).await;
    assert_eq!((portrait.status, portrait.header("content-type")), (StatusCode::OK, "image/webp"));
    assert!(portrait.header("cache-control").contains("immutable"));
    let unnamed = shop.get("", "/portraits/ada-moss/640.jpg", &[]).await;
    assert_eq!(unnamed.header("cache-control"), "public, max-age=300");
    let page = shop.get("", "/people/ada-moss", &[("accept", "text/html")]).await;
    assert!(page.text().contains("Portrait of Ada Moss"), "{}", page.text());
}

#[tokio::test]
async fn a_job_that_was_killed_anywhere_ends_the_same_when_it_is_done_again() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (id, slug) = draft(&shop).await;
    let of = PictureOf::Title(id);
    send(&shop, &admin, &format!("titles/{id}"), PICTURE, &[]).await;
    let claim = jobs::claim(&shop.db, job_kinds::all(), Queue::Storage, "test", 60_000, 1).await.unwrap().remove(0);
    // It had stored one size when it was killed.
    let half = covers::naming::size(&covers::naming::base(&stored(&shop).await[0]), 320, "webp");
    shop.storage.put_bytes(&half, bytes::Bytes::from_static(b"half"), "image/webp").await.unwrap();
    for _ in 0..2 {
        make_sizes(shop.state.clone(), MakeSizes { of }, claim.clone()).await.unwrap();
    }
    let size = shop.get(&admin, &format!("/covers/{slug}/320.webp"), &[]).await;
    assert!(size.body.len() > 200);
    // Another one comes and goes while a job for it still waits.
    covers::remove(&shop.db, of).await.unwrap();
    make_sizes(shop.state.clone(), MakeSizes { of }, claim).await.unwrap();
    assert!(covers::view(&shop.db, of).await.unwrap().source.is_none());
}
