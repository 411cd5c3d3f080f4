//! Drawn covers as pixels.

use super::Drawings;
use crate::http::testing::Shop;
use domain::Currency;
use http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};

fn svg(colour: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="{colour}"/></svg>"#
    )
}

#[test]
fn pages_name_the_sizes_that_are_made() {
    assert_eq!(domain::catalog::covers::SIDES, pictures::SIDES);
}

#[tokio::test]
async fn a_drawing_is_made_once_however_many_ask_for_it_at_once() {
    let (drawings, made) = (Drawings::default(), AtomicUsize::new(0));
    let ask = || {
        drawings.png("the-bell", 7, 64, || {
            made.fetch_add(1, Ordering::SeqCst);
            svg("#123456")
        })
    };
    let all = futures::future::join_all((0..20).map(|_| ask())).await;
    assert!(all.into_iter().all(|png| png.unwrap().unwrap().starts_with(b"\x89PNG")));
    assert_eq!(made.load(Ordering::SeqCst), 1);
    drawings.png("the-bell", 8, 64, || svg("#654321")).await.unwrap().unwrap();
    assert_eq!(drawings.held().0, 2, "a title that changed is drawn anew");
}

#[tokio::test]
async fn there_is_room_for_so_many_drawings() {
    let drawings = Drawings::with_room(3_000);
    for number in 0..60 {
        drawings.png(&format!("title-{number}"), 1, 64, || svg("#123456")).await.unwrap().unwrap();
    }
    let (number, bytes) = drawings.held();
    assert!(bytes <= 3_000 && number > 1 && number < 60, "{number} of {bytes} bytes");
    assert!(drawings.png("no-drawing", 1, 64, String::new).await.unwrap().is_err());
}

#[tokio::test]
async fn a_drawn_cover_exists_as_png_with_its_words_in_it() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    domain::catalog::drafts::create(&shop.db, "The Bell at North Rock", Currency::USD).await.unwrap();
    for (address, side) in [("bell", 0), ("the-bell-at-north-rock.png", 1200_u32)] {
        let answer = shop.get(&admin, &format!("/covers/{address}"), &[]).await;
        if side == 0 {
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            continue;
        }
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/png"));
        assert_eq!(u32::from_be_bytes(answer.body[16..20].try_into().unwrap()), side);
    }
    for side in [256_u32, 512] {
        let answer = shop.get(&admin, &format!("/covers/the-bell-at-north-rock/{side}.png"), &[]).await;
        assert_eq!(u32::from_be_bytes(answer.body[16..20].try_into().unwrap()), side);
    }
    for missing in ["257.png", "320.webp", "4000.png"] {
        let answer = shop.get(&admin, &format!("/covers/the-bell-at-north-rock/{missing}"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    assert_eq!(shop.state.drawings.held().0, 3);
}
