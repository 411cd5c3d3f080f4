//! Storage in an S3 bucket, of Amazon's or any server that speaks its protocol.

mod failure;
mod writer;

use super::key::{check, staged_for, staging_key};
use super::{
    ByteStream, Error, LIST_PAGE, Link, Listing, LocalCopy, Result, Storage, Stored, UploadState, UploadWriter, pages,
};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    BehaviorVersion, Config, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    StalledStreamProtectionConfig,
};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream as Body, DateTime};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use domain::Timestamp;
use failure::explain;
use futures::{StreamExt, TryStreamExt};
use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// The size of each part of a growing upload but the last. S3 takes at least 5 MiB, at most 10,000 parts, and some
/// servers want them all alike.
pub(super) const PART: usize = 8 * 1024 * 1024;

/// Where the bucket is and who asks.
#[derive(Clone)]
pub struct S3Settings {
    pub bucket: String,
    pub region: String,
    /// None for Amazon's own.
    pub endpoint: Option<String>,
    /// Where browsers reach the same service, when that is somewhere else.
    pub public_endpoint: Option<String>,
    /// Whether the bucket is named in the path rather than in the host: most other servers need it.
    pub path_style: bool,
    pub access_key_id: String,
    pub secret_access_key: String,
}

impl std::fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Settings")
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("path_style", &self.path_style)
            .finish_non_exhaustive()
    }
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct S3 {
    client: Client,
    /// Makes addresses for browsers.
    public: Client,
    bucket: String,
    temporary: PathBuf,
}

impl S3 {
    /// Makes the client; nothing is sent yet. `temporary` is where local copies go.
    pub fn new(settings: &S3Settings, temporary: &Path) -> Self {
        let credentials =
            Credentials::new(&settings.access_key_id, &settings.secret_access_key, None, None, "configuration");
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(credentials)
            .force_path_style(settings.path_style)
            // Other servers than Amazon's refuse the checksums that are sent by default.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            // A listener who pauses reads nothing for a while; that is no stall.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(endpoint) = &settings.endpoint {
            config = config.endpoint_url(endpoint);
        }
        let client = Client::from_conf(config.clone().build());
        let public = settings.public_endpoint.as_ref();
        let public = public.map(|endpoint| Client::from_conf(config.endpoint_url(endpoint).build()));
        Self {
            public: public.unwrap_or_else(|| client.clone()),
            client,
            bucket: settings.bucket.clone(),
            temporary: temporary.to_path_buf(),
        }
    }

    /// Makes the bucket where it is not there.
    ///
    /// # Errors
    /// When the server does not answer, or refuses to make it.
    pub async fn make_bucket(&self) -> Result<()> {
        match self.client.head_bucket().bucket(&self.bucket).send().await {
            Ok(_) => return Ok(()),
            // Rights to the content need not include the right to ask about the bucket.
            Err(error) if error.raw_response().is_some_and(|answer| answer.status().as_u16() == 403) => return Ok(()),
            Err(error) => match explain("the bucket", error) {
                Error::NotFound(_) => {}
                error => return Err(error),
            },
        }
        self.client.create_bucket().bucket(&self.bucket).send().await.map_err(|error| explain("the bucket", error))?;
        Ok(())
    }

    async fn put(&self, key: &str, body: Body, media_type: &str) -> Result<()> {
        let put = self.client.put_object().bucket(&self.bucket).key(check(key)?).content_type(media_type).body(body);
        put.send().await.map_err(|error| explain(key, error))?;
        Ok(())
    }

    async fn exists(&self, key: &str) -> Result<bool> {
        match self.size(key).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn get(&self, key: &str, range: Range<u64>) -> Result<Body> {
        let get = self.client.get_object().bucket(&self.bucket).key(check(key)?);
        let get = get.range(format!("bytes={}-{}", range.start, range.end - 1));
        Ok(get.send().await.map_err(|error| explain(key, error))?.body)
    }

    /// The bytes of the tail that `state` acknowledges; more may be there of a request that was cut.
    async fn tail(&self, state: &UploadState) -> Result<Vec<u8>> {
        let Some(known) = state.multipart.as_ref().filter(|known| known.tail > 0) else { return Ok(Vec::new()) };
        let length = known.tail;
        let body = self.get(&known.tail_key(state.id), 0..length).await?;
        let bytes = body.collect().await.map_err(|error| Error::Remote(error.to_string()))?.to_vec();
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(Error::State("its last bytes are gone".to_owned())) }
    }

    /// Deletes the staged object of an upload and every tail it had.
    async fn clear_staging(&self, id: Uuid) -> Result<()> {
        let staged = staging_key(id);
        let mut pages = std::pin::pin!(pages(self, &staged));
        while let Some(page) = pages.try_next().await? {
            for object in page {
                self.delete(&object.key).await?;
            }
        }
        Ok(())
    }

    /// Gives up the multipart uploads that began before `before` and whose key is not one to spare. Returns how many.
    async fn sweep_multipart(&self, before: Timestamp, spare: impl Fn(&str) -> bool) -> Result<u64> {
        let mut gone = 0;
        let (mut key_marker, mut id_marker) = (None, None);
        loop {
            let list = self.client.list_multipart_uploads().bucket(&self.bucket).prefix("staging/");
            let list = list.set_key_marker(key_marker).set_upload_id_marker(id_marker);
            let list = list.send().await.map_err(|error| explain("staging", error))?;
            for upload in list.uploads().iter().filter(|upload| moment(upload.initiated()) < before) {
                if let (Some(key), Some(upload_id)) = (upload.key(), upload.upload_id())
                    && !spare(key)
                {
                    let abort = self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload_id);
                    abort.send().await.map_err(|error| explain(key, error))?;
                    gone += 1;
                }
            }
            if !list.is_truncated().unwrap_or(false) {
                return Ok(gone);
            }
            (key_marker, id_marker) =
                (list.next_key_marker().map(str::to_owned), list.next_upload_id_marker().map(str::to_owned));
        }
    }

    async fn complete(&self, state: &UploadState, upload_id: &str, etags: &[String]) -> Result<()> {
        let parts = etags
            .iter()
            .zip(1..)
            .map(|(etag, number)| CompletedPart::builder().e_tag(etag).part_number(number).build());
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build();
        let key = staging_key(state.id);
        let complete = self.client.complete_multipart_upload().bucket(&self.bucket).key(&key).upload_id(upload_id);
        complete.multipart_upload(parts).send().await.map_err(|error| explain(&key, error))?;
        Ok(())
    }
}

/// Of what has no date nothing is known: it counts as new.
fn moment(date: Option<&DateTime>) -> Timestamp {
    date.and_then(|date| date.to_millis().ok()).map_or(Timestamp(i64::MAX), Timestamp)
}

#[async_trait]
impl Storage for S3 {
    async fn write_upload(&self, state: &UploadState) -> Result<Box<dyn UploadWriter>> {
        Ok(Box::new(writer::S3Writer::open(self.clone(), state).await?))
    }

    #[tracing::instrument(name = "storage.seal", skip_all)]
    async fn seal_upload(&self, state: &UploadState) -> Result<String> {
        let key = staging_key(state.id);
        // Sealed before, by a process that did not live to say so.
        if matches!(self.size(&key).await, Ok(size) if size == state.offset) {
            return Ok(key);
        }
        let multipart = state.multipart.clone().unwrap_or_default();
        let tail = self.tail(state).await?;
        match &multipart.upload_id {
            None => self.put(&key, Body::from(tail), "application/octet-stream").await?,
            Some(upload_id) => {
                let mut etags = multipart.parts;
                if !tail.is_empty() {
                    etags.push(writer::send_part(self, state.id, upload_id, etags.len(), Bytes::from(tail)).await?);
                }
                self.complete(state, upload_id, &etags).await?;
            }
        }
        Ok(key)
    }

    #[tracing::instrument(name = "storage.adopt", skip_all)]
    async fn adopt_upload(&self, id: Uuid, key: &str) -> Result<()> {
        let staged = staging_key(id);
        let copy = self.client.copy_object().bucket(&self.bucket).key(check(key)?);
        let copy = copy.copy_source(format!("{}/{staged}", self.bucket));
        match copy.send().await.map_err(|error| explain(&staged, error)) {
            // Adopted before, by a process that did not live to say so.
            Err(Error::NotFound(_)) if self.exists(key).await? => {}
            copied => drop(copied?),
        }
        self.clear_staging(id).await
    }

    async fn abort_upload(&self, state: &UploadState) -> Result<()> {
        let key = staging_key(state.id);
        if let Some(upload_id) = state.multipart.as_ref().and_then(|multipart| multipart.upload_id.as_ref()) {
            let abort = self.client.abort_multipart_upload().bucket(&self.bucket).key(&key).upload_id(upload_id);
            match abort.send().await.map_err(|error| explain(&key, error)) {
                Ok(_) | Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.clear_staging(state.id).await
    }

    async fn sweep(&self, age: Duration, open: &HashSet<Uuid>) -> Result<u64> {
        let before = Timestamp::from(SystemTime::now() - age);
        let is_open = |key: &str| key.rsplit('/').next().and_then(staged_for).is_some_and(|id| open.contains(&id));
        let mut gone = self.sweep_multipart(before, is_open).await?;
        let mut pages = std::pin::pin!(pages(self, "staging/"));
        while let Some(page) = pages.try_next().await? {
            for object in page.iter().filter(|object| object.modified_at < before && !is_open(&object.key)) {
                self.delete(&object.key).await?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    async fn size(&self, key: &str) -> Result<u64> {
        let head = self.client.head_object().bucket(&self.bucket).key(check(key)?);
        let head = head.send().await.map_err(|error| explain(key, error))?;
        Ok(head.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0))
    }

    #[tracing::instrument(name = "storage.get", skip_all, fields(size = range.end.saturating_sub(range.start)))]
    async fn read(&self, key: &str, range: Range<u64>) -> Result<ByteStream> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        let body = self.get(key, range).await?;
        let pieces = futures::stream::unfold(body, |mut body| async move {
            let piece = body.next().await?;
            Some((piece.map_err(std::io::Error::other), body))
        });
        Ok(pieces.boxed())
    }

    #[tracing::instrument(name = "storage.put", skip_all, fields(size = bytes.len()))]
    async fn put_bytes(&self, key: &str, bytes: Bytes, media_type: &str) -> Result<()> {
        self.put(key, Body::from(bytes), media_type).await
    }

    #[tracing::instrument(name = "storage.put", skip_all)]
    async fn put_file(&self, key: &str, path: &Path, media_type: &str) -> Result<()> {
        let body = Body::from_path(path).await.map_err(|error| Error::Io(std::io::Error::other(error)))?;
        self.put(key, body, media_type).await
    }

    #[tracing::instrument(name = "storage.delete", skip_all)]
    async fn delete(&self, key: &str) -> Result<()> {
        let delete = self.client.delete_object().bucket(&self.bucket).key(check(key)?).send().await;
        match delete.map_err(|error| explain(key, error)) {
            Ok(_) | Err(Error::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Listing> {
        let most = i32::try_from(LIST_PAGE).unwrap_or(i32::MAX);
        let list = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).max_keys(most);
        let list = list.set_start_after(after.map(str::to_owned));
        let list = list.send().await.map_err(|error| explain(prefix, error))?;
        let stored = list.contents().iter().filter_map(|object| {
            let size = object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
            Some(Stored { key: object.key()?.to_owned(), size, modified_at: moment(object.last_modified()) })
        });
        let stored: Vec<_> = stored.collect();
        let next = stored.last().filter(|_| list.is_truncated().unwrap_or(false)).map(|last| last.key.clone());
        Ok(Listing { stored, next })
    }

    async fn link(&self, key: &str, link: &Link) -> Result<Option<String>> {
        let failed = |error: &dyn std::fmt::Display| Error::Remote(format!("no link to {key} was made: {error}"));
        let good_for = PresigningConfig::expires_in(link.good_for).map_err(|error| failed(&error))?;
        let get = self.public.get_object().bucket(&self.bucket).key(check(key)?);
        let get = get.response_content_type(&link.media_type).response_cache_control("private, no-cache");
        let get = get.set_response_content_disposition(link.disposition.clone());
        let signed = get.presigned(good_for).await.map_err(|error| failed(&error))?;
        Ok(Some(signed.uri().to_owned()))
    }

    #[tracing::instrument(name = "storage.copy", skip_all)]
    async fn local_copy(&self, key: &str) -> Result<LocalCopy> {
        let size = self.size(key).await?;
        let (file, path) = tempfile::NamedTempFile::new_in(&self.temporary)?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let mut content = self.read(key, 0..size).await?;
        while let Some(piece) = content.next().await {
            file.write_all(&piece?).await?;
        }
        file.flush().await?;
        Ok(LocalCopy::temporary(path))
    }
}
