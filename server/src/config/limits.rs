//! How often something may be tried.

use super::Config;
use anyhow::{Context, bail};
use domain::limits::{Allowance, Rule};
use serde::Deserialize;
use std::collections::HashMap;

/// Where attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitStore {
    /// In Redis where there is one, else in memory.
    Auto,
    Memory,
    Database,
    Redis,
}

/// What is allowed for each rule, as it is written.
#[derive(Clone, Debug, Deserialize)]
pub struct Limits {
    pub shared: LimitStore,
    #[serde(flatten)]
    rules: HashMap<String, String>,
}

impl Limits {
    /// Nothing is limited.
    #[cfg(test)]
    pub fn off() -> Self {
        Self { shared: LimitStore::Memory, rules: HashMap::new() }
    }

    /// Another allowance for a rule.
    #[cfg(test)]
    pub fn set(&mut self, rule: Rule, written: &str) {
        self.rules.insert(rule.name().to_owned(), written.to_owned());
    }

    /// What is allowed. A rule that is off is left out.
    ///
    /// # Errors
    /// When a rule is unknown or cannot be read; the message names the key.
    pub fn allowances(&self) -> anyhow::Result<HashMap<Rule, Allowance>> {
        let mut allowances = HashMap::new();
        for (name, written) in &self.rules {
            let rule = Rule::ALL.into_iter().find(|rule| rule.name() == name);
            let rule = rule.with_context(|| format!("there is no limits.{name}: `lectern config` lists every key"))?;
            let allowance = Allowance::read(written).with_context(|| format!("limits.{name} is {written:?}"))?;
            allowances.extend(allowance.map(|allowance| (rule, allowance)));
        }
        Ok(allowances)
    }
}

impl Config {
    /// Where attempts are counted; never [`LimitStore::Auto`].
    ///
    /// # Errors
    /// When it is a Redis, and none is configured.
    pub fn limit_store(&self) -> anyhow::Result<LimitStore> {
        Ok(match (self.limits.shared, self.redis.is_configured()) {
            (LimitStore::Auto, true) => LimitStore::Redis,
            (LimitStore::Auto, false) => LimitStore::Memory,
            (LimitStore::Redis, false) => bail!(
                "limits.shared is redis, and redis.url names none: set it, or count in the database with limits.shared = \
                 \"database\""
            ),
            (store, _) => store,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_key_and_may_be_off() {
        let mut limits = Config::load(None).unwrap().limits;
        assert_eq!(limits.shared, LimitStore::Auto);
        assert_eq!(limits.allowances().unwrap().len(), Rule::ALL.len());
        limits.rules.insert("register".to_owned(), "off".to_owned());
        assert!(!limits.allowances().unwrap().contains_key(&Rule::Register));
    }

    #[test]
    fn attempts_are_counted_in_redis_where_there_is_one_unless_somebody_said_otherwise() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.limit_store().unwrap(), LimitStore::Memory);
        config.limits.shared = LimitStore::Redis;
        let refused = config.limit_store().unwrap_err().to_string();
        assert!(refused.contains("redis.url"), "{refused}");
        config.redis.url = "redis://127.0.0.1".to_owned();
        assert_eq!(config.limit_store().unwrap(), LimitStore::Redis);
        config.limits.shared = LimitStore::Auto;
        assert_eq!(config.limit_store().unwrap(), LimitStore::Redis);
        config.limits.shared = LimitStore::Database;
        assert_eq!(config.limit_store().unwrap(), LimitStore::Database);
    }

    #[test]
    fn what_is_no_limit_is_named() {
        for (name, written) in [("register", "many"), ("regsiter", "10/1h")] {
            let mut limits = Config::load(None).unwrap().limits;
            limits.rules.insert(name.to_owned(), written.to_owned());
            let error = format!("{:#}", limits.allowances().unwrap_err());
            assert!(error.contains(&format!("limits.{name}")), "{error}");
        }
    }
}
