//! What buyers think of a title, in numbers.

use serde::{Deserialize, Serialize};

/// The mean of all that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// How many; at least one.
    pub count: u32,
    /// The mean in hundredths of a star: 100 to 500.
    pub hundredths: u32,
}

impl Rating {
    /// As the title keeps it; nothing while nobody has rated it.
    pub fn kept(count: i32, hundredths: i32) -> Option<Self> {
        let (count, hundredths) = (u32::try_from(count).ok()?, u32::try_from(hundredths).ok()?);
        (count > 0).then_some(Self { count, hundredths })
    }

    /// The mean to a tenth of a star: `4.5`.
    pub fn stars(self) -> String {
        stars(self.hundredths)
    }

    /// In words: `4.5 of 5 from 12 ratings`.
    pub fn words(self) -> String {
        let ratings = if self.count == 1 { "rating" } else { "ratings" };
        format!("{} of 5 from {} {ratings}", self.stars(), self.count)
    }
}

/// Hundredths of a star to a tenth: `4.5`.
pub fn stars(hundredths: u32) -> String {
    let tenths = (hundredths + 5) / 10;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_is_said_to_a_tenth_of_a_star() {
        assert_eq!(Rating::kept(0, 0), None);
        assert_eq!(Rating::kept(1, 500).map(Rating::words).as_deref(), Some("5.0 of 5 from 1 rating"));
        assert_eq!(Rating::kept(12, 446).map(Rating::words).as_deref(), Some("4.5 of 5 from 12 ratings"));
        assert_eq!(stars(444), "4.4");
    }
}
