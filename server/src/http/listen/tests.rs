//! Who hears what.

use crate::Config;
use crate::config::{SentBy, StorageKind};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use bytes::Bytes;
use domain::catalog::{TextRights, drafts};
use domain::entities::{audiobooks, entitlements, files, users};
use domain::{Currency, testing};
use http::Request;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

const SOUND: &[u8] = b"not really sound, but bytes all the same";

/// A title with one part and a line of transcript, and what its owner bought.
struct Shelf {
    shop: Shop,
    title: Uuid,
    buyer: String,
    stranger: String,
}

impl Shelf {
    async fn with(rights: TextRights) -> Self {
        let shop = Shop::open().await;
        let title = drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
        audio(&shop, title).await;
        words(&shop, title, rights).await;
        let (buyer, cookie) = shop.shopper().await;
        testing::give(&shop.db, &buyer, title).await;
        let (_, stranger) = shop.shopper().await;
        Self { shop, title, buyer: cookie, stranger }
    }

    async fn ask(&self, cookie: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.shop.get(cookie, &path.replace("{id}", &self.title.to_string()), headers).await
    }
}

async fn audio(shop: &Shop, title: Uuid) {
    shop.storage.put_bytes("audio/ab/abc.mp3", Bytes::from_static(SOUND), "audio/mpeg").await.unwrap();
    let file = files::Model {
        id: Uuid::now_v7(),
        storage_key: "audio/ab/abc.mp3".to_owned(),
        sha256: "abc".to_owned(),
        size: SOUND.len() as i64,
        media_type: "audio/mpeg".to_owned(),
        original_name: "glocke.mp3".to_owned(),
        created_at: shop.db.now(),
        tags: None,
        cover_key: None,
    };
    testing::add_part(&shop.db, title, file, 0, 4000).await;
}

async fn words(shop: &Shop, title: Uuid, rights: TextRights) {
    testing::say(&shop.db, title, 0, 500, 3500, "The bell rang once.").await;
    testing::set(&shop.db, title, audiobooks::Column::TextRights, rights).await;
}

#[tokio::test]
async fn players_get_the_copy_and_a_download_is_the_original() {
    const COPY: &[u8] = b"a copy that every player goes about in";
    let shelf = Shelf::with(TextRights::ReadAlong).await;
    let file = files::Entity::find().one(shelf.shop.db.read()).await.unwrap().unwrap();
    let key = "copies/ab/abc.m4a";
    shelf.shop.storage.put_bytes(key, Bytes::from_static(COPY), "audio/mp4").await.unwrap();
    testing::copy(&shelf.shop.db, file.id, key, COPY.len() as i64).await;
    let played = shelf.ask(&shelf.buyer, "/listen/{id}/parts/0", &[("range", "bytes=2-5")]).await;
    assert_eq!((played.status.as_u16(), &played.body[..]), (206, &COPY[2..6]));
    assert_eq!(played.header("content-type"), "audio/mp4");
    for path in ["/listen/{id}/parts/0?original", "/listen/{id}/parts/0?original=", "/download/{id}/parts/0"] {
        let original = shelf.ask(&shelf.buyer, path, &[]).await;
        assert_eq!((original.status.as_u16(), &original.body[..]), (200, SOUND), "{path}");
        assert_eq!(original.header("content-type"), "audio/mpeg", "{path}");
        assert_eq!(shelf.ask(&shelf.stranger, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn only_the_buyer_streams() {
    let shelf = Shelf::with(TextRights::Download).await;
    for path in ["/listen/{id}/parts/0", "/download/{id}/parts/0", "/download/{id}/transcript.vtt"] {
        assert_eq!(shelf.ask(&shelf.buyer, path, &[]).await.status, 200, "{path}");
        assert_eq!(shelf.ask(&shelf.stranger, path, &[]).await.status, 404, "{path}");
        assert_eq!(shelf.ask("", path, &[]).await.status, 401, "{path}");
    }
    assert_eq!(shelf.ask(&shelf.buyer, "/listen/{id}/parts/1", &[]).await.status, 404);
}

#[tokio::test]
async fn a_stream_is_played_from_the_middle_and_kept_by_no_one_between() {
    let shelf = Shelf::with(TextRights::None).await;
    let answer = shelf.ask(&shelf.buyer, "/listen/{id}/parts/0", &[("range", "bytes=4-9")]).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (206, &SOUND[4..10]));
    assert_eq!(answer.header("content-type"), "audio/mpeg");
    assert_eq!(answer.header("content-range"), format!("bytes 4-9/{}", SOUND.len()));
    assert_eq!(answer.header("etag"), "\"abc\"");
    assert!(answer.header("cache-control").contains("private"));
    assert!(answer.header("content-disposition").is_empty());
    let outside = shelf.ask(&shelf.buyer, "/listen/{id}/parts/0", &[("range", "bytes=4000-")]).await;
    assert_eq!(outside.status, 416);
}

#[tokio::test]
async fn a_download_has_a_name_and_goes_on_where_it_was_cut() {
    let shelf = Shelf::with(TextRights::None).await;
    let whole = shelf.ask(&shelf.buyer, "/download/{id}/parts/0", &[]).await;
    assert!(whole.header("content-disposition").starts_with("attachment; filename=\""), "{:?}", whole.headers);
    let tag = whole.header("etag").to_owned();
    let rest = shelf.ask(&shelf.buyer, "/download/{id}/parts/0", &[("range", "bytes=20-"), ("if-range", &tag)]).await;
    assert_eq!((rest.status.as_u16(), &rest.body[..]), (206, &SOUND[20..]));
    let changed = shelf.ask(&shelf.buyer, "/download/{id}/parts/0", &[("range", "bytes=20-"), ("if-range", "\"old\"")]);
    let changed = changed.await;
    assert_eq!((changed.status.as_u16(), &changed.body[..]), (200, SOUND));
}

#[tokio::test]
async fn a_transcript_is_taken_away_only_where_the_rights_allow_it() {
    for (rights, expected) in [(TextRights::None, 403), (TextRights::ReadAlong, 403), (TextRights::Download, 200)] {
        let shelf = Shelf::with(rights).await;
        for format in ["txt", "vtt", "srt"] {
            let answer = shelf.ask(&shelf.buyer, &format!("/download/{{id}}/transcript.{format}"), &[]).await;
            assert_eq!(answer.status, expected, "{rights:?} {format}");
            if expected == 200 {
                assert!(answer.text().contains("The bell rang once."), "{format}");
                assert!(answer.header("content-disposition").contains(&format!("The%20Bell.{format}")));
            }
        }
        assert_eq!(shelf.ask(&shelf.buyer, "/download/{id}/transcript.exe", &[]).await.status, 404);
    }
}

#[tokio::test]
async fn the_sample_of_a_draft_is_for_admins() {
    let shelf = Shelf::with(TextRights::None).await;
    shelf.shop.storage.put_bytes("samples/bell/1.mp3", Bytes::from_static(SOUND), "audio/mpeg").await.unwrap();
    testing::sample(&shelf.shop.db, shelf.title, "samples/bell/1.mp3", 0, 1000).await;
    let slug = domain::catalog::titles::title_header(&shelf.shop.db, shelf.title).await.unwrap().slug;
    let path = format!("/samples/{slug}");
    assert_eq!(shelf.ask(&shelf.stranger, &path, &[]).await.status, 404);
    let admin = shelf.shop.admin().await;
    let answer = shelf.ask(&admin, &path, &[("range", "bytes=0-2")]).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (206, &SOUND[..3]));
    assert_eq!(answer.header("content-type"), "audio/mpeg");
}

#[tokio::test]
async fn head_says_how_long_a_part_is_without_sending_it() {
    let shelf = Shelf::with(TextRights::None).await;
    let path = format!("/listen/{}/parts/0", shelf.title);
    let request = Request::head(path).header("cookie", &shelf.buyer).body(Body::empty()).unwrap();
    let answer = shelf.shop.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), SOUND.len().to_string());
}

#[tokio::test]
async fn a_seek_in_a_bought_book_asks_the_database_once_and_none_is_answered_once_it_is_paid_back() {
    let shelf = Shelf::with(TextRights::None).await;
    for path in ["/listen/{id}/parts/0", "/download/{id}/parts/0"] {
        for (at, range) in [(0, "bytes=0-9"), (20, "bytes=20-"), (5, "bytes=5-30")] {
            shelf.shop.statements.take();
            let answer = shelf.ask(&shelf.buyer, path, &[("range", range)]).await;
            let asked = shelf.shop.statements.take();
            assert_eq!((answer.status.as_u16(), answer.body[0]), (206, SOUND[at]), "{path} {range}");
            assert_eq!(asked.len(), 1, "{path} {range}: {asked:#?}");
        }
    }
    entitlements::Entity::update_many()
        .col_expr(entitlements::Column::RevokedAt, Expr::value(shelf.shop.db.now()))
        .filter(entitlements::Column::AudiobookId.eq(shelf.title))
        .exec(shelf.shop.db.read())
        .await
        .unwrap();
    let answer = shelf.ask(&shelf.buyer, "/listen/{id}/parts/0", &[("range", "bytes=20-")]).await;
    assert_eq!(answer.status, 404, "no piece is sent any more, from that moment on");
}

#[tokio::test]
async fn whoever_changed_their_password_elsewhere_is_played_nothing_more_here() {
    let shelf = Shelf::with(TextRights::None).await;
    let path = "/listen/{id}/parts/0";
    for cookie in ["lectern=AAAAAAAAAAAAAAAAAAAAAA", "lectern=nothing", "other=1", "lectern"] {
        assert_eq!(shelf.ask(cookie, path, &[]).await.status, 401, "{cookie}");
    }
    assert_eq!(shelf.ask(&format!("a=b; {}; c=d", shelf.buyer), path, &[]).await.status, 200);
    users::Entity::update_many()
        .col_expr(users::Column::PasswordHash, Expr::value("another"))
        .exec(shelf.shop.db.read())
        .await
        .unwrap();
    assert_eq!(shelf.ask(&shelf.buyer, path, &[]).await.status, 401);
}

#[tokio::test]
async fn an_admin_without_the_second_step_that_the_shop_wants_hears_no_book_that_they_did_not_buy() {
    let mut shelf = Shelf::with(TextRights::None).await;
    let admin = shelf.shop.admin().await;
    assert_eq!(shelf.ask(&admin, "/listen/{id}/parts/0", &[]).await.status, 200);
    shelf.shop.restart_with(|config| config.accounts.admins_need_two_factor = true).await;
    assert_eq!(shelf.ask(&admin, "/listen/{id}/parts/0", &[]).await.status, 404);
}

const ASKED_OF_PROXIES: [&str; 2] = ["x-accel-redirect", "x-sendfile"];

#[tokio::test]
async fn a_proxy_is_told_what_to_send_only_where_the_shop_was_told_of_one() {
    let mut shelf = Shelf::with(TextRights::None).await;
    let path = "/listen/{id}/parts/0";
    let range = ("range", "bytes=4-9");
    // Whatever a browser says of it.
    let asked = [range, ("x-accel-redirect", "/stored/audio/ab/abc.mp3"), ("x-sendfile", "/etc/passwd")];
    let plain = shelf.ask(&shelf.buyer, path, &asked).await;
    assert_eq!((plain.status.as_u16(), &plain.body[..]), (206, &SOUND[4..10]));
    assert!(ASKED_OF_PROXIES.iter().all(|name| plain.header(name).is_empty()));
    for (by, told, other) in [(SentBy::AccelRedirect, 0, 1), (SentBy::Sendfile, 1, 0)] {
        shelf.shop.restart_with(|config| config.storage.sent_by = by).await;
        let expected = match by {
            SentBy::Sendfile => shelf.shop.path("storage/audio/ab/abc.mp3").display().to_string(),
            _ => "/stored/audio/ab/abc.mp3".to_owned(),
        };
        // The proxy finds the range, and whether the browser has it already by the tag that the proxy gave it.
        for headers in [&asked[..], &[("if-none-match", "\"abc\"")], &[("if-match", "\"theirs\"")]] {
            let answer = shelf.ask(&shelf.buyer, path, headers).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0), "{by:?}");
            assert_eq!(answer.header(ASKED_OF_PROXIES[told]), expected);
            assert!(answer.header(ASKED_OF_PROXIES[other]).is_empty());
            assert_eq!(answer.header("content-type"), "audio/mpeg");
            assert_eq!(answer.header("etag"), "\"abc\"", "of what is sent, not of the empty answer");
            assert!(answer.header("cache-control").contains("private"));
        }
        let saved = shelf.ask(&shelf.buyer, "/download/{id}/parts/0", &[]).await;
        assert!(saved.header("content-disposition").starts_with("attachment"));
        for (cookie, status) in [(shelf.stranger.as_str(), 404), ("", 401)] {
            let refused = shelf.ask(cookie, path, &asked).await;
            assert_eq!(refused.status, status);
            assert!(ASKED_OF_PROXIES.iter().all(|name| refused.header(name).is_empty()), "{by:?}");
        }
    }
}

#[tokio::test]
async fn no_proxy_is_led_out_of_the_folder_whatever_the_database_says() {
    let mut shelf = Shelf::with(TextRights::None).await;
    for by in [SentBy::AccelRedirect, SentBy::Sendfile] {
        shelf.shop.restart_with(|config| config.storage.sent_by = by).await;
        for key in
            ["../lectern.db", "audio/../../lectern.db", "/etc/passwd", "audio/%2e%2e/x", "a\r\nx-sendfile: /etc/passwd"]
        {
            let change = files::Entity::update_many().col_expr(files::Column::StorageKey, Expr::value(key));
            change.exec(shelf.shop.db.read()).await.unwrap();
            let answer = shelf.ask(&shelf.buyer, "/listen/{id}/parts/0", &[]).await;
            assert_eq!(answer.status, 500, "{key}");
            assert!(ASKED_OF_PROXIES.iter().all(|name| answer.header(name).is_empty()), "{key}");
        }
    }
}

/// A configuration of a bucket that nobody has to be at.
fn bucket(config: &mut Config) {
    config.storage.kind = StorageKind::S3;
    config.storage.sent_by = SentBy::Link;
    config.storage.s3.endpoint = "http://127.0.0.1:9".to_owned();
    config.storage.s3.public_endpoint = "https://sound.example".to_owned();
    (config.storage.s3.access_key, config.storage.s3.secret_key) = ("key".to_owned(), "secret".to_owned());
}

#[tokio::test]
async fn a_link_into_the_bucket_is_for_its_listener_for_a_while_and_for_what_they_asked() {
    use crate::http::delivery::Delivery;
    use crate::http::media::{Media, respond};
    use crate::storage::{S3, S3Settings};
    let mut config = Config::load(None).unwrap();
    bucket(&mut config);
    let s3 = &config.storage.s3;
    let settings = S3Settings {
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        endpoint: Some(s3.endpoint.clone()),
        public_endpoint: Some(s3.public_endpoint.clone()),
        path_style: true,
        access_key_id: s3.access_key.clone(),
        secret_access_key: s3.secret_key.clone(),
    };
    let folder = tempfile::tempdir().unwrap();
    let storage = S3::new(&settings, folder.path());
    let delivery = Delivery::new(&config, &storage).await.unwrap();
    assert_eq!(delivery.origin(), Some("https://sound.example"));
    let media = |key: &str| Media {
        key: key.to_owned(),
        media_type: "audio/mpeg".to_owned(),
        size: 9,
        tag: "abc".to_owned(),
        cache: "private, no-cache",
        save_as: Some("the-bell.mp3".to_owned()),
    };
    let none = http::HeaderMap::new();
    let asked = async |method: http::Method, key: &str| respond(&storage, &delivery, &method, &none, &media(key)).await;
    let answer = asked(http::Method::GET, "audio/ab/abc.mp3").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["cache-control"]),
        (302, &"private, no-store".parse().unwrap())
    );
    let link = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(link.starts_with("https://sound.example/lectern/audio/ab/abc.mp3?"), "{link}");
    for part in
        ["X-Amz-Expires=900", "X-Amz-Signature=", "response-content-type=audio", "response-content-disposition="]
    {
        assert!(link.contains(part), "{part} in {link}");
    }
    assert!(!link.contains("secret"));
    // Its signature is for GET.
    let head = asked(http::Method::HEAD, "audio/ab/abc.mp3").await.unwrap();
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"9".parse().unwrap()));
    assert!(asked(http::Method::GET, "../other/bucket").await.is_err());
}

#[tokio::test]
async fn what_does_not_fit_together_is_said_at_the_start() {
    use crate::http::delivery::Delivery;
    let shop = Shop::open().await;
    type Change = fn(&mut Config);
    let wrong: [(Change, &str); 5] = [
        (|config| config.storage.sent_by = SentBy::Link, "storage.kind"),
        (|config| (config.storage.kind, config.storage.sent_by) = (StorageKind::S3, SentBy::Sendfile), "storage.kind"),
        (
            |config| (config.storage.sent_by, config.storage.internal_path) = (SentBy::AccelRedirect, "stored".into()),
            "path",
        ),
        (
            |config| (config.storage.sent_by, config.storage.internal_path) = (SentBy::AccelRedirect, "/a\nb".into()),
            "path",
        ),
        (
            |config| {
                bucket(config);
                config.storage.link_seconds = 1_000_000;
            },
            "storage.link_seconds",
        ),
    ];
    for (change, said) in wrong {
        let mut config = Config::load(None).unwrap();
        change(&mut config);
        let error = Delivery::new(&config, &*shop.storage).await.unwrap_err();
        assert!(format!("{error:#}").contains(said), "{error:#}");
    }
}

/// The most memory this process ever held, in kilobytes.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn memory_stays_bounded_while_a_large_file_is_heard() {
    use crate::http::Delivery;
    use crate::http::media::{Media, respond};
    use crate::storage::Disk;
    use futures::StreamExt;
    const SIZE: u64 = 600 * 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path()).await.unwrap();
    std::fs::create_dir(folder.path().join("audio")).unwrap();
    std::fs::File::create(folder.path().join("audio/long.wav")).unwrap().set_len(SIZE).unwrap();
    let media = Media {
        key: "audio/long.wav".to_owned(),
        media_type: "audio/wav".to_owned(),
        size: SIZE,
        tag: "long".to_owned(),
        cache: "private",
        save_as: None,
    };
    let before = peak_kilobytes();
    let response = respond(&disk, &Delivery::Shop, &http::Method::GET, &http::HeaderMap::new(), &media).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    let mut came = 0;
    while let Some(piece) = body.next().await {
        came += piece.unwrap().len() as u64;
    }
    assert_eq!(came, SIZE);
    let grown = peak_kilobytes() - before;
    assert!(grown < 150_000, "600 MiB went and memory grew by {grown} kB");
}
