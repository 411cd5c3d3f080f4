//! Models that admins want on every worker: fetched one after the other, gone on with where a line or a process was cut, and
//! told of while they are on their way.

use super::known::{self, KnownModel};
use super::pull::pull;
use domain::Db;
use domain::production::Fetching;
use domain::providers::fetches;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(5 * 60);
/// What whoever fetches into a folder holds, so that two processes do not write one file.
const LOCK: &str = ".fetching";

/// What a worker fetches.
#[derive(Clone, Debug)]
pub struct Fetches {
    hub: Arc<str>,
    dir: Arc<Path>,
    now: Arc<Mutex<Now>>,
}

#[derive(Debug, Default)]
struct Now {
    /// What is wanted and not here, as it is told.
    told: Vec<Fetching>,
    /// The one that is on its way, and how to stop it.
    under_way: Option<(String, JoinHandle<()>)>,
    /// Until when nothing is tried, as something failed.
    rest_until: Option<Instant>,
}

impl Now {
    /// What ends well or badly lets go itself; what breaks off does not.
    fn let_go_of_what_broke_off(&mut self) {
        let Some((name, _)) = self.under_way.take_if(|(_, task)| task.is_finished()) else { return };
        tracing::error!(model = name, "fetching a model broke off");
        if let Some(told) = self.told.iter_mut().find(|told| told.name == name) {
            told.failure = Some("It broke off; the log of the worker says why.".to_owned());
        }
        self.rest_until = Some(Instant::now() + AGAIN);
    }
}

impl Fetches {
    /// Into a folder, from a hub.
    pub fn new(dir: &Path, hub: &str) -> Self {
        Self { hub: hub.into(), dir: dir.into(), now: Arc::default() }
    }

    /// What is on its way, with what has not arrived and why.
    pub fn told(&self) -> Vec<Fetching> {
        self.held().told.clone()
    }

    pub fn is_under_way(&self) -> bool {
        self.held().under_way.as_ref().is_some_and(|(_, task)| !task.is_finished())
    }

    /// Looks what is wanted: begins what is not here, and stops what was called off. To be called now and then.
    pub async fn look(&self, db: &Db) {
        let wanted = match fetches::wanted(db.read()).await {
            Ok(wanted) => wanted,
            Err(error) => {
                tracing::warn!(%error, "which models are wanted could not be read");
                return;
            }
        };
        let wanted: Vec<&'static KnownModel> = wanted.iter().filter_map(|name| known::find(name)).collect();
        let missing: Vec<_> = wanted.into_iter().filter(|model| !self.dir.join(model.file).is_file()).collect();
        let mut now = self.held();
        now.told.retain(|told| missing.iter().any(|model| model.name == told.name));
        for model in &missing {
            if now.told.iter().all(|told| told.name != model.name) {
                now.told.push(Fetching {
                    name: model.name.to_owned(),
                    received: self.received(model),
                    size: Some(model.about_bytes),
                    failure: None,
                });
            }
        }
        now.let_go_of_what_broke_off();
        if now.under_way.as_ref().is_some_and(|(name, _)| missing.iter().all(|model| model.name != name))
            && let Some((name, task)) = now.under_way.take()
        {
            tracing::info!(model = name, "a model is fetched no more");
            task.abort();
        }
        // What failed waits until everything else is here.
        let rests = now.rest_until.is_some_and(|until| until > Instant::now());
        let failed = |model: &KnownModel| now.told.iter().any(|told| told.name == model.name && told.failure.is_some());
        let next = missing.iter().find(|model| !failed(model)).or(missing.first().filter(|_| !rests));
        if now.under_way.is_none()
            && let Some(model) = next
        {
            let (fetches, model) = (self.clone(), *model);
            now.under_way = Some((model.name.to_owned(), tokio::spawn(async move { fetches.fetch(model).await })));
        }
    }

    /// Stops whatever is on its way; what has arrived stays.
    pub fn stop(&self) {
        if let Some((_, task)) = self.held().under_way.take() {
            task.abort();
        }
    }

    async fn fetch(&self, model: &'static KnownModel) {
        self.note(model, |told| told.failure = None);
        let failure = match self.lock() {
            Ok(Some(lock)) => {
                let progress = |received, size| self.note(model, |told| (told.received, told.size) = (received, size));
                let pulled = pull(model, &self.hub, &self.dir, progress).await;
                drop(lock);
                pulled.err().map(|error| error.to_string())
            }
            // Another process of this machine is at it: the file will be here.
            Ok(None) => None,
            Err(error) => Some(format!("{} cannot be written: {error}. Check models.dir.", self.dir.display())),
        };
        if let Some(failure) = &failure {
            tracing::warn!(model = model.name, failure, "a model could not be fetched");
        }
        self.note(model, |told| told.failure.clone_from(&failure));
        let mut now = self.held();
        now.under_way = None;
        now.rest_until = failure.map(|_| Instant::now() + AGAIN);
    }

    fn note(&self, model: &KnownModel, change: impl FnOnce(&mut Fetching)) {
        if let Some(told) = self.held().told.iter_mut().find(|told| told.name == model.name) {
            change(told);
        }
    }

    /// Holds the folder; `None` where somebody else does. A process that dies lets go.
    fn lock(&self) -> std::io::Result<Option<File>> {
        std::fs::create_dir_all(&self.dir)?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.dir.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Bytes of a model that are here from an earlier time.
    fn received(&self, model: &KnownModel) -> u64 {
        let partial: PathBuf = self.dir.join(format!("{}.partial", model.file));
        std::fs::metadata(partial).map_or(0, |file| file.len())
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{CONTENT, Manner, hub};
    use super::*;

    #[tokio::test]
    async fn one_that_breaks_off_is_told_of_and_the_next_one_comes() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 2).await.unwrap();
        migrations::up(db.read()).await.unwrap();
        let (broken, other) = ("qwen2.5-0.5b", known::find("qwen2.5-1.5b").unwrap());
        fetches::ask(&db, broken).await.unwrap();
        fetches::ask(&db, other.name).await.unwrap();
        let hub = hub(CONTENT, Manner::Good).await;
        let fetching = Fetches::new(&folder.path().join("models"), &hub.address);
        let task: JoinHandle<()> = tokio::spawn(async { panic!("nobody thought of this") });
        fetching.held().under_way = Some((broken.to_owned(), task));
        while fetching.is_under_way() {
            tokio::task::yield_now().await;
        }
        // What is told is told from the first look on.
        fetching.held().told.push(Fetching { name: broken.to_owned(), received: 0, size: None, failure: None });
        fetching.look(&db).await;
        let failure = fetching.told().into_iter().find(|told| told.name == broken).unwrap().failure.unwrap();
        assert!(failure.contains("broke off"), "{failure}");
        while fetching.is_under_way() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(folder.path().join("models").join(other.file).is_file());
    }
}
