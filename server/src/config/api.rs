//! The API for programs.

use anyhow::ensure;
use serde::Deserialize;
use std::sync::Arc;
use url::Url;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    pub allowed_origins: String,
}

impl Api {
    /// The sites whose pages may use the API, as browsers write them.
    ///
    /// # Errors
    /// When one is no origin; the sentence names the key.
    pub fn origins(&self) -> anyhow::Result<Arc<[String]>> {
        let written = self.allowed_origins.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        written.map(origin).collect()
    }
}

fn origin(written: &str) -> anyhow::Result<String> {
    let origin = Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let origin = origin.map(|url| url.origin().ascii_serialization()).filter(|origin| origin == written);
    ensure!(origin.is_some(), "api.allowed_origins: {written:?} is no origin such as https://app.example");
    Ok(written.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_are_allowed_and_not_all_of_them() {
        let read = |text: &str| Api { allowed_origins: text.to_owned() }.origins();
        assert!(read("").unwrap().is_empty());
        assert_eq!(read(" https://a.example, http://localhost:5173").unwrap().len(), 2);
        for wrong in
            ["*", "null", "a.example", "https://a.example/", "https://a.example/x", "https://A.example", "ftp://a"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
