//! An upload on its way into a bucket.
//!
//! Whole parts go to a multipart upload as they fill. What is left over at a checkpoint is kept as a small object, the
//! tail, so that any process can go on at the acknowledged byte. A part that was sent but not acknowledged is simply sent
//! again. A tail is named after the number of parts before it and after the attempt that wrote it: one that was not
//! acknowledged may be longer than the acknowledged one of that name, but begins with it, and never takes the place of
//! another's, whoever of two that write at once comes later.

use super::{PART, S3, explain};
use crate::storage::key::staging_key;
use crate::storage::state::Multipart;
use crate::storage::{Digest, Error, Result, Storage, UploadState, UploadWriter};
use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream as Body;
use bytes::Bytes;
use uuid::Uuid;

pub struct S3Writer {
    storage: S3,
    state: UploadState,
    multipart: Multipart,
    digest: Digest,
    /// Never longer than a part.
    buffer: Vec<u8>,
    written: u64,
    /// The tails that older checkpoints wrote and no state needs any more, by their keys.
    stale: Vec<String>,
}

impl S3Writer {
    pub async fn open(storage: S3, state: &UploadState) -> Result<Self> {
        let mut multipart = state.multipart.clone().unwrap_or_default();
        if (multipart.parts.len() * PART) as u64 + multipart.tail != state.offset {
            return Err(Error::State("its parts do not add up".to_owned()));
        }
        let buffer = storage.tail(state).await?;
        let digest = state.digest()?;
        multipart.attempt = hex::encode(domain::secret::random::<6>());
        Ok(Self { storage, state: state.clone(), multipart, digest, buffer, written: state.offset, stale: Vec::new() })
    }

    async fn send(&mut self) -> Result<()> {
        let upload_id = match &self.multipart.upload_id {
            Some(upload_id) => upload_id.clone(),
            None => {
                let upload_id = begin(&self.storage, self.state.id).await?;
                self.multipart.upload_id = Some(upload_id.clone());
                upload_id
            }
        };
        let part = Bytes::from(std::mem::take(&mut self.buffer));
        let etag = send_part(&self.storage, self.state.id, &upload_id, self.multipart.parts.len(), part).await?;
        self.multipart.parts.push(etag);
        Ok(())
    }
}

async fn begin(storage: &S3, id: Uuid) -> Result<String> {
    let key = staging_key(id);
    let begin = storage.client.create_multipart_upload().bucket(&storage.bucket).key(&key);
    let begun = begin.send().await.map_err(|error| explain(&key, error))?;
    begun.upload_id().map(str::to_owned).ok_or_else(|| Error::Remote("the server gave no upload id".to_owned()))
}

/// Sends the part after `before` others; returns its entity tag.
pub async fn send_part(storage: &S3, id: Uuid, upload_id: &str, before: usize, part: Bytes) -> Result<String> {
    let key = staging_key(id);
    let number = i32::try_from(before + 1).map_err(|_| Error::State("it has too many parts".to_owned()))?;
    let send = storage.client.upload_part().bucket(&storage.bucket).key(&key).upload_id(upload_id);
    let sent = send.part_number(number).body(Body::from(part)).send().await.map_err(|error| explain(&key, error))?;
    sent.e_tag().map(str::to_owned).ok_or_else(|| Error::Remote("the server gave a part no tag".to_owned()))
}

#[async_trait]
impl UploadWriter for S3Writer {
    async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.digest.update(&bytes);
        self.written += bytes.len() as u64;
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PART - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            rest = later;
            if self.buffer.len() == PART {
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn checkpoint(&mut self) -> Result<UploadState> {
        let (id, key) = (self.state.id, self.multipart.tail_key(self.state.id));
        self.multipart.tail = self.buffer.len() as u64;
        if !self.buffer.is_empty() {
            let tail = Body::from(self.buffer.clone());
            self.storage.put(&key, tail, "application/octet-stream").await?;
        }
        for stale in std::mem::take(&mut self.stale) {
            self.storage.delete(&stale).await?;
        }
        // The state of the last checkpoint may be all that is remembered until this one is: its tail goes at the next.
        let last = self.state.multipart.as_ref().filter(|last| last.tail > 0).map(|last| last.tail_key(id));
        self.stale.extend(last.filter(|last| *last != key));
        self.state = self.state.moved_to(self.written, &self.digest, Some(self.multipart.clone()));
        Ok(self.state.clone())
    }
}
