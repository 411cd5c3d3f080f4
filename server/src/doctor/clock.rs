//! Whether this machine's clock is right: against the database's, and that of a server that the shop is configured to ask.

use super::Finding;
use crate::Config;
use crate::config::{PaymentKind, RateKind};
use crate::http::date::parse_http_date;
use domain::{Clock, Db, SystemClock, Timestamp};
use reqwest::redirect::Policy;
use std::time::Duration;

const OF: &str = "clock";
/// A code of the second step counts for so long, in milliseconds.
const MOST_MS: i64 = 30_000;
const ANSWERING: Duration = Duration::from_secs(10);

pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    // SQLite's is this machine's; one that cannot be reached is found elsewhere.
    if config.database_file().is_none()
        && let Ok(db) = Db::connect(&config.database_url(), 1).await
    {
        match db.its_time().await {
            Ok(Some(theirs)) => found.push(judge(SystemClock.now(), theirs, "the database")),
            Ok(None) => {}
            Err(error) => found.push(Finding::doubtful(OF, format!("The database does not say: {error}."), "")),
        }
    }
    if let Some(address) = asked(config) {
        match date_of(address).await {
            Ok(Some(theirs)) => found.push(judge(SystemClock.now(), theirs, address)),
            Ok(None) => found.push(Finding::doubtful(OF, format!("{address} does not say what time it is."), "")),
            Err(error) => found.push(Finding::doubtful(
                OF,
                format!("{address} cannot be asked what time it is: {error}."),
                "Check that this machine may go there: the shop needs it.",
            )),
        }
    }
    if found.is_empty() {
        found.push(Finding::good(OF, "There is no other clock that the shop goes by."));
    }
    found
}

/// A server that the shop asks anyway.
fn asked(config: &Config) -> Option<&str> {
    let s3 = config.storage.s3.endpoint.as_str();
    if config.payments.provider == PaymentKind::Stripe {
        Some(&config.stripe.api)
    } else if !config.google.client_id.is_empty() {
        Some(&config.google.issuer)
    } else if config.rates.from == RateKind::Ecb {
        Some(&config.rates.bank)
    } else {
        Some(s3).filter(|endpoint| !endpoint.is_empty() && config.storage.kind == crate::config::StorageKind::S3)
    }
}

async fn date_of(address: &str) -> reqwest::Result<Option<Timestamp>> {
    let client = reqwest::Client::builder().redirect(Policy::none()).timeout(ANSWERING).build()?;
    let answer = client.head(address).send().await?;
    let date = answer.headers().get(reqwest::header::DATE).and_then(|date| date.to_str().ok());
    Ok(date.and_then(parse_http_date))
}

fn judge(ours: Timestamp, theirs: Timestamp, whose: &str) -> Finding {
    let ahead = ours.since_ms(theirs);
    if ahead.abs() <= MOST_MS {
        return Finding::good(OF, format!("It shows the time of {whose}."));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    Finding::wrong(
        OF,
        format!("This machine's clock is {} s {way} that of {whose}.", ahead.abs() / 1000),
        "Let it be set by the network (`timedatectl set-ntp true`): a code of the second step counts for half a minute, an \
         event of Stripe for five.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;

    #[test]
    fn a_clock_that_is_off_by_more_than_a_code_of_the_second_step_counts_is_wrong() {
        let noon = Timestamp(1_795_165_200_000);
        assert_eq!(judge(noon, noon.plus_ms(MOST_MS), "the database").state, State::Good);
        let behind = judge(noon, noon.plus_ms(90_000), "the database");
        assert_eq!(behind.state, State::Wrong);
        assert!(behind.words.contains("90 s behind that of the database"), "{}", behind.words);
        let ahead = judge(noon.plus_ms(40_000), noon, "https://api.stripe.com");
        assert!(ahead.words.contains("40 s ahead of") && ahead.advice.contains("ntp"), "{}", ahead.words);
    }
}
