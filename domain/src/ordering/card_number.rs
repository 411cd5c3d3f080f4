//! Card numbers of the simulated payment.

use std::fmt;
use std::str::FromStr;

/// A card number whose digits add up (Luhn, ISO/IEC 7812-1). Only its last four digits are ever shown or kept.
#[derive(Clone, PartialEq, Eq)]
pub struct CardNumber(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Check the card number: its digits do not add up.")]
pub struct InvalidCard;

#[cfg(feature = "ssr")]
impl From<InvalidCard> for crate::Refusal {
    fn from(_: InvalidCard) -> Self {
        "card.malformed".into()
    }
}

impl CardNumber {
    /// The simulated payment accepts this one.
    pub const ACCEPTED: &'static str = "4242 4242 4242 4242";
    /// The simulated payment declines this one.
    pub const DECLINED: &'static str = "4000 0000 0000 0002";
    /// The simulated bank asks its owner to confirm.
    pub const SECOND_STEP: &'static str = "4000 0027 6000 3184";
    /// The simulated bank charges it, and its answer is lost on the way.
    pub const TIMES_OUT: &'static str = "4000 0000 0000 0119";

    pub fn digits(&self) -> &str {
        &self.0
    }

    pub fn last4(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

impl FromStr for CardNumber {
    type Err = InvalidCard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let well_formed = (12..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let value = u32::from(digit.wrapping_sub(b'0'));
                match (place % 2, value) {
                    (0, _) => value,
                    (_, 0..5) => value * 2,
                    _ => value * 2 - 9,
                }
            })
            .sum();
        if well_formed && sum.is_multiple_of(10) { Ok(Self(digits)) } else { Err(InvalidCard) }
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardNumber(…{})", self.last4())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_whose_digits_add_up_is_taken() {
        assert_eq!(CardNumber::ACCEPTED.parse::<CardNumber>().unwrap().last4(), "4242");
        for card in [CardNumber::DECLINED, CardNumber::SECOND_STEP, CardNumber::TIMES_OUT] {
            assert!(card.parse::<CardNumber>().is_ok(), "{card}");
        }
    }

    #[test]
    fn a_mistyped_card_number_is_refused_and_never_printed() {
        for text in ["", "4242 4242 4242 4241", "424242424242424x", "1"] {
            assert!(text.parse::<CardNumber>().is_err(), "{text:?} was taken for a card");
        }
        assert!(!format!("{:?}", CardNumber::ACCEPTED.parse::<CardNumber>().unwrap()).contains("4242424"));
    }
}
