//! Configuration: defaults, then a file, then the environment. [`KEYS`] documents every key once.

mod api;
mod google;
mod keys;
mod limits;
mod mail;
mod metrics;
mod payments;
mod providers;
mod rates;
mod redis;
mod traces;
mod webhooks;

pub use self::redis::Redis;
pub use api::Api;
pub use google::Google;
pub use keys::{KEYS, Key};
pub use limits::{LimitStore, Limits};
pub use mail::{Mail, MailKind, Smtp, SmtpTls};
pub use metrics::Metrics;
pub use payments::{PaymentKind, Payments, Stripe};
pub use providers::Providers;
pub use rates::{RateKind, Rates};
pub use traces::{Collector, Traces};
pub use webhooks::Webhooks;

use anyhow::Context;
use config::{File, FileFormat, FileSourceFile};
use ipnet::IpNet;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Everything that can be configured. See [`KEYS`] for what each key means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: String,
    pub hsts_subdomains: bool,
    pub data_dir: PathBuf,
    pub name: String,
    pub currency: String,
    pub server: Server,
    pub database: Database,
    pub redis: Redis,
    pub site: Site,
    pub session: Session,
    pub accounts: Accounts,
    pub tokens: Tokens,
    pub api: Api,
    pub webhooks: Webhooks,
    pub providers: Providers,
    pub google: Google,
    pub payments: Payments,
    pub stripe: Stripe,
    pub rates: Rates,
    pub proxies: String,
    pub limits: Limits,
    pub storage: Storage,
    pub uploads: Uploads,
    pub worker: Worker,
    pub engines: Engines,
    pub models: Models,
    pub mail: Mail,
    pub metrics: Metrics,
    pub traces: Traces,
    pub log: Log,
}

/// How long is waited for clients, in seconds, and for how many.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub connections: usize,
    pub head_seconds: u64,
    pub body_seconds: u64,
    pub write_seconds: u64,
    pub stop_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub connections: u32,
    pub migrate: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub root: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    pub days: i64,
    pub absolute_days: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    pub admins_need_two_factor: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    pub issuer: String,
    pub audience: String,
    pub access_minutes: i64,
    pub refresh_days: i64,
    pub refresh_max_days: i64,
    pub rotate_days: i64,
    pub secret: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("issuer", &self.issuer).field("audience", &self.audience).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    pub kind: StorageKind,
    pub path: PathBuf,
    pub sent_by: SentBy,
    pub internal_path: String,
    pub link_seconds: u64,
    pub s3: S3,
}

/// Who sends the bytes of what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SentBy {
    Shop,
    #[serde(rename = "x-accel-redirect")]
    AccelRedirect,
    #[serde(rename = "x-sendfile")]
    Sendfile,
    Link,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    Folder,
    S3,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub endpoint: String,
    pub public_endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
    pub path_style: bool,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3").field("endpoint", &self.endpoint).field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploads {
    pub max_bytes: u64,
    pub form_max_bytes: u64,
    pub expire_hours: i64,
    pub max_hours: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    pub enabled: bool,
    pub gpus: String,
    pub threads: u32,
    pub lease_seconds: i64,
    pub work_dir: PathBuf,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engines {
    pub whisper: PathBuf,
    pub llama: PathBuf,
    pub idle_seconds: u64,
    pub timeout_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Models {
    pub dir: PathBuf,
    pub demo_dir: PathBuf,
    pub demo: bool,
    pub speech: String,
    pub writing: String,
    pub embedding: String,
    pub hub: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads the defaults, then `file` (or `lectern.toml` where there is one), then `LECTERN_*` from the environment.
    ///
    /// # Errors
    /// When the file cannot be read, or a value is not of its kind; the message names the key.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut builder = config::Config::builder();
        for key in KEYS {
            builder = builder.set_default(key.name, key.default)?;
        }
        let file = match file {
            Some(path) => File::new(&path.to_string_lossy(), FileFormat::Toml),
            None => File::new("lectern.toml", FileFormat::Toml).required(false),
        };
        refuse_renamed(&file)?;
        let builder = builder.add_source(file);
        // Only the keys: scripts and tests have variables of their own with the same prefix.
        let mut builder = builder;
        for key in KEYS {
            builder = builder.set_override_option(key.name, std::env::var(key.variable()).ok())?;
        }
        builder
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the configuration is not valid: `lectern config` lists every key")
    }

    /// The database's address: the configured one, or a file in the data folder.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite://{}", self.data_dir.join("lectern.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// The file of a SQLite database.
    pub fn database_file(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
        let path = path.split('?').next().filter(|path| !path.is_empty() && !path.starts_with(":memory:"))?;
        Some(PathBuf::from(path))
    }

    /// A path as configured, or, where the key is empty, `name` in the data folder.
    pub fn in_data_dir(&self, configured: &Path, name: &str) -> PathBuf {
        if configured.as_os_str().is_empty() { self.data_dir.join(name) } else { configured.to_owned() }
    }

    pub fn storage_path(&self) -> PathBuf {
        self.in_data_dir(&self.storage.path, "storage")
    }

    pub fn models_dir(&self) -> PathBuf {
        self.in_data_dir(&self.models.dir, "models")
    }

    pub fn work_dir(&self) -> PathBuf {
        self.in_data_dir(&self.worker.work_dir, "work")
    }

    pub fn mail_dir(&self) -> PathBuf {
        self.in_data_dir(&self.mail.dir, "mail")
    }

    /// Where links in mails lead: the public address, or else the one that is listened on. No slash at the end.
    pub fn link_base(&self, listening: SocketAddr) -> String {
        match self.public_url.trim_end_matches('/') {
            "" if listening.ip().is_unspecified() => format!("http://localhost:{}", listening.port()),
            "" => format!("http://{listening}"),
            public => public.to_owned(),
        }
    }

    /// Who access tokens say they are from.
    pub fn token_issuer(&self) -> String {
        let configured = if self.tokens.issuer.is_empty() { &self.public_url } else { &self.tokens.issuer };
        match configured.trim_end_matches('/') {
            "" => "lectern".to_owned(),
            issuer => issuer.to_owned(),
        }
    }

    /// The proxies in front that are believed.
    ///
    /// # Errors
    /// When one is neither an address nor a network.
    pub fn proxies(&self) -> anyhow::Result<Vec<IpNet>> {
        let named = self.proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        let network = |text: &str| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        named
            .map(|text| network(text).with_context(|| format!("proxies: {text:?} is no address and no network")))
            .collect()
    }

    /// What an operator may not have meant, in sentences.
    pub fn doubts(&self) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        if self.secure() && self.proxies.trim().is_empty() {
            doubts.push(
                "public_url is https, so a proxy stands in front, and proxies names none: every visitor counts as the \
                 proxy, for limits and in the audit trail",
            );
        }
        if self.secure() && self.tokens.secret.is_empty() {
            doubts.push(
                "tokens.secret is empty: signing keys and the secrets of second steps stand in the database as they are",
            );
        }
        if self.secure() && self.payments.provider == PaymentKind::Stripe && self.stripe.in_test_mode() {
            doubts.push("stripe.secret_key is one of Stripe's test mode: whoever buys pays nothing");
        }
        doubts
    }

    /// Says them in the log.
    pub fn warn(&self) {
        self.doubts().iter().for_each(|doubt| tracing::warn!("{doubt}"));
    }

    /// Whether the shop is reached over TLS: cookies are then for TLS only.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Says which key took the place of one that was renamed: passed over in silence, it would leave a door open.
fn refuse_renamed(file: &File<FileSourceFile, FileFormat>) -> anyhow::Result<()> {
    let written = config::Config::builder().add_source(file.clone()).build()?;
    for (old, new) in keys::RENAMED {
        let in_file = written.get::<config::Value>(old).is_ok();
        anyhow::ensure!(!in_file, "the configuration key {old} is called {new} now: rename it");
        let (was, is) = (keys::variable(old), keys::variable(new));
        anyhow::ensure!(std::env::var_os(&was).is_none(), "the variable {was} is called {is} now: rename it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_still_sets_a_renamed_key_is_told_its_new_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (old, new) in keys::RENAMED {
            assert!(KEYS.iter().any(|key| key.name == *new) && KEYS.iter().all(|key| key.name != *old), "{old}");
            let (section, key) = old.split_once('.').unwrap();
            std::fs::write(file.path(), format!("[{section}]\n{key} = \"true\"\n")).unwrap();
            let error = format!("{:#}", Config::load(Some(file.path())).unwrap_err());
            assert!(error.contains(new), "{error}");
        }
    }

    #[test]
    fn every_documented_key_has_a_default_that_fits() {
        let config = Config::load(None).unwrap();
        assert_eq!(config.storage.kind, StorageKind::Folder);
        assert!(config.database_url().ends_with("data/lectern.db"));
    }

    #[test]
    fn links_lead_to_the_public_address_or_else_to_the_one_listened_on() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.link_base("127.0.0.1:4000".parse().unwrap()), "http://127.0.0.1:4000");
        assert_eq!(config.link_base("0.0.0.0:4000".parse().unwrap()), "http://localhost:4000");
        config.public_url = "https://shop.example/".into();
        assert_eq!(config.link_base("0.0.0.0:4000".parse().unwrap()), "https://shop.example");
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.proxies().unwrap(), Vec::new());
        config.proxies = "127.0.0.1, 10.0.0.0/8,::1".to_owned();
        let named: Vec<_> = config.proxies().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(named, ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]);
        config.proxies = "proxy.example".to_owned();
        assert!(format!("{:#}", config.proxies().unwrap_err()).contains("proxy.example"));
    }

    #[test]
    fn a_shop_behind_a_proxy_that_it_does_not_know_of_is_doubted() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.doubts().len(), 0);
        config.public_url = "https://shop.example".into();
        assert!(config.doubts()[0].contains("proxies") && config.doubts()[1].contains("tokens.secret"));
        config.proxies = "127.0.0.1".to_owned();
        config.tokens.secret = "x".repeat(32);
        assert_eq!(config.doubts().len(), 0);
        config.payments.provider = PaymentKind::Stripe;
        config.stripe.secret_key = "sk_live_x".to_owned();
        assert_eq!(config.doubts().len(), 0);
        config.stripe.secret_key = "sk_test_x".to_owned();
        assert!(config.doubts()[0].contains("test mode"));
    }

    #[test]
    fn an_unknown_key_in_a_file_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "listne = \"127.0.0.1:1\"\n").unwrap();
        let error = format!("{:#}", Config::load(Some(file.path())).unwrap_err());
        assert!(error.contains("listne"), "{error}");
    }
}
