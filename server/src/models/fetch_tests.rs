//! Models that are wanted on every worker.

use super::fetch::Fetches;
use super::known;
use super::tests::{CONTENT, Hub, Manner, hub};
use domain::Db;
use domain::providers::fetches;
use std::time::Duration;
use tempfile::TempDir;

/// One whose publisher states no checksum: what the hub states is what counts.
const MODEL: &str = "qwen2.5-0.5b";

struct Bench {
    db: Db,
    hub: Hub,
    fetches: Fetches,
    folder: TempDir,
}

async fn bench(manner: Manner) -> Bench {
    let folder = TempDir::new().unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 2).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let hub = hub(CONTENT, manner).await;
    Bench { fetches: Fetches::new(&folder.path().join("models"), &hub.address), db, hub, folder }
}

impl Bench {
    /// Looks until nothing is on its way.
    async fn fetch(&self) {
        self.fetches.look(&self.db).await;
        while self.fetches.is_under_way() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.fetches.look(&self.db).await;
    }

    fn arrived(&self) -> Option<Vec<u8>> {
        std::fs::read(self.folder.path().join("models").join(known::find(MODEL).unwrap().file)).ok()
    }
}

#[tokio::test]
async fn a_model_that_is_wanted_comes_and_is_told_of_until_it_is_here() {
    let bench = bench(Manner::Cut).await;
    bench.fetch().await;
    assert!(bench.arrived().is_none() && bench.fetches.told().is_empty(), "nobody asked for one");
    fetches::ask(&bench.db, MODEL).await.unwrap();
    fetches::ask(&bench.db, "of-a-newer-version").await.unwrap();
    bench.fetches.look(&bench.db).await;
    let told = bench.fetches.told();
    assert_eq!((told.len(), told[0].name.as_str(), &told[0].failure), (1, MODEL, &None));
    bench.fetch().await;
    assert_eq!(bench.arrived().unwrap(), CONTENT);
    assert!(bench.fetches.told().is_empty());
}

#[tokio::test]
async fn a_worker_that_was_killed_goes_on_where_it_was() {
    let bench = bench(Manner::Good).await;
    let dir = bench.folder.path().join("models");
    std::fs::create_dir_all(&dir).unwrap();
    let partial = dir.join(format!("{}.partial", known::find(MODEL).unwrap().file));
    std::fs::write(partial, &CONTENT[..12_345]).unwrap();
    fetches::ask(&bench.db, MODEL).await.unwrap();
    bench.fetches.look(&bench.db).await;
    assert!(bench.fetches.told()[0].received >= 12_345, "what is here is told from the beginning");
    bench.fetch().await;
    assert_eq!(bench.arrived().unwrap(), CONTENT);
    assert_eq!(bench.hub.asked.lock().unwrap().last().unwrap(), "GET bytes=12345-");
}

#[tokio::test]
async fn what_cannot_be_fetched_says_why_and_can_be_called_off() {
    let bench = bench(Manner::Empty).await;
    fetches::ask(&bench.db, MODEL).await.unwrap();
    bench.fetch().await;
    let failure = bench.fetches.told().remove(0).failure.unwrap();
    assert!(failure.contains("404"), "{failure}");
    fetches::call_off(&bench.db, MODEL).await.unwrap();
    bench.fetches.look(&bench.db).await;
    assert!(bench.fetches.told().is_empty());
}

#[tokio::test]
async fn a_line_that_is_cut_at_the_same_place_again_and_again_is_given_up_for_a_while() {
    let bench = bench(Manner::Stubborn).await;
    fetches::ask(&bench.db, MODEL).await.unwrap();
    bench.fetch().await;
    assert!(bench.arrived().is_none());
    assert!(bench.fetches.told().remove(0).failure.is_some());
}

#[tokio::test]
async fn a_page_that_comes_instead_of_a_model_never_gets_its_name() {
    let page = hub(b"<html>Log in to this network first.</html>", Manner::Good).await;
    let mut bench = bench(Manner::Good).await;
    bench.fetches = Fetches::new(&bench.folder.path().join("models"), &page.address);
    fetches::ask(&bench.db, MODEL).await.unwrap();
    bench.fetch().await;
    assert!(bench.arrived().is_none());
    let failure = bench.fetches.told().remove(0).failure.unwrap();
    assert!(failure.contains("no GGUF file"), "{failure}");
}

#[tokio::test]
async fn two_processes_of_a_machine_do_not_write_one_file() {
    let bench = bench(Manner::Good).await;
    let dir = bench.folder.path().join("models");
    std::fs::create_dir_all(&dir).unwrap();
    let other = std::fs::File::create(dir.join(".fetching")).unwrap();
    other.lock().unwrap();
    fetches::ask(&bench.db, MODEL).await.unwrap();
    bench.fetches.look(&bench.db).await;
    while bench.fetches.is_under_way() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(bench.arrived().is_none() && bench.hub.asked.lock().unwrap().is_empty());
    drop(other);
    bench.fetch().await;
    assert_eq!(bench.arrived().unwrap(), CONTENT);
}
