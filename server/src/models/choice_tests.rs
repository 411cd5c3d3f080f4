//! Which of the models that are here is used for what.

use super::known::{self, Purpose};
use super::{Models, gguf};
use std::path::Path;
use tempfile::TempDir;

fn models(dir: &TempDir) -> Models {
    Models {
        dir: dir.path().join("models"),
        demo_dir: dir.path().join("demo"),
        demo: true,
        speech: String::new(),
        writing: String::new(),
        embedding: String::new(),
    }
}

fn put(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, b"weights").unwrap();
}

#[test]
fn a_demonstration_model_is_used_only_while_no_real_one_is_there() {
    let dir = TempDir::new().unwrap();
    let models = models(&dir);
    assert!(models.choose(Purpose::Speech).is_none());
    put(&models.demo_dir.join("demo-asr.bin"));
    let demo = models.choose(Purpose::Speech).unwrap();
    assert!(demo.demonstration);
    assert!(Models { demo: false, ..models.clone() }.choose(Purpose::Speech).is_none());
    put(&models.dir.join(known::find("tiny.en").unwrap().file));
    put(&models.dir.join(known::find("small.en").unwrap().file));
    let real = models.choose(Purpose::Speech).unwrap();
    assert_eq!((real.name.as_str(), real.demonstration), ("small.en", false), "the better one");
}

#[test]
fn a_configured_model_that_is_missing_is_not_replaced_by_another() {
    let dir = TempDir::new().unwrap();
    let models = Models { speech: "base.en".into(), ..models(&dir) };
    put(&models.dir.join(known::find("tiny.en").unwrap().file));
    put(&models.demo_dir.join("demo-asr.bin"));
    assert!(models.choose(Purpose::Speech).is_none());
    assert!(models.what_to_do(Purpose::Speech).contains("lectern models pull base.en"));
}

#[test]
fn of_two_files_of_a_kind_each_is_used_for_what_it_says_that_it_is() {
    let dir = TempDir::new().unwrap();
    let models = models(&dir);
    assert!(models.choose(Purpose::Embedding).is_none());
    assert!(models.missing(Purpose::Embedding).contains("put one (GGUF) into"), "none is known that could be pulled");
    for (name, pooling) in [("a-meaning.gguf", 1), ("b-writer.gguf", 0)] {
        put(&models.dir.join(name));
        std::fs::write(models.dir.join(name), gguf::file(pooling)).unwrap();
    }
    let chosen = |purpose| models.choose(purpose).unwrap().name;
    assert_eq!(
        (chosen(Purpose::Writing), chosen(Purpose::Embedding)),
        ("b-writer.gguf".to_owned(), "a-meaning.gguf".to_owned())
    );
    let list = models.list();
    assert!(list.iter().any(|model| model.purpose == "embedding" && model.name == "a-meaning.gguf" && model.selected));
    let wished = Models { embedding: "another.gguf".into(), ..models };
    assert!(wished.choose(Purpose::Embedding).is_none(), "what is wished for and missing is not replaced");
    assert!(wished.missing(Purpose::Embedding).contains("models.embedding"));
}

#[test]
fn the_list_says_what_is_here_and_what_is_used() {
    let dir = TempDir::new().unwrap();
    let models = models(&dir);
    put(&models.demo_dir.join("demo-asr.bin"));
    let list = models.list();
    let demo = list.iter().find(|model| model.name == "demo-asr.bin").unwrap();
    assert!(demo.present && demo.selected && demo.demonstration);
    assert!(list.iter().any(|model| model.name == "base.en" && !model.present && !model.selected));
}
