//! What makes the engine quick, or may: each can be switched by a word in `LECTERN_EARS`, so that `scripts/bench-pipeline` can
//! measure what it brings. The shop gives its engines no such variable: there all of them stand as they are shipped.

/// The variable, with words between spaces.
const VARIABLE: &str = "LECTERN_EARS";

/// How many positions of the encoder are used for a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Positions {
    /// As many as suit the fast kernels, where the chunk is not longer.
    #[default]
    Swift,
    /// As many as the model has.
    All,
    /// As many as the chunk is long, and some: models were never taught to hear so little at once.
    Cut,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levers {
    pub positions: Positions,
    /// All threads work on one chunk, instead of each on its own.
    pub one_chunk: bool,
    /// Attention in one go; words have no times from the model then.
    pub flash: bool,
    /// Words have no times from the model, but from the sound alone.
    pub no_alignment: bool,
    /// Five readings are weighed against each other at once, not only where the likeliest one is doubtful.
    pub beam: bool,
    /// What is doubtful is not heard again.
    pub once: bool,
    /// The model writes no marks of time.
    pub no_marks: bool,
    /// The weights are in eight bits, made once and kept beside the model.
    pub eight_bits: bool,
    /// The end of a chunk is encoded again when the model stops before it.
    pub encode_again: bool,
}

impl Levers {
    /// As the environment says.
    ///
    /// # Errors
    /// A word that stands for no lever.
    pub fn of_environment() -> Result<Self, String> {
        Self::read(&std::env::var(VARIABLE).unwrap_or_default())
    }

    fn read(words: &str) -> Result<Self, String> {
        let mut levers = Self::default();
        for word in words.split_whitespace() {
            match word {
                "all-positions" => levers.positions = Positions::All,
                "cut-positions" => levers.positions = Positions::Cut,
                "one-chunk" => levers.one_chunk = true,
                "flash" => levers.flash = true,
                "no-alignment" => levers.no_alignment = true,
                "beam" => levers.beam = true,
                "once" => levers.once = true,
                "no-marks" => levers.no_marks = true,
                "eight-bits" => levers.eight_bits = true,
                "encode-again" => levers.encode_again = true,
                _ => return Err(format!("{VARIABLE} knows no {word:?}")),
            }
        }
        Ok(levers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_switched_where_nobody_says_so() {
        assert_eq!(Levers::read(""), Ok(Levers::default()));
    }

    #[test]
    fn a_lever_is_switched_by_its_word_and_an_unknown_one_is_refused() {
        let levers = Levers::read(" beam  cut-positions").unwrap();
        assert_eq!(levers, Levers { beam: true, positions: Positions::Cut, ..Levers::default() });
        assert!(Levers::read("beem").unwrap_err().contains("beem"));
    }
}
