//! What went back of a charge, as its provider says it.

use crate::Money;
use crate::ordering::DisputeStatus;
use uuid::Uuid;

/// All that went back of a charge, or may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// The shop's name of the attempt.
    pub reference: String,
    /// The oldest first.
    pub refunds: Vec<GivenBack>,
    pub disputes: Vec<Disputed>,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    /// What the provider calls it.
    pub name: String,
    /// The refund in the shop's books that it carries out; none of one that was made at the provider itself.
    pub ours: Option<Uuid>,
    pub amount: Money,
    /// Why its money did not reach the buyer, where that is so.
    pub failed: Option<String>,
}

/// A buyer's bank that wants money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// What the provider calls it.
    pub name: String,
    pub amount: Money,
    /// A word of the bank's, such as `fraudulent`.
    pub reason: Option<String>,
    pub status: DisputeStatus,
}
