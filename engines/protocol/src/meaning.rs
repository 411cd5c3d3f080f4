//! What texts mean, as vectors: two that mean much the same point much the same way.

use serde::{Deserialize, Serialize};

use crate::RequestId;

/// Texts of one [`Embed`] at most, so that their vectors fit into a line whatever the model.
pub const MOST_EMBEDDED: usize = 64;

/// Asks what several texts mean. Answered by [`Embedded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Echoed in the answer.
    pub id: RequestId,
    /// At most [`MOST_EMBEDDED`], none of them empty. Of one that is longer than the model reads at once, the beginning counts.
    pub texts: Vec<String>,
}

/// What several texts mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Embedded {
    /// The [`Embed`] that this answers.
    pub id: RequestId,
    /// In the order of the texts, all of the same dimension and of length 1: the product of two is the cosine of their angle.
    pub vectors: Vec<Vec<f32>>,
}
