//! Who hears what.

use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use bytes::Bytes;
use domain::catalog::{TextRights, drafts};
use domain::entities::{audiobooks, files};
use domain::{Currency, testing};
use http::Request;
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

/// The most memory this process ever held, in kilobytes.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn memory_stays_bounded_while_a_large_file_is_heard() {
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
    let response = respond(&disk, &http::Method::GET, &http::HeaderMap::new(), &media).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    let mut came = 0;
    while let Some(piece) = body.next().await {
        came += piece.unwrap().len() as u64;
    }
    assert_eq!(came, SIZE);
    let grown = peak_kilobytes() - before;
    assert!(grown < 150_000, "600 MiB went and memory grew by {grown} kB");
}
