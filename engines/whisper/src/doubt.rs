//! What speaks against a text: the measures and limits of the Whisper paper (Radford et al., 2022, section 4.5).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::listen::Written;

/// More than this for each byte compressed is a loop.
const LOOP_RATIO: f32 = 2.4;
/// Words in a row that are more than a name.
const SENTENCE: usize = 6;
/// Less certain than this is doubtful.
const UNCERTAIN: f32 = -1.0;

/// Bytes of a text for each byte of it compressed. 0 for no text.
pub fn compression_ratio(text: &str) -> f32 {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail; if it did, the text would not count as a loop.
    let packed = packed.write_all(text.as_bytes()).and_then(|()| packed.finish());
    packed.map_or(0.0, |packed| text.len() as f32 / packed.len().max(1) as f32)
}

/// Whether another reading may be better.
pub fn is_doubtful(written: &Written, text: &str) -> bool {
    !text.is_empty() && (compression_ratio(text) > LOOP_RATIO || written.average_log_probability < UNCERTAIN)
}

/// How much a reading is worth against another one of the same sound: a loop is worth less than any guess.
pub fn worth(written: &Written, text: &str) -> f32 {
    let ratio = compression_ratio(text);
    written.average_log_probability - if ratio > LOOP_RATIO { 10.0 * ratio } else { 0.0 }
}

/// Whether a text gives back the prompt: models do that when there is little to hear. Two of its names as they stand in it, one
/// after the other, are an echo, and so is one alone; one among other words may well be said.
pub fn echoes(text: &str, prompt: &str) -> bool {
    let said = plain_words(text);
    let names: Vec<Vec<String>> =
        prompt.split([',', '.', ';', '\n']).map(plain_words).filter(|name| !name.is_empty()).collect();
    let holds = |row: &[String]| said.windows(row.len()).any(|window| window == row);
    names.contains(&said)
        || names.windows(2).any(|pair| holds(&pair.concat()))
        || names.iter().any(|name| name.len() >= SENTENCE && holds(name))
}

fn plain_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(average_log_probability: f32) -> Written {
        Written { stretches: Vec::new(), no_speech_probability: 0.0, average_log_probability, language: None }
    }

    #[test]
    fn a_loop_and_a_guess_are_doubtful_and_a_sentence_is_not() {
        let sentence = "The keeper pulled the rope, and far away a bell began to ring in the fog over the harbour.";
        assert!(!is_doubtful(&written(-0.3), sentence));
        assert!(is_doubtful(&written(-1.2), sentence));
        assert!(is_doubtful(&written(-0.1), &"and then he said ".repeat(20)));
        assert!(!is_doubtful(&written(-1.2), ""), "silence cannot be read better");
    }

    #[test]
    fn a_prompt_given_back_is_noticed_and_a_name_that_is_said_is_not() {
        let names = "Elinor Dashwood, Colonel Brandon, Barton Park.";
        assert!(echoes("Elinor Dashwood. Colonel Brandon. Barton Park.", names));
        assert!(echoes("He left. Colonel Brandon, Barton Park.", names), "a part of it");
        assert!(echoes("Barton Park.", names), "and nothing else");
        assert!(!echoes("Elinor walked with Colonel Brandon to Barton Park.", names));
        assert!(!echoes("Lectern welcomes you.", "Lectern"));
        assert!(!echoes("This is the Snow Queen, she said.", "The Snow Queen, Andersen."));
        assert!(echoes("Then it was a dark and stormy night.", "It was a dark and stormy night."));
        assert!(!echoes("", names));
        assert!(echoes(" Lectern. ", "Lectern"));
    }
}
