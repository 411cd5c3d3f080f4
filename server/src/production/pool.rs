//! The engines of this machine: one slot for each GPU, or one on the CPU. A slot does one thing at a time; its engines stay
//! warm with their model loaded, and go when they are idle for long.

use super::engine::{Engine, EngineError};
use engine_protocol::{EngineKind, ModelFacts};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How engines are started.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// The program of `lectern-whisper`; empty looks beside this program.
    pub whisper: PathBuf,
    /// The program of `lectern-llama`; empty looks beside this program.
    pub llama: PathBuf,
    /// The GPUs to use; none for one slot on the CPU.
    pub gpus: Vec<u32>,
    /// CPU threads of an engine; 0 for all where it hears, and all but one where it writes.
    pub threads: u32,
    /// How long an engine stays without work.
    pub idle: Duration,
    /// How long an engine may be silent in a request.
    pub patience: Duration,
    /// Tokens that a writing model may hold at most.
    pub context_limit: u32,
}

#[derive(Debug)]
struct Slot {
    gpu: Option<u32>,
    engines: HashMap<EngineKind, (Engine, Instant)>,
}

#[derive(Debug)]
pub struct Pool {
    settings: PoolSettings,
    names: Vec<String>,
    free: Semaphore,
    slots: Mutex<Vec<Slot>>,
}

/// A slot that is taken. It goes back when this is dropped.
#[derive(Debug)]
struct Taken<'a> {
    pool: &'a Pool,
    slot: Option<Slot>,
    _permit: SemaphorePermit<'a>,
}

/// A slot with an engine that has its model loaded.
#[derive(Debug)]
pub struct Lease<'a> {
    engine: Option<Engine>,
    pub model: ModelFacts,
    slot: Taken<'a>,
}

impl Pool {
    pub fn new(settings: PoolSettings) -> Self {
        let gpus: Vec<Option<u32>> = match settings.gpus.as_slice() {
            [] => vec![None],
            gpus => gpus.iter().copied().map(Some).collect(),
        };
        let name = |gpu: &Option<u32>| gpu.map_or("CPU".to_owned(), |gpu| format!("GPU {gpu}"));
        Self {
            names: gpus.iter().map(name).collect(),
            free: Semaphore::new(gpus.len()),
            slots: Mutex::new(gpus.into_iter().map(|gpu| Slot { gpu, engines: HashMap::new() }).collect()),
            settings,
        }
    }

    /// The slots as the admin page names them.
    pub fn slot_names(&self) -> &[String] {
        &self.names
    }

    /// Waits for a slot and readies an engine in it.
    ///
    /// # Errors
    /// When the engine does not start or refuses the model.
    pub async fn lease(&self, kind: EngineKind, model: &Path) -> Result<Lease<'_>, EngineError> {
        let closed = |_| EngineError::Protocol("the pool is closed".into());
        let permit = self.free.acquire().await.map_err(closed)?;
        let mut slot = self.take_slot(kind)?;
        let warm = slot.engines.remove(&kind).map(|(engine, _)| engine);
        let gpu = slot.gpu;
        // From here on the slot goes back whatever happens, and before the permit does.
        let slot = Taken { pool: self, slot: Some(slot), _permit: permit };
        let warm = warm.and_then(|mut engine| engine.is_usable().then_some(engine));
        let mut engine = match warm {
            Some(engine) => engine,
            None => Engine::start(&self.program(kind), self.settings.patience).await?,
        };
        let context = (kind == EngineKind::Llama).then_some(self.settings.context_limit);
        let model = engine.load(model, gpu, self.threads(kind), context).await?;
        Ok(Lease { engine: Some(engine), model, slot })
    }

    /// A free slot: one whose engine of this kind is warm, if there is one.
    fn take_slot(&self, kind: EngineKind) -> Result<Slot, EngineError> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let warm = slots.iter().position(|slot| slot.engines.contains_key(&kind));
        let at = warm.unwrap_or(slots.len().saturating_sub(1));
        if at < slots.len() { Ok(slots.swap_remove(at)) } else { Err(EngineError::Protocol("no slot is free".into())) }
    }

    /// An engine that hears takes them all: it stands behind the shop's pages in line, and its threads do not wait for each other.
    fn threads(&self, kind: EngineKind) -> u32 {
        if self.settings.threads > 0 || kind == EngineKind::Whisper {
            return self.settings.threads;
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        u32::try_from(cores.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Where an engine's program is: as configured, or beside this program (or, for a test, one folder up).
    pub fn program(&self, kind: EngineKind) -> PathBuf {
        let (configured, name) = match kind {
            EngineKind::Whisper => (&self.settings.whisper, "lectern-whisper"),
            EngineKind::Llama => (&self.settings.llama, "lectern-llama"),
        };
        if !configured.as_os_str().is_empty() {
            return configured.clone();
        }
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let here = std::env::current_exe().ok();
        let folders = here.iter().flat_map(|path| path.ancestors().skip(1).take(2));
        folders.map(|folder| folder.join(&file)).find(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(file))
    }

    /// Stops the engines that have had no work for long. To be called now and then.
    pub async fn stop_idle(&self) {
        self.stop_older_than(self.settings.idle).await;
    }

    /// Stops every engine that is not at work.
    pub async fn stop_all(&self) {
        self.stop_older_than(Duration::ZERO).await;
    }

    async fn stop_older_than(&self, age: Duration) {
        let mut idle = Vec::new();
        {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            for slot in slots.iter_mut() {
                idle.extend(slot.engines.extract_if(|_, (_, since)| since.elapsed() >= age));
            }
        }
        for (_, (engine, _)) in idle {
            engine.stop().await;
        }
    }
}

impl Lease<'_> {
    /// The engine.
    ///
    /// # Errors
    /// Never while the lease is held.
    pub fn engine(&mut self) -> Result<&mut Engine, EngineError> {
        self.engine.as_mut().ok_or_else(|| EngineError::Protocol("the engine was given back".into()))
    }

    /// What is inside the engine, for the record: `whisper.cpp 1.8.3`.
    pub fn library(&self) -> String {
        self.engine.as_ref().map_or_else(String::new, |engine| engine.hello.library.clone())
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let (Some(mut engine), Some(slot)) = (self.engine.take(), &mut self.slot.slot)
            && engine.is_usable()
        {
            slot.engines.insert(engine.hello.engine, (engine, Instant::now()));
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.pool.slots.lock().unwrap_or_else(PoisonError::into_inner).push(slot);
        }
    }
}
