//! Words that are said again and again, as a model does that is caught in a loop.

use super::script::is_spaceless;

/// Longest stretch of words that is looked for again, in words.
const LONGEST: usize = 60;

/// A word, or a sign of a script without spaces; and the text that it is of.
struct Unit {
    word: String,
    text: usize,
    /// Two for a word, one for a sign: about two signs make a word.
    weight: usize,
}

/// Which of these texts, one said after the other, are for the most part the same words over and over.
pub fn looping<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<bool> {
    let mut units = Vec::new();
    let mut sizes = Vec::new();
    for (place, text) in texts.into_iter().enumerate() {
        let before = units.len();
        read(text, place, &mut units);
        sizes.push(units.len() - before);
    }
    let mut caught = vec![false; units.len()];
    for length in 1..=LONGEST.min(units.len() / 2) {
        mark(&units, length, &mut caught);
    }
    let mut counts = vec![0; sizes.len()];
    for (unit, _) in units.iter().zip(&caught).filter(|(_, caught)| **caught) {
        counts[unit.text] += 1;
    }
    counts.into_iter().zip(sizes).map(|(caught, size)| size > 0 && caught * 2 >= size).collect()
}

/// Marks the units of every run in which the same `length` units come again often enough.
fn mark(units: &[Unit], length: usize, caught: &mut [bool]) {
    let mut from = 0;
    while from + length < units.len() {
        let same =
            (from..units.len() - length).take_while(|place| units[*place].word == units[place + length].word).count();
        let weight: usize = units[from..from + length].iter().map(|unit| unit.weight).sum();
        if same + length >= length * enough(weight.div_ceil(2)) {
            caught[from..from + same + length].fill(true);
        }
        from += same + 1;
    }
}

/// How often so many words must be said in a row to be a loop: people do say “no, no, no”, and sing refrains.
fn enough(words: usize) -> usize {
    match words {
        0 | 1 => 7,
        2 => 5,
        3..=5 => 4,
        _ => 3,
    }
}

fn read(text: &str, place: usize, units: &mut Vec<Unit>) {
    let mut word = String::new();
    for sign in text.chars().flat_map(char::to_lowercase) {
        let spaceless = is_spaceless(sign);
        if sign.is_alphanumeric() && !spaceless {
            word.push(sign);
            continue;
        }
        if sign == '\'' || sign == '’' {
            continue;
        }
        if !word.is_empty() {
            units.push(Unit { word: std::mem::take(&mut word), text: place, weight: 2 });
        }
        if sign.is_alphanumeric() {
            units.push(Unit { word: sign.to_string(), text: place, weight: 1 });
        }
    }
    if !word.is_empty() {
        units.push(Unit { word, text: place, weight: 2 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_a_hundred_times_is_a_loop_from_the_first_to_the_last() {
        assert_eq!(looping(vec!["The bell rang over the harbour."; 100]), vec![true; 100]);
        assert_eq!(looping(["谢谢观看。"; 10]), [true; 10]);
        assert_eq!(looping(["Thank you."; 5]), [true; 5]);
    }

    #[test]
    fn a_loop_inside_one_text_and_one_over_several_are_found() {
        assert_eq!(looping(["and then and then and then and then and then and then"]), [true]);
        let over = ["I am here.", "You are there.", "I am here.", "You are there.", "I am here.", "You are there."];
        assert_eq!(looping(over), [true; 6]);
    }

    #[test]
    fn the_text_around_a_loop_is_none() {
        let texts =
            ["It was a dark night.", "Go on.", "Go on.", "Go on.", "Go on.", "Go on.", "Then the ship came in."];
        assert_eq!(looping(texts), [false, true, true, true, true, true, false]);
    }

    #[test]
    fn what_people_say_twice_or_sing_again_is_no_loop() {
        for text in [
            "The ship, the old ship, came home to the harbour in the night.",
            "No, no, no, no!",
            "Will you, won't you, will you, won't you, will you join the dance? Will you, won't you, will you, won't you, \
             won't you join the dance?",
            "Off with her head! Off with her head! Off with her head!",
            "",
        ] {
            assert_eq!(looping([text]), [false], "{text}");
        }
    }
}
