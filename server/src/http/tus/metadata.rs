//! `Upload-Metadata`: pairs of a key and a value in Base64, separated by commas.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// What a client says about its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    pub audiobook: Option<Uuid>,
    /// The part of the title whose place the file takes.
    pub replaces: Option<Uuid>,
    pub position: i32,
    pub file_type: Option<String>,
    pub fingerprint: Option<String>,
    name: Option<String>,
    relative_path: Option<String>,
}

impl Metadata {
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut metadata = Self::default();
        let mut seen = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            if seen.contains(&key) {
                return Err("Upload-Metadata names a key twice.");
            }
            seen.push(key);
            let value = STANDARD.decode(value.trim()).map_err(|_| "Upload-Metadata is not Base64.")?;
            let value = String::from_utf8(value).map_err(|_| "Upload-Metadata is not UTF-8.")?;
            match key {
                "audiobook" => {
                    metadata.audiobook = Some(Uuid::parse_str(&value).map_err(|_| "The audiobook is not an id.")?);
                }
                "replaces" => {
                    metadata.replaces = Some(Uuid::parse_str(&value).map_err(|_| "The part is not an id.")?);
                }
                "position" => metadata.position = value.parse().map_err(|_| "The position is not a number.")?,
                "filename" => metadata.name = Some(value),
                "relativePath" => metadata.relative_path = Some(value),
                "filetype" => metadata.file_type = Some(value),
                "fingerprint" => metadata.fingerprint = Some(value),
                _ => {}
            }
        }
        Ok(metadata)
    }

    pub fn file_name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.path())
    }

    /// The path below the folder that was dropped, or the name.
    pub fn path(&self) -> &str {
        let path = self.relative_path.as_deref().filter(|path| !path.is_empty());
        path.or(self.name.as_deref()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_in_any_language_and_its_folder_are_understood() {
        let id = Uuid::now_v7();
        let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
        let text = [
            pair("filename", "2 – Größe.mp3"),
            pair("relativePath", "Buch/Teil 1/2 – Größe.mp3"),
            pair("audiobook", &id.to_string()),
            pair("position", "7"),
            "is_confidential".to_owned(),
        ]
        .join(",");
        let metadata = Metadata::parse(&text).unwrap();
        assert_eq!(metadata.file_name(), "2 – Größe.mp3");
        assert_eq!(metadata.path(), "Buch/Teil 1/2 – Größe.mp3");
        assert_eq!((metadata.audiobook, metadata.position), (Some(id), 7));
    }

    #[test]
    fn metadata_that_cannot_be_understood_is_refused() {
        for bad in ["filename *", "filename YQ==,filename Yg==", "filename /w==", "audiobook YQ==", "position YQ=="] {
            assert!(Metadata::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_metadata_is_read_or_refused(
            text in ".{0,100}|((filename|relativePath|position|audiobook|x) [A-Za-z0-9+/=]{0,60},? ?){0,5}",
            value in ".{0,60}",
        ) {
            let _ = Metadata::parse(&text);
            let named = Metadata::parse(&format!("filename {}", STANDARD.encode(&value))).unwrap();
            prop_assert_eq!(named.file_name(), value);
        }
    }
}
