//! The commands of whoever runs the machine, as they run them.

use crate::shop::{Server, lectern, make_admin};
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

fn run(data: &Path, command: &[&str], settings: &[(&str, &str)]) -> Output {
    lectern(data, settings).args(command).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_shop_is_kept_while_it_is_open_and_opens_elsewhere() {
    let (data, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    make_admin(data.path(), &[]);
    let server = Server::start(data.path(), &[]);
    let archive = data.path().join("shop.tar");
    let archive = archive.to_str().unwrap();
    let kept = run(data.path(), &["backup", archive], &[]);
    assert!(kept.status.success() && said(&kept).contains("read through again"), "{}", said(&kept));
    drop(server);
    let put = run(other.path(), &["restore", archive], &[]);
    assert!(put.status.success(), "{}", said(&put));
    let again = run(other.path(), &["restore", archive], &[]);
    assert!(!again.status.success() && said(&again).contains("database already"), "{}", said(&again));
    let admin = run(other.path(), &["admin", "--if-none"], &[]);
    assert!(admin.status.success() && !said(&admin).contains("password:"), "there is one: {}", said(&admin));
}

#[test]
fn a_shop_on_a_server_for_databases_is_told_what_to_do_instead() {
    let data = TempDir::new().unwrap();
    let settings = [("LECTERN_DATABASE__URL", "postgres://shop@127.0.0.1:1/lectern")];
    for command in ["backup", "restore"] {
        let refused = run(data.path(), &[command, "shop.tar"], &settings);
        assert!(!refused.status.success() && said(&refused).contains("pg_dump"), "{command}: {}", said(&refused));
    }
}

#[test]
fn the_doctor_ends_with_an_error_where_something_is_wrong() {
    let data = TempDir::new().unwrap();
    let settings = [("LECTERN_UPLOADS__MAX_BYTES", "1000000")];
    let found = run(data.path(), &["doctor"], &settings);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    assert!(
        said(&found).contains("There is no database") && said(&found).contains("lectern migrate"),
        "{}",
        said(&found)
    );
    make_admin(data.path(), &settings);
    let found = run(data.path(), &["doctor"], &settings);
    assert!(found.status.success() && said(&found).contains("Nothing is wrong"), "{}", said(&found));
}
