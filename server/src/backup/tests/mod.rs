//! A shop kept in an archive, and put somewhere else.

mod archives;
mod whole;

use super::{About, Made, Place, Stage, make, restore};
use crate::storage::Digest;
use crate::{AppState, Config};
use bytes::Bytes;
use domain::entities::files;
use domain::testing;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

const SEA: &[u8] = b"what the sea says all night long";
const SEA_KEY: &str = "audio/5e/5ea.mp3";

/// A shop in a folder of its own, open.
struct Shop {
    folder: TempDir,
    config: Config,
    state: AppState,
}

fn config_in(data: &Path) -> Config {
    let mut config = Config::load(None).unwrap();
    config.data_dir = data.to_owned();
    config
}

impl Shop {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let config = config_in(&folder.path().join("data"));
        let state = AppState::connect(config.clone()).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        Self { folder, config, state }
    }

    /// One with a title and its recording.
    async fn small() -> Self {
        let shop = Self::open().await;
        testing::title(&shop.state.db, "The Sea").draft_of_list().await;
        shop.file(SEA_KEY, SEA).await;
        shop.file("covers/5e/5ea.jpg", b"waves").await;
        shop
    }

    /// Stores a file, and names it.
    async fn file(&self, key: &str, content: &'static [u8]) {
        self.state.storage.put_bytes(key, Bytes::from_static(content), "audio/mpeg").await.unwrap();
        let row = files::Model {
            id: Uuid::now_v7(),
            storage_key: key.to_owned(),
            sha256: "5ea".to_owned(),
            size: content.len() as i64,
            media_type: "audio/mpeg".to_owned(),
            original_name: "sea.mp3".to_owned(),
            created_at: self.state.db.now(),
            tags: None,
            cover_key: None,
        };
        testing::insert(&self.state.db, row).await;
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn back_up(&self, name: &str) -> (PathBuf, Made) {
        let archive = self.path(name);
        let made = make(&self.config, &archive).await.unwrap();
        (archive, made)
    }
}

/// A place where no shop is yet.
struct Empty {
    folder: TempDir,
    config: Config,
    place: Place,
}

impl Empty {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let config = config_in(&folder.path().join("data"));
        let place = Place::of(&config).unwrap();
        Self { folder, config, place }
    }

    fn restore(&self, archive: &Path) -> anyhow::Result<About> {
        restore(&self.place, archive, |_| Ok(()))
    }

    /// Why it is not restored. Nothing is in place then.
    fn refusal(&self, archive: &Path) -> String {
        let refusal = format!("{:#}", self.restore(archive).unwrap_err());
        assert!(!self.place.database.exists(), "{refusal}");
        let placed = files_below(&self.place.storage);
        assert!(placed.keys().all(|name| name.starts_with(".restoring/")), "{placed:?}");
        refusal
    }

    /// Every file of the shop, with its checksum.
    fn holds(&self) -> BTreeMap<String, String> {
        let mut all = files_below(&self.place.storage);
        all.insert("the database".to_owned(), sum(&self.place.database));
        all
    }
}

fn sum(file: &Path) -> String {
    let mut digest = Digest::default();
    digest.update(&fs::read(file).unwrap());
    digest.finish()
}

/// The files below a folder, by their paths, with their checksums.
fn files_below(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, sum(&path));
            }
        }
    }
    found
}
