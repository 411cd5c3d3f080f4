//! That nothing is lost, whenever it is cut off.

use super::{Empty, SEA_KEY, Shop, Stage, files_below, make, restore};
use crate::storage::UploadState;
use crate::uploads::receive;
use crate::{AppState, seed};
use anyhow::bail;
use bytes::Bytes;
use domain::Db;
use domain::account::User;
use domain::audit::{Action, Filter, trail};
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::{CardNumber, WithdrawalWording, checkout};
use domain::production::uploads::{self, NewUpload, Upload};
use domain::{secret, testing};
use futures::stream;
use sea_orm::{ConnectionTrait, Statement};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use uuid::Uuid;

/// Somebody buys the first title.
async fn buy(state: &AppState, buyer: &User) {
    let owner = CartOwner::User(buyer.id);
    cart::add(&state.db, &owner, "the-bell-at-north-rock").await.unwrap();
    let total = cart::get(&state.db, Some(&owner)).await.unwrap().total.minor;
    let card: CardNumber = CardNumber::ACCEPTED.parse().unwrap();
    let agreed = Some(WithdrawalWording::CURRENT);
    checkout::checkout(&state.db, &state.payments, buyer.id, total, Some(&card), &secret::token(), agreed)
        .await
        .unwrap();
}

/// An upload of a thousand bytes.
async fn begin_upload(state: &AppState, by: &User, title: Uuid) -> Upload {
    let id = Uuid::now_v7();
    let new = NewUpload {
        id,
        user_id: by.id,
        audiobook_id: title,
        position: 0,
        file_name: "sea.mp3".to_owned(),
        relative_path: "sea.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 1000,
        storage_state: UploadState::new(id).to_json().unwrap(),
        keep_ms: testing::DAY,
    };
    uploads::begin(&state.db, new).await.unwrap()
}

async fn send(state: &AppState, upload: Upload, bytes: usize) -> Upload {
    let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![7; bytes]))]);
    receive(&state.uploads, upload, None, body).await.unwrap()
}

/// The tables in which two databases differ, and how many rows there are in all.
async fn compare(one: &Path, other: &Path) -> (Vec<String>, i64) {
    let db = Db::connect(&format!("sqlite://{}", one.display()), 1).await.unwrap();
    let connection = db.read();
    let ask = |sql: String| Statement::from_string(db.backend(), sql);
    connection.execute_raw(ask(format!("ATTACH DATABASE '{}' AS other", other.display()))).await.unwrap();
    let tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' UNION SELECT name FROM other.sqlite_master \
                  WHERE type = 'table'";
    let tables = connection.query_all_raw(ask(tables.to_owned())).await.unwrap();
    let names = tables.iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
    let (mut differ, mut all) = (Vec::new(), 0);
    for table in names.chain(["sqlite_master".to_owned()]) {
        // The numbers of pages are another matter.
        let columns = if table == "sqlite_master" { "type, name, tbl_name, sql" } else { "*" };
        let rows = |database: &str| format!("SELECT {columns} FROM {database}.\"{table}\"");
        let (ours, theirs) = (rows("main"), rows("other"));
        let counts = format!(
            "SELECT (SELECT COUNT(*) FROM ({ours})), (SELECT COUNT(*) FROM ({theirs})), \
             (SELECT COUNT(*) FROM ({ours} EXCEPT {theirs})) + (SELECT COUNT(*) FROM ({theirs} EXCEPT {ours}))"
        );
        let row = connection.query_one_raw(ask(counts)).await.unwrap().unwrap();
        let count = |index| row.try_get_by_index::<i64>(index).unwrap();
        all += count(0);
        if count(0) != count(1) || count(2) != 0 {
            differ.push(table);
        }
    }
    (differ, all)
}

#[tokio::test]
async fn a_restored_shop_has_every_row_and_every_file_of_the_one_that_was_open_meanwhile() {
    let shop = Shop::open().await;
    let state = &shop.state;
    seed::fill(state, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../seed"), |_| {}).await.unwrap();
    let buyer = testing::shopper(&state.db, "Ada").await;
    buy(state, &buyer).await;
    let draft = testing::title(&state.db, "The Sea").draft_of_list().await;
    let upload = begin_upload(state, &buyer, draft.id).await;
    let upload = send(state, upload, 600).await;

    let (archive, made) = shop.back_up("shop.tar").await;
    assert_eq!(made.missing, 0, "{:?}", made.missing_first);
    assert_eq!(std::fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
    let empty = Empty::new();
    assert_eq!(empty.restore(&archive).unwrap(), made.about);

    let (differ, rows) = compare(&empty.place.database, &shop.config.database_file().unwrap()).await;
    assert!(differ.is_empty() && rows > 1000, "{rows} rows, others in {differ:?}");
    let files = files_below(&empty.place.storage);
    assert_eq!(files, files_below(&shop.config.storage_path()));
    assert_eq!(files.len() as u64, made.files);
    assert!(files.contains_key(&format!("staging/{}", upload.id)));
    assert_eq!(std::fs::metadata(&empty.place.database).unwrap().permissions().mode() & 0o777, 0o600);

    // The upload goes on there at the byte that was acknowledged here.
    let there = AppState::connect(empty.config.clone()).await.unwrap();
    assert!(migrations::pending(there.db.read()).await.unwrap().is_empty());
    let begun = Filter { action: Action::BackupBegun.name().to_owned(), ..Filter::default() };
    let begun = trail::events(&there.db, &begun, None, 10).await.unwrap();
    assert_eq!((begun.len(), begun[0].who.as_str()), (1, "(command line)"));
    let upload = uploads::get(&there.db, upload.id).await.unwrap();
    assert_eq!(upload.received, 600);
    assert_eq!(send(&there, upload, 400).await.received, 1000);
}

#[tokio::test]
async fn a_restore_that_is_killed_anywhere_is_done_by_running_it_again() {
    let shop = Shop::small().await;
    let (archive, _) = shop.back_up("shop.tar").await;
    let whole = Empty::new();
    whole.restore(&archive).unwrap();
    let whole = whole.holds();
    assert!(whole.contains_key(SEA_KEY));
    let mut kills = 0;
    loop {
        let empty = Empty::new();
        let (mut left, mut reached) = (kills, Stage::Begin);
        let killed = restore(&empty.place, &archive, |stage| {
            reached = stage;
            if left == 0 {
                bail!("killed");
            }
            left -= 1;
            Ok(())
        });
        if killed.is_ok() {
            break;
        }
        if reached == Stage::CleanUp {
            assert!(format!("{:#}", empty.restore(&archive).unwrap_err()).contains("database already"));
        } else {
            assert!(!empty.place.database.exists(), "no shop before it is whole");
            empty.restore(&archive).unwrap();
            assert!(!empty.place.storage.join(".restoring").exists());
        }
        assert_eq!(empty.holds(), whole, "killed after {kills} steps, before {reached:?}");
        kills += 1;
    }
    assert!(kills > 8, "{kills}");
}

#[tokio::test]
async fn a_shop_that_is_opened_where_another_one_is_being_restored_is_left_as_it_is() {
    let shop = Shop::small().await;
    let (archive, _) = shop.back_up("shop.tar").await;
    for opened_at in [Stage::Unpack, Stage::PlaceFiles, Stage::PlaceDatabase] {
        let empty = Empty::new();
        let database = &empty.place.database;
        let log = database.with_extension("db-wal");
        let restored = restore(&empty.place, &archive, |stage| {
            if stage == opened_at {
                std::fs::write(database, b"what was sold")?;
                std::fs::write(&log, b"what is being sold")?;
            }
            Ok(())
        });
        let refusal = format!("{:#}", restored.unwrap_err());
        assert!(refusal.contains("database already"), "{refusal}");
        assert_eq!(std::fs::read(database).unwrap(), b"what was sold", "{opened_at:?}");
        assert_eq!(std::fs::read(&log).unwrap(), b"what is being sold", "{opened_at:?}");
        // Moved away it leaves files, and those may be its own.
        std::fs::remove_file(database).unwrap();
        std::fs::remove_file(&log).unwrap();
        let again = empty.restore(&archive).map_err(|error| format!("{error:#}"));
        if opened_at == Stage::Unpack {
            again.unwrap();
        } else {
            assert!(again.unwrap_err().contains("there are files"), "{opened_at:?}");
        }
    }
}

#[tokio::test]
async fn a_backup_that_was_killed_is_done_by_running_it_again() {
    let shop = Shop::small().await;
    std::fs::write(shop.path("shop.tar.part"), b"half of it").unwrap();
    let left = shop.config.work_dir().join("backup");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("lectern.db"), b"half a copy").unwrap();
    let (archive, made) = shop.back_up("shop.tar").await;
    assert_eq!(made.files, 2);
    assert!(!left.exists() && !shop.path("shop.tar.part").exists());
    let refusal = make(&shop.config, &archive).await.unwrap_err().to_string();
    assert!(refusal.contains("there already"), "{refusal}");
}

#[tokio::test]
async fn a_file_that_the_shop_has_lost_is_named_and_all_others_are_kept() {
    let shop = Shop::small().await;
    shop.state.storage.delete(SEA_KEY).await.unwrap();
    let (archive, made) = shop.back_up("shop.tar").await;
    assert_eq!((made.files, made.missing), (1, 1));
    assert_eq!(made.missing_first, [SEA_KEY]);
    assert!(Empty::new().restore(&archive).is_ok());
}
