//! `lectern config`.

use crate::Config;
use crate::config::KEYS;

/// Prints every key with its variable, default and meaning.
///
/// # Errors
/// Never: it only prints.
pub fn run(config: &Config) -> anyhow::Result<()> {
    println!("# Defaults, then lectern.toml (or --config), then the environment.\n");
    for key in KEYS {
        println!("# {}\n# {}\n{} = {:?}\n", key.about, key.variable(), key.name, key.default);
    }
    println!("# In force: database {}, storage {:?}", without_password(&config.database_url()), config.storage.kind);
    Ok(())
}

/// A database address that may be shown.
pub fn without_password(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(mut url) if url.password().is_some() => {
            if url.set_password(Some("…")).is_err() {
                return format!("{}:…", url.scheme());
            }
            url.to_string()
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_is_never_printed() {
        let shown = super::without_password("postgres://shop:hunter2@db.example/lectern");
        assert!(!shown.contains("hunter2") && shown.contains("db.example"), "{shown}");
    }
}
