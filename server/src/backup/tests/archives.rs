//! Archives that are not to be trusted, and places where none may go.

use super::{Empty, SEA, Shop, files_below};
use crate::backup::{ABOUT, About, DATABASE, FORMAT, Place};
use crate::config::StorageKind;
use std::fs;
use std::path::PathBuf;
use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

/// An archive that somebody made up.
struct MadeUp {
    folder: TempDir,
    tar: Builder<Vec<u8>>,
}

impl MadeUp {
    fn new(about: &About) -> Self {
        let mut made_up = Self { folder: TempDir::new().unwrap(), tar: Builder::new(Vec::new()) };
        made_up.add(ABOUT, EntryType::Regular, &serde_json::to_vec(about).unwrap());
        made_up.add(DATABASE, EntryType::Regular, b"SQLite format 3");
        made_up
    }

    /// With a name that no well-meaning program would write.
    fn add(&mut self, name: &str, kind: EntryType, content: &[u8]) {
        let mut header = Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o600);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.tar.append(&header, content).unwrap();
    }

    fn file(self) -> (TempDir, PathBuf) {
        let path = self.folder.path().join("made-up.tar");
        fs::write(&path, self.tar.into_inner().unwrap()).unwrap();
        (self.folder, path)
    }
}

fn about(format: u32, schema: &str) -> About {
    About { format, lectern: "9.9.9".to_owned(), made_at: String::new(), schema: schema.to_owned(), steps: 1 }
}

#[tokio::test]
async fn a_damaged_archive_puts_nothing_in_place() {
    let shop = Shop::small().await;
    let (good, _) = shop.back_up("shop.tar").await;
    let bytes = fs::read(&good).unwrap();
    let find = |what: &[u8]| bytes.windows(what.len()).position(|window| window == what).unwrap();
    let last = bytes.windows(10).rposition(|window| window == b"  storage/").unwrap();
    let empty = Empty::new();
    let bad = empty.folder.path().join("bad.tar");
    for (place, named) in [
        (find(b"SQLite format 3") + 5000, "lectern.db"),
        (find(SEA) + 3, super::SEA_KEY),
        (last - 5, "covers/5e/5ea.jpg"),
    ] {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1;
        fs::write(&bad, bytes).unwrap();
        let refusal = empty.refusal(&bad);
        assert!(refusal.contains("damaged") && refusal.contains(named), "{named}: {refusal}");
    }
    for length in [bytes.len() / 2, find(SEA) + 10, last - 70, last + 2] {
        fs::write(&bad, &bytes[..length]).unwrap();
        let refusal = empty.refusal(&bad);
        assert!(refusal.contains("damaged"), "{length} of {}: {refusal}", bytes.len());
    }
    fs::write(&bad, b"no archive at all").unwrap();
    assert!(empty.refusal(&bad).contains("no archive"));
    empty.restore(&good).unwrap();
}

#[test]
fn an_archive_of_a_newer_version_is_refused() {
    for newer in [about(FORMAT + 1, "m0001_accounts"), about(FORMAT, "m9999_later")] {
        let (_folder, path) = MadeUp::new(&newer).file();
        let refusal = Empty::new().refusal(&path);
        assert!(refusal.contains("newer version") && refusal.contains("9.9.9"), "{refusal}");
    }
}

#[test]
fn nothing_in_an_archive_can_lead_out_of_the_storage() {
    for name in [
        "../../escaped",
        "/tmp/escaped",
        "storage/../escaped",
        "storage/audio/../../../escaped",
        "storage/.restoring/escaped",
        "storage/audio/.escaped",
        "storage/escaped",
        "escaped",
    ] {
        let mut archive = MadeUp::new(&about(FORMAT, "m0001_accounts"));
        archive.add(name, EntryType::Regular, b"boo");
        let (_folder, path) = archive.file();
        let empty = Empty::new();
        let refusal = empty.refusal(&path);
        assert!(refusal.contains("no file of a shop"), "{name}: {refusal}");
        let all = files_below(empty.folder.path());
        assert!(!all.keys().any(|file| file.contains("escaped")), "{name}: {all:?}");
    }
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::GNULongName, EntryType::XHeader, EntryType::Directory]
    {
        let mut archive = MadeUp::new(&about(FORMAT, "m0001_accounts"));
        archive.add("storage/audio/aa/aa.mp3", kind, b"");
        let (_folder, path) = archive.file();
        assert!(Empty::new().refusal(&path).contains("no archive"), "{kind:?}");
    }
    let mut twice = MadeUp::new(&about(FORMAT, "m0001_accounts"));
    twice.add("storage/audio/aa/aa.mp3", EntryType::Regular, b"one");
    twice.add("storage/audio/aa/aa.mp3", EntryType::Regular, b"other");
    let (_folder, path) = twice.file();
    assert!(Empty::new().refusal(&path).contains("cannot be made"));
}

#[tokio::test]
async fn a_shop_that_is_there_is_not_overwritten() {
    let shop = Shop::small().await;
    let (archive, _) = shop.back_up("shop.tar").await;
    let before = files_below(&shop.config.storage_path());
    let place = Place::of(&shop.config).unwrap();
    let refusal = super::restore(&place, &archive, |_| Ok(())).unwrap_err().to_string();
    assert!(refusal.contains("database already") && refusal.contains("LECTERN_DATA_DIR"), "{refusal}");
    assert_eq!(files_below(&shop.config.storage_path()), before);

    let empty = Empty::new();
    fs::create_dir_all(empty.place.storage.join("audio/aa")).unwrap();
    fs::write(empty.place.storage.join("audio/aa/aa.mp3"), b"somebody's").unwrap();
    assert!(empty.restore(&archive).unwrap_err().to_string().contains("there are files"));
    assert_eq!(fs::read(empty.place.storage.join("audio/aa/aa.mp3")).unwrap(), b"somebody's");

    let empty = Empty::new();
    fs::create_dir_all(&empty.config.data_dir).unwrap();
    fs::write(empty.config.data_dir.join("lectern.db-wal"), b"what was written last").unwrap();
    assert!(empty.refusal(&archive).contains("a database that is gone"));
}

#[test]
fn a_shop_on_servers_is_told_which_commands_are_for_it() {
    let mut config = super::config_in(std::path::Path::new("data"));
    let refusal = |config: &crate::Config| Place::of(config).unwrap_err().to_string();
    config.database.url = "postgres://shop:hunter2@db.example/lectern".to_owned();
    assert!(refusal(&config).contains("pg_dump") && !refusal(&config).contains("hunter2"));
    config.database.url = "mysql://shop:hunter2@db.example/lectern".to_owned();
    assert!(refusal(&config).contains("mariadb-dump"));
    config.database.url = "sqlite::memory:".to_owned();
    assert!(refusal(&config).contains("not in a file"));
    config.database.url = String::new();
    config.storage.kind = StorageKind::S3;
    assert!(refusal(&config).contains("rclone sync"));
}
