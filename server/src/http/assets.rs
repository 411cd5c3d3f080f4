//! The files of the site, and how long browsers may keep them. Whoever asks, they are the same: neither session nor
//! database is asked for them.

use crate::AppState;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use tower_http::services::{ServeDir, ServeFile};

/// The name of a font, or of a file in `/pkg`, holds a digest of what is in it: another content has another name.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Names in `/pkg` without a digest, as while pages are being written: asked for again each time.
const ASK_AGAIN: &str = "no-cache";
/// What the page about the API is tried with: another version comes with another build.
const A_DAY: &str = "public, max-age=86400";

/// What the build made, the fonts and the pictures that browsers ask for by themselves.
pub fn routes(state: &AppState) -> Router<AppState> {
    let root = &state.config.site.root;
    let folder = ServeDir::new(root).precompressed_br().precompressed_gzip();
    Router::new()
        .route_service("/pkg/{*file}", folder.clone())
        .route_service("/fonts/{*file}", folder.clone())
        .route_service("/swagger-ui/{*file}", folder)
        .route_service("/favicon.svg", ServeFile::new(root.join("favicon.svg")))
        .route_service("/apple-touch-icon.png", ServeFile::new(root.join("apple-touch-icon.png")))
}

/// Sets `Cache-Control` on the files of the site, when they were found.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let kept = if path.starts_with("/pkg/") {
        Some(if state.leptos.hash_files { FOREVER } else { ASK_AGAIN })
    } else if path.starts_with("/fonts/") {
        Some(FOREVER)
    } else if path.starts_with("/swagger-ui/") {
        Some(A_DAY)
    } else {
        None
    };
    let mut response = next.run(request).await;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if let Some(kept) = kept.filter(|_| found) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::http::router;
    use crate::{AppState, Config};
    use axum::body::Body;
    use http::{Request, StatusCode};
    use std::path::Path;
    use tower::ServiceExt;

    /// What the shop says of a file: its status and how long it may be kept.
    async fn asked(site: &Path, path: &str) -> (StatusCode, String) {
        let mut config = Config::load(None).unwrap();
        config.data_dir = site.join("data");
        config.site.root = site.to_path_buf();
        let state = AppState::connect(config).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        let request = Request::get(path).header("host", "shop.example").body(Body::empty()).unwrap();
        let response = router(state).oneshot(request).await.unwrap();
        let kept = response.headers().get("cache-control").map_or("", |value| value.to_str().unwrap());
        (response.status(), kept.to_owned())
    }

    #[tokio::test]
    async fn a_file_whose_name_tells_its_content_is_kept_and_a_missing_one_is_not() {
        let site = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        std::fs::write(site.path().join("pkg/lectern.abc.js"), "export {}").unwrap();
        let (status, kept) = asked(site.path(), "/pkg/lectern.abc.js").await;
        assert_eq!((status, kept.as_str()), (StatusCode::OK, "no-cache"), "no file says that names hold digests");

        std::fs::write(site.path().join("hash.txt"), "js: abc\nwasm: abc\ncss: abc\n").unwrap();
        let (status, kept) = asked(site.path(), "/pkg/lectern.abc.js").await;
        assert_eq!((status, kept.as_str()), (StatusCode::OK, "public, max-age=31536000, immutable"));
        let (status, kept) = asked(site.path(), "/pkg/lectern.old.js").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!kept.contains("immutable"), "{kept}");
    }

    #[test]
    fn the_name_of_every_font_holds_a_digest_of_what_is_in_it() {
        use sha2::{Digest, Sha256};
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let declared = std::fs::read_to_string(root.join("style/fonts.css")).unwrap();
        let mut fonts = 0;
        for file in std::fs::read_dir(root.join("public/fonts")).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            let Some(rest) = name.strip_suffix(".woff2") else { continue };
            let digest = hex::encode(Sha256::digest(std::fs::read(file.path()).unwrap()));
            let named = rest.rsplit('.').next().unwrap();
            assert!(named.len() >= 12 && digest.starts_with(named), "{name}: {digest}");
            assert!(declared.contains(&format!("url(/fonts/{name})")), "{name} is declared nowhere");
            fonts += 1;
        }
        assert_eq!(declared.matches("url(").count(), fonts, "a font is declared that is not there");
    }
}
