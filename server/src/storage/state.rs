//! What must be remembered of an upload so that any process can go on with it.

use super::key::tail_key;
use super::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A SHA-256 (FIPS 180-4) that can be put down in the middle of a message and taken up later.
#[derive(Clone, Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// In lower-case hexadecimal.
    pub fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }

    fn put_down(&self) -> String {
        hex::encode(self.0.serialize())
    }

    fn take_up(text: &str) -> Result<Self> {
        let damaged = || Error::State("its checksum cannot be read".to_owned());
        let bytes = hex::decode(text).map_err(|_| damaged())?;
        let state = SerializedState::<Sha256>::try_from(bytes.as_slice()).map_err(|_| damaged())?;
        Sha256::deserialize(&state).map(Self).map_err(|_| damaged())
    }
}

/// The state of an upload: kept as JSON beside its row, replaced at each checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    pub id: Uuid,
    /// Bytes that are safe.
    pub offset: u64,
    /// The checksum so far.
    digest: String,
    /// How an S3 storage has it; nothing in a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) multipart: Option<Multipart>,
}

/// An upload as S3 has it: whole parts, and a tail too short to be one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Multipart {
    /// None until the first part was sent.
    pub upload_id: Option<String>,
    /// The entity tags of the parts, in order; each part has [`super::s3::PART`] bytes.
    pub parts: Vec<String>,
    /// Bytes in the tail.
    pub tail: u64,
    /// Who wrote the tail.
    #[serde(default)]
    pub attempt: String,
}

impl Multipart {
    /// Where the tail of this upload is.
    pub fn tail_key(&self, id: Uuid) -> String {
        tail_key(id, self.parts.len(), &self.attempt)
    }
}

impl UploadState {
    /// An upload of which nothing arrived yet.
    pub fn new(id: Uuid) -> Self {
        Self { id, offset: 0, digest: Digest::default().put_down(), multipart: None }
    }

    /// # Errors
    /// When it is not what [`Self::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self> {
        let state: Self = serde_json::from_str(text).map_err(|error| Error::State(error.to_string()))?;
        state.digest()?;
        Ok(state)
    }

    /// # Errors
    /// None that is known: the state is plain text and numbers.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::State(error.to_string()))
    }

    /// The SHA-256 of what arrived so far, in hexadecimal.
    ///
    /// # Errors
    /// When the state is damaged.
    pub fn sha256(&self) -> Result<String> {
        Ok(self.digest()?.finish())
    }

    pub(super) fn digest(&self) -> Result<Digest> {
        Digest::take_up(&self.digest)
    }

    pub(super) fn moved_to(&self, offset: u64, digest: &Digest, multipart: Option<Multipart>) -> Self {
        Self { id: self.id, offset, digest: digest.put_down(), multipart }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_goes_on_where_it_was_put_down() {
        let text = b"the spoken word, put down in the middle and taken up again, twice over, is still the same word";
        for cut in [0, 1, 63, 64, 65, text.len()] {
            let mut first = Digest::default();
            first.update(&text[..cut]);
            let mut second = Digest::take_up(&first.put_down()).unwrap();
            second.update(&text[cut..]);
            assert_eq!(second.finish(), hex::encode(Sha256::digest(text)), "cut at {cut}");
        }
    }

    #[test]
    fn a_damaged_state_is_refused() {
        assert!(UploadState::from_json("{}").is_err());
        let good = UploadState::new(Uuid::nil()).to_json().unwrap();
        assert!(UploadState::from_json(&good).is_ok());
        assert!(
            UploadState::from_json(&good.replacen("6a09e667", "zz09e667", 1).replacen("67e6096a", "zz", 1)).is_err()
        );
    }
}
