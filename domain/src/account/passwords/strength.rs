//! How hard a password is to guess.

#[cfg(feature = "ssr")]
pub use judge::{check, measure};

use serde::{Deserialize, Serialize};

/// What a meter shows of a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// From 0, guessed at once, to [`Strength::BEST`].
    pub score: u8,
    /// Why it would be refused, and what to do about it.
    pub refusal: Option<String>,
}

impl Strength {
    pub const BEST: u8 = 4;
}

#[cfg(feature = "ssr")]
mod judge {
    use super::super::gate::{CHOOSING, METER};
    use super::Strength;
    use crate::account::{Email, Password, WeakPassword};
    use crate::{Error, Result};
    use zxcvbn::matching::patterns::MatchPattern;
    use zxcvbn::{Match, Score, zxcvbn};

    /// What somebody would try first at this shop.
    const SHOP: [&str; 3] = ["lectern", "audiobook", "audiobooks"];
    /// Below this a password is refused: fewer than 10^8 guesses.
    const ENOUGH: Score = Score::Three;
    /// Shorter pieces of a name or an address are in every other word.
    const SHORTEST_PIECE: usize = 3;
    /// Whoever asks the meter says what the address and the name are, and could say anything.
    const MOST_PIECES: usize = 32;

    /// So many characters are judged: what is hard to guess in these is hard to guess with more behind, and the work grows
    /// with the square of the length.
    const JUDGED: usize = 64;

    /// Refuses a password that is commonly used, or made of the address, the name or the shop's name.
    ///
    /// # Errors
    /// [`Error::Invalid`] on the field `password`, with what to do about it.
    pub async fn check(password: &Password, email: &Email, name: &str) -> Result<()> {
        let (password, email, name) = (password.clone(), email.to_string(), name.to_owned());
        let (_, weakness) = CHOOSING.run(move || Ok(judged(password.expose(), &email, &name))).await?;
        weakness.map_or(Ok(()), |weakness| Err(Error::invalid("password", weakness)))
    }

    /// What a meter shows of a password while it is typed; address and name as far as they are.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait for their turn.
    pub async fn measure(typed: String, email: String, name: String) -> Result<Strength> {
        let password = match Password::parse(typed) {
            Ok(password) => password,
            Err(refused) => return Ok(Strength { score: 0, refusal: Some(refused.to_string()) }),
        };
        let (score, weakness) = METER.run(move || Ok(judged(password.expose(), &email, &name))).await?;
        Ok(Strength { score, refusal: weakness.map(|weakness| weakness.to_string()) })
    }

    fn judged(password: &str, email: &str, name: &str) -> (u8, Option<WeakPassword>) {
        let personal = pieces(email, name);
        let known: Vec<&str> = personal.iter().map(String::as_str).chain(SHOP).collect();
        let beginning: String = password.chars().take(JUDGED).collect();
        let guessed = zxcvbn(&beginning, &known);
        let weakness = (guessed.score() < ENOUGH).then(|| {
            let found = words(guessed.sequence());
            if found.iter().any(|word| personal.contains(word)) {
                WeakPassword::Personal
            } else if found.iter().any(|word| SHOP.contains(&word.as_str())) {
                WeakPassword::ShopName
            } else {
                WeakPassword::Common
            }
        });
        (u8::from(guessed.score()), weakness)
    }

    /// The words that a password was seen to be made of.
    fn words(sequence: &[Match]) -> Vec<String> {
        let of = |found: &Match| match &found.pattern {
            MatchPattern::Dictionary(word) => vec![word.matched_word.clone()],
            MatchPattern::Repeat(repeat) => words(&repeat.base_matches),
            _ => Vec::new(),
        };
        sequence.iter().flat_map(of).collect()
    }

    /// What of an address and a name somebody would try.
    fn pieces(email: &str, name: &str) -> Vec<String> {
        let whole = [email.to_owned(), email.split('@').next().unwrap_or_default().to_owned(), name.replace(' ', "")];
        let parts = email.split(|c: char| !c.is_alphanumeric()).chain(name.split_whitespace()).map(str::to_owned);
        let long_enough = |piece: &String| piece.chars().count() >= SHORTEST_PIECE;
        whole.into_iter().chain(parts).map(|piece| piece.to_lowercase()).filter(long_enough).take(MOST_PIECES).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use proptest::prelude::*;
        use std::time::{Duration, Instant};

        fn weakness(password: &str) -> Option<WeakPassword> {
            judged(password, "ada.lovelace@example.com", "Ada Lovelace").1
        }

        #[test]
        fn a_few_words_are_a_good_password() {
            for good in ["seven green bottles", "a quiet desk by the window", "TzJ9-w4!xQ2p", "жёлтый чайник поёт"]
            {
                assert_eq!(weakness(good), None, "{good:?}");
            }
        }

        #[test]
        fn what_many_people_use_is_refused_however_it_is_dressed_up() {
            for common in
                ["qwertyuiop123", "password1234", "P@ssw0rd1234", "aaaaaaaaaaaaaa", "123456789012", "iloveyouiloveyou"]
            {
                assert_eq!(weakness(common), Some(WeakPassword::Common), "{common:?}");
            }
        }

        #[test]
        fn what_is_made_of_the_person_or_the_shop_is_refused() {
            for own in ["ada.lovelace@example.com", "LovelaceLovelace", "adalovelace1", "ecalevolecalevol"] {
                assert_eq!(weakness(own), Some(WeakPassword::Personal), "{own:?}");
            }
            for shop in ["lecternlectern", "Lectern-2026", "audiobooks123"] {
                assert_eq!(weakness(shop), Some(WeakPassword::ShopName), "{shop:?}");
            }
        }

        /// What zxcvbn takes longest for: much that looks like words, dates and keys next to each other.
        /// In every run of the tests they are judged at all; how long that takes is for `make bench`.
        #[test]
        fn timing_of_the_hardest_passwords() {
            let measures = std::env::var_os("LECTERN_TIMING_REQUESTS").is_some();
            const PATIENCE: Duration = Duration::from_secs(1);
            let hardest = [
                "a",
                "aA",
                "1",
                "qwerty",
                "password",
                "01011900",
                "p4$$",
                "4@8({[<3690|!1+75$2%",
                "iloveyou1987",
                "é",
                "🦀",
            ];
            // The lists are made at the first question.
            judged("seven green bottles", "", "");
            for piece in hardest {
                let password: String = piece.chars().cycle().take(128).collect();
                let began = Instant::now();
                judged(&password, "ada.lovelace@example.com", "Ada Lovelace");
                let took = began.elapsed();
                println!("  128 characters of {piece:<14} {:>8.1} ms", took.as_secs_f64() * 1000.0);
                assert!(took < PATIENCE || !measures, "{piece:?} keeps a core busy for {took:?}");
            }
        }

        #[test]
        fn what_stands_behind_the_beginning_of_a_long_password_costs_no_work() {
            let long = format!("{}TzJ9-w4!xQ2p", "a".repeat(JUDGED));
            assert_eq!(weakness(&long), Some(WeakPassword::Common), "more than the beginning was judged");
            assert_eq!(weakness(&format!("TzJ9-w4!xQ2p{}", "a".repeat(100))), None);
        }

        #[test]
        fn any_text_is_judged() {
            for odd in
                ["\u{0}\u{1}\u{2}...........", &"🦀".repeat(128), &"ab".repeat(64), " \t \u{a0}\u{200b}          "]
            {
                judged(odd, "", "");
            }
            proptest!(|(password in "\\PC{12,40}|[a-zA-Z0-9]{12,60}", email in ".{0,40}", name in "[a-z ]{0,40}")| {
                judged(&password, &email, &name);
            });
        }
    }
}
