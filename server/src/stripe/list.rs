//! Lists at Stripe, to their end (docs.stripe.com/api/pagination).

use super::Stripe;
use super::client::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What comes with one answer: as much as Stripe gives.
const AT_ONCE: &str = "100";
/// Answers that are asked for; a payment with more refunds than they hold needs somebody who looks at it.
const MOST: usize = 50;

/// Something that Stripe has named.
pub(super) trait Named {
    fn name(&self) -> &str;
}

#[derive(Deserialize)]
struct Part<T> {
    data: Vec<T>,
    #[serde(default)]
    has_more: bool,
}

/// All that a path lists of a payment, the newest first.
///
/// # Errors
/// When Stripe does not answer, refuses, or lists more than anybody would read.
pub(super) async fn all<T: DeserializeOwned + Named>(
    stripe: &Stripe,
    path: &str,
    intent: &str,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::<T>::new();
    for _ in 0..MOST {
        let last = all.last().map(|one| one.name().to_owned());
        let mut query = vec![("payment_intent", intent), ("limit", AT_ONCE)];
        if let Some(last) = &last {
            query.push(("starting_after", last.as_str()));
        }
        let part: Part<T> = stripe.client.get(path, &query).await?;
        let more = part.has_more && !part.data.is_empty();
        all.extend(part.data);
        if !more {
            return Ok(all);
        }
    }
    Err(Failure::Away(format!("it lists more of one payment under {path} than is read")))
}
