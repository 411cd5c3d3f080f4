//! What work leaves behind.

use super::{Bench, bench};
use crate::production::sweep::sweep;
use domain::production::steps;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn aged(path: &Path, age: Duration) {
    File::open(path).unwrap().set_modified(SystemTime::now() - age).unwrap();
}

fn samples_of(bench: &Bench, id: Uuid, age: Duration) -> std::path::PathBuf {
    let folder = bench.shop.work_dir.join(id.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.s16"), [0; 64]).unwrap();
    aged(&folder, age);
    folder
}

#[tokio::test]
async fn what_nobody_works_on_any_more_leaves_no_samples_behind() {
    let bench = bench().await;
    let (working, cancelled) = (bench.title("Working", &[]).await, bench.title("Cancelled", &[]).await);
    steps::cancel(&bench.shop.db, cancelled).await.unwrap();
    let kept = samples_of(&bench, working, 48 * HOUR);
    let young = samples_of(&bench, Uuid::now_v7(), Duration::from_secs(60));
    let gone = [samples_of(&bench, cancelled, 2 * HOUR), samples_of(&bench, Uuid::now_v7(), 2 * HOUR)];
    let copies = bench.path("copies");
    std::fs::create_dir(&copies).unwrap();
    let (old, used) = (copies.join(".tmpA"), copies.join(".tmpB"));
    for (copy, age) in [(&old, 30 * HOUR), (&used, HOUR)] {
        std::fs::write(copy, [0; 64]).unwrap();
        aged(copy, age);
    }
    assert_eq!(sweep(&bench.shop.db, &bench.shop.work_dir, &copies).await.unwrap(), 3);
    assert!(kept.exists() && young.exists() && used.exists());
    assert!(gone.iter().all(|folder| !folder.exists()) && !old.exists());
}
