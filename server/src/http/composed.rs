//! One address for each page: letters with signs come composed (NFC) or taken apart (NFD), depending on the keyboard and
//! the system, and the shop's own addresses are composed.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Slug;
use http::header::LOCATION;
use http::{HeaderValue, Method, StatusCode};

/// Leads a request for a page whose address is taken apart on to the composed one, for good.
pub async fn compose(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    if reads
        && !address.starts_with("/api/")
        && let Some(composed) = composed(address)
        && let Ok(there) = HeaderValue::try_from(composed)
    {
        return (StatusCode::PERMANENT_REDIRECT, [(LOCATION, there)]).into_response();
    }
    next.run(request).await
}

/// The address with its letters composed, when that is another one. What is escaped of ASCII stays escaped.
fn composed(address: &str) -> Option<String> {
    if !address.contains('%') {
        return None;
    }
    let readable = String::from_utf8(unescaped(address.as_bytes())).ok()?;
    let composed = Slug::canonical(&readable);
    (composed != readable).then(|| escaped(&composed))
}

fn unescaped(address: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address;
    while let [first, tail @ ..] = rest {
        let escape = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|byte| !byte.is_ascii()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

fn escaped(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for c in address.chars() {
        if c.is_ascii() {
            escaped.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::composed;

    #[test]
    fn an_address_that_is_taken_apart_leads_to_the_composed_one() {
        // が is か and a mark, 한 is three letters.
        assert_eq!(composed("/books/%E3%81%8B%E3%82%99").as_deref(), Some("/books/%E3%81%8C"));
        let korean = composed("/people/%E1%84%92%E1%85%A1%E1%86%AB?page=2");
        assert_eq!(korean.as_deref(), Some("/people/%ED%95%9C?page=2"));
        assert_eq!(composed("/browse?category=e%CC%81t%C3%A9").as_deref(), Some("/browse?category=%C3%A9t%C3%A9"));
    }

    #[test]
    fn every_other_address_is_left_alone() {
        for address in
            ["/", "/books/sea", "/browse?q=a%20b%2Fc", "/books/%ED%95%9C", "/books/%FF%FE", "/books/%E0%A4%A", "/%"]
        {
            assert_eq!(composed(address), None, "{address}");
        }
    }
}
