//! Machines on which models, engines or room are missing.

use super::{Shop, State, wrong};
use crate::doctor::{disk, engines, models};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

impl Shop {
    /// One with a worker and without the demonstration models.
    fn with_worker() -> Self {
        let mut shop = Self::new();
        shop.config.worker.enabled = true;
        shop.config.models.demo = false;
        std::fs::create_dir_all(shop.config.models_dir()).unwrap();
        shop
    }

    fn model(&self, file: &str, content: &[u8]) {
        std::fs::write(self.config.models_dir().join(file), content).unwrap();
    }

    fn script(&self, name: &str, body: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

#[tokio::test]
async fn a_model_that_is_wished_for_and_missing_is_named() {
    let mut shop = Shop::with_worker();
    let found = models::examine(&shop.config).await;
    assert!(found[..2].iter().all(|finding| finding.state == State::Doubtful), "{found:?}");
    shop.config.models.speech = "base.en".to_owned();
    let found = models::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("lectern models pull base.en"), "{found:?}");
}

#[tokio::test]
async fn a_shop_does_well_without_a_model_that_tells_what_texts_mean_unless_it_wishes_for_one() {
    let mut shop = Shop::with_worker();
    let found = models::examine(&shop.config).await;
    let finding = found.last().unwrap();
    assert!(finding.state == State::Good && finding.words.contains("by its words only"), "{found:?}");
    shop.config.models.embedding = "meaning.gguf".to_owned();
    let found = models::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("models.embedding"), "{found:?}");
}

#[tokio::test]
async fn a_file_that_is_no_model_is_named() {
    for content in [&b"ggml"[..], b"<html>not found</html>", b""] {
        let shop = Shop::with_worker();
        shop.model("ggml-tiny.en.bin", content);
        let found = models::examine(&shop.config).await;
        assert!(wrong(&found).words.contains("no model of that kind"), "{found:?}");
    }
    let shop = Shop::with_worker();
    shop.model("writer.gguf", b"GGUF\x63\0\0\0 of a version that nobody knows");
    let found = models::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("no model of that kind"), "{found:?}");
}

#[tokio::test]
async fn a_model_that_is_not_what_its_publisher_states_is_named() {
    let shop = Shop::with_worker();
    shop.model("ggml-tiny.en.bin", b"lmgg and then something else");
    shop.model("writer.gguf", b"GGUF\x03\0\0\0 that nobody knows");
    let found = models::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("its SHA-1 is"), "{found:?}");
    assert!(found.iter().any(|finding| finding.words.contains("writer") && finding.state == State::Good), "{found:?}");
}

#[tokio::test]
async fn an_engine_that_is_missing_or_does_not_start_is_named() {
    let mut shop = Shop::with_worker();
    let hello = r#"{"type":"hello","protocol":1,"engine":"whisper","engine_version":"0","library":"a script","accelerators":{"cuda":false,"vulkan":false,"metal":false}}"#;
    let good = shop.script("good.sh", &format!("echo '{hello}'\nread line\nexit 0"));
    shop.config.engines.whisper.clone_from(&good);
    shop.config.engines.llama = "/nowhere/lectern-llama".into();
    let found = engines::examine(&shop.config).await;
    assert!(wrong(&found).words.contains("/nowhere/lectern-llama"), "{found:?}");
    assert!(found[0].words.contains("a script"), "{found:?}");
    shop.config.engines.llama = shop.script("old.sh", "exit 3");
    let found = engines::examine(&shop.config).await;
    assert!(wrong(&found).advice.contains("lectern-llama"), "{found:?}");
}

#[test]
fn too_little_room_for_the_largest_upload_is_named() {
    let mut shop = Shop::new();
    assert_eq!(disk::examine(&shop.config)[0].state, State::Good);
    shop.config.uploads.max_bytes = u64::MAX;
    let found = disk::examine(&shop.config);
    assert_eq!(found.len(), 2, "for files and for work files: {found:?}");
    assert!(found.iter().all(|finding| finding.state == State::Wrong && finding.advice.contains("uploads.max_bytes")));
}
