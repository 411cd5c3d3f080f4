//! Whether the storage takes something, gives it back and lets go of it.

use super::Finding;
use crate::config::StorageKind;
use crate::http::Delivery;
use crate::storage::{Backend, Disk, Error, Result, S3, Storage};
use crate::{Config, state};
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use uuid::Uuid;

const OF: &str = "storage";
const PROBE: &[u8] = b"lectern doctor was here";

pub async fn examine(config: &Config) -> Vec<Finding> {
    let (shown, advice) = match config.storage.kind {
        StorageKind::Folder => (
            config.storage_path().display().to_string(),
            "Check storage.path, the rights of the folder, and whether the disk is full or read-only.",
        ),
        StorageKind::S3 => (
            format!("the bucket {}", config.storage.s3.bucket),
            "Check storage.s3.endpoint, region, bucket and keys, and that they may put, get, list and delete. The shop \
             makes the bucket as it opens, where it may.",
        ),
    };
    let storage: Box<dyn Storage> = match state::backend(config) {
        Backend::Folder(root) if !root.is_dir() => {
            return vec![Finding::wrong(
                OF,
                format!("There is no folder {shown} yet."),
                "`lectern serve` makes it. If there was one: check data_dir and storage.path, and whether its disk is there.",
            )];
        }
        Backend::Folder(root) => match Disk::open(&root).await {
            Ok(disk) => Box::new(disk),
            Err(error) => return vec![Finding::wrong(OF, format!("{shown} cannot be opened: {error}."), advice)],
        },
        Backend::S3(settings) => Box::new(S3::new(&settings, &config.work_dir().join(state::COPIES))),
    };
    let mut found = vec![match probe(&*storage).await {
        Ok(true) => Finding::good(OF, format!("What is put into {shown} comes back, and goes.")),
        Ok(false) => Finding::wrong(
            OF,
            format!("What comes back out of {shown} is not what was put there."),
            "Take a backup somewhere else at once, and see whether the disk or the server is failing.",
        ),
        Err(error) => Finding::wrong(OF, format!("{shown} does not work: {error}."), advice),
    }];
    if let Err(error) = Delivery::new(config, &*storage).await {
        found.push(Finding::wrong(
            OF,
            format!("{error:#}."),
            "The shop does not open with it: change storage.sent_by.",
        ));
    }
    found
}

/// Puts something where uploads grow, reads it and deletes it. What a doctor leaves there that is killed is swept with them.
async fn probe(storage: &dyn Storage) -> Result<bool> {
    let key = format!("staging/{}.probe", Uuid::now_v7());
    storage.put_bytes(&key, Bytes::from_static(PROBE), "text/plain").await?;
    let back = read(storage, &key).await;
    storage.delete(&key).await?;
    let gone = matches!(storage.size(&key).await, Err(Error::NotFound(_)));
    Ok(back? == PROBE && gone)
}

async fn read(storage: &dyn Storage, key: &str) -> Result<BytesMut> {
    let mut pieces = storage.read(key, 0..PROBE.len() as u64).await?;
    let mut all = BytesMut::new();
    while let Some(piece) = pieces.try_next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all)
}
