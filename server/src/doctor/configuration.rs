//! Whether the values of the configuration fit together.

use super::Finding;
use crate::google::Google;
use crate::redis_server::Redis;
use crate::stripe::Stripe;
use crate::tokens::Tokens;
use crate::vault::SealedVault;
use crate::{Config, rates};
use anyhow::Context;
use domain::Currency;

const OF: &str = "configuration";

pub fn examine(config: &Config) -> Vec<Finding> {
    let currency = config.currency.parse::<Currency>().map(drop).context("currency is not one that the shop knows");
    let name = domain::settings::name_fits(&config.name);
    let refused = [
        currency,
        name.then_some(()).with_context(|| format!("name is none that a shop can have: {:?}", config.name)),
        Stripe::new(config).map(drop),
        Tokens::new(config).map(drop),
        SealedVault::new(config).map(drop),
        Google::new(config).map(drop),
        config.limits.allowances().map(drop),
        config.limit_store().map(drop),
        if config.redis.is_configured() { Redis::address(&config.redis).map(drop) } else { Ok(()) },
        config.proxies().map(drop),
        config.api.origins().map(drop),
        rates::source(config).map(drop),
        config.mail.fits(config.secure()),
    ];
    let wrong = refused.into_iter().filter_map(Result::err).map(|error| {
        Finding::wrong(
            OF,
            format!("{error:#}."),
            "The shop does not open with it. `lectern config` says what each key means.",
        )
    });
    let doubts = config.doubts().into_iter().map(|doubt| Finding::doubtful(OF, format!("{doubt}."), String::new()));
    let mut found: Vec<Finding> = wrong.chain(doubts).collect();
    if found.is_empty() {
        found.push(Finding::good(OF, "Its values fit together."));
    }
    found
}
