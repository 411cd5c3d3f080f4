//! What every request handler can reach.

use crate::Config;
use crate::artwork::Drawings;
use crate::config::{LimitStore, PaymentKind, StorageKind};
use crate::google::Google;
use crate::http::{Amiss, Delivery, Proxies};
use crate::metrics::Metrics;
use crate::redis_server::{Redis, RedisBuckets, RedisMessenger, RedisPages};
use crate::storage::{self, Backend, S3Settings, Storage};
use crate::stripe::Stripe;
use crate::tokens::Tokens;
use crate::uploads::Uploads;
use crate::vault::SealedVault;
use crate::{private, rates};
use anyhow::Context;
use axum::extract::FromRef;
use domain::limits::Limits;
use domain::ordering::payment::{Payments, SimulatedBank};
use domain::rates::live::LiveRates;
use domain::rates::provider::RateSource;
use domain::settings::ShopSettings;
use domain::settings::live::LiveSettings;
use domain::{Db, SharedVault, SystemClock};
use leptos::config::LeptosOptions;
use std::sync::Arc;

/// Folder of what is fetched out of a bucket, below the work folder.
pub const COPIES: &str = "copies";

#[derive(Clone, Debug)]
pub struct AppState {
    pub config: Arc<Config>,
    /// Where people reach the shop; no slash at the end. See [`Config::link_base`].
    pub site: Arc<str>,
    pub db: Db,
    /// `None` for a shop without.
    pub redis: Option<Redis>,
    pub storage: Arc<dyn Storage>,
    /// Who sends what is heard.
    pub delivery: Arc<Delivery>,
    pub uploads: Arc<Uploads>,
    pub drawings: Arc<Drawings>,
    pub payments: Payments,
    /// The simulated bank, where buyers confirm.
    pub bank: Arc<SimulatedBank>,
    /// The same, in a shop that is paid through Stripe.
    pub stripe: Option<Arc<Stripe>>,
    /// What the owner of the shop says of it.
    pub settings: LiveSettings,
    /// What currencies are worth.
    pub rates: LiveRates,
    /// Who says so.
    pub rate_source: RateSource,
    pub tokens: Arc<Tokens>,
    pub vault: SharedVault,
    /// `None` for a shop without.
    pub google: Option<Arc<Google>>,
    pub limits: Limits,
    /// Sites whose pages may use the API.
    pub api_origins: Arc<[String]>,
    pub proxies: Proxies,
    /// What was amiss when somebody last asked.
    pub amiss: Arc<Amiss>,
    /// What this process counts.
    pub metrics: Arc<Metrics>,
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Connects to what the configuration names.
    ///
    /// # Errors
    /// When the database or storage cannot be reached.
    pub async fn connect(config: Config) -> anyhow::Result<Self> {
        private::folder(&config.data_dir)
            .with_context(|| format!("the data folder {} could not be made", config.data_dir.display()))?;
        if let Some(path) = config.database_file() {
            private::file(&path).with_context(|| format!("the database {} could not be made", path.display()))?;
        }
        config.metrics.check()?;
        let redis = config.redis.is_configured().then(|| Redis::open(&config.redis)).transpose()?;
        let db = Db::connect(&config.database_url(), config.database.connections)
            .await
            .context("the database could not be reached: check database.url")?;
        let db = match &redis {
            Some(redis) => {
                db.with_messenger(Arc::new(RedisMessenger::new(redis))).with_shared(Arc::new(RedisPages::new(redis)))
            }
            None => db,
        };
        // Written by the build beside the pages: the digests in the names of their files.
        let hashes = std::path::absolute(config.site.root.join("hash.txt"))?;
        let leptos = LeptosOptions::builder()
            .output_name("lectern")
            .site_root(config.site.root.to_string_lossy().into_owned())
            .site_pkg_dir("pkg")
            .site_addr(config.listen)
            .hash_files(hashes.is_file())
            .hash_file(hashes.to_string_lossy().into())
            .build();
        let currency = config.currency.parse().context("currency is not one that the shop knows")?;
        anyhow::ensure!(
            domain::settings::name_fits(&config.name),
            "name is none that a shop can have: {:?}",
            config.name
        );
        let settings =
            LiveSettings::new(&db, ShopSettings { name: config.name.clone(), currency, ..ShopSettings::default() });
        let storage = open_storage(&config).await?;
        let delivery = Arc::new(Delivery::new(&config, &*storage).await?);
        let stripe = Stripe::new(&config)?.map(Arc::new);
        let bank = Arc::new(SimulatedBank::default());
        let payments = match (&stripe, config.payments.provider) {
            (Some(stripe), PaymentKind::Stripe) => Payments::new(stripe.clone(), vec![bank.clone()]),
            (Some(stripe), PaymentKind::Simulated) => Payments::new(bank.clone(), vec![stripe.clone()]),
            (None, _) => Payments::from(bank.clone()),
        };
        let uploads = Arc::new(Uploads::new(&db, &storage, &config.uploads));
        let tokens = Arc::new(Tokens::new(&config)?);
        let vault = Arc::new(SealedVault::new(&config)?);
        let google = Google::new(&config)?.map(Arc::new);
        let allowances = config.limits.allowances()?;
        let limits = match (config.limit_store()?, &redis) {
            (LimitStore::Database, _) => Limits::in_database(allowances, &db),
            (LimitStore::Redis, Some(redis)) => {
                Limits::in_buckets(allowances, Arc::new(RedisBuckets::new(redis)), Arc::new(SystemClock))
            }
            _ => Limits::in_memory(allowances, Arc::new(SystemClock)),
        };
        let (proxies, api_origins) = (config.proxies()?.into(), config.api.origins()?);
        let rate_source = rates::source(&config)?;
        let rates = LiveRates::of(&db, &*rate_source);
        Ok(Self {
            site: config.link_base(config.listen).into(),
            config: Arc::new(config),
            db,
            storage,
            delivery,
            uploads,
            drawings: Arc::default(),
            payments,
            bank,
            stripe,
            settings,
            rates,
            rate_source,
            tokens,
            vault,
            google,
            limits,
            api_origins,
            proxies,
            amiss: Arc::default(),
            metrics: Arc::new(Metrics::of(redis.as_ref())),
            redis,
            leptos,
        })
    }
}

/// Which storage is configured.
pub(crate) fn backend(config: &Config) -> Backend {
    let s3 = &config.storage.s3;
    match config.storage.kind {
        StorageKind::Folder => Backend::Folder(config.storage_path()),
        StorageKind::S3 => Backend::S3(S3Settings {
            endpoint: (!s3.endpoint.is_empty()).then(|| s3.endpoint.clone()),
            public_endpoint: (!s3.public_endpoint.is_empty()).then(|| s3.public_endpoint.clone()),
            region: s3.region.clone(),
            bucket: s3.bucket.clone(),
            access_key_id: s3.access_key.clone(),
            secret_access_key: s3.secret_key.clone(),
            path_style: s3.path_style,
        }),
    }
}

async fn open_storage(config: &Config) -> anyhow::Result<Arc<dyn Storage>> {
    let temporary = config.work_dir().join(COPIES);
    storage::open(&backend(config), &temporary).await.context("the storage could not be opened: check storage.*")
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Db {
    fn from_ref(state: &AppState) -> Self {
        state.db.clone()
    }
}

impl FromRef<AppState> for Arc<Uploads> {
    fn from_ref(state: &AppState) -> Self {
        state.uploads.clone()
    }
}
