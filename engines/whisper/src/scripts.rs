//! Scripts that are written without spaces between words, and where a word begins in them.
//!
//! Such a text is parted at the model's own pieces, which are syllables or short words, and never inside a syllable: no mark,
//! vowel sign, small kana or lengthening stands alone. (Unicode Standard, chapters 16 and 18.)

/// Thai to Khmer, kana, Han.
pub fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether a piece begins a word, after the character that was written last.
pub fn begins_word(before: Option<char>, piece: &str) -> bool {
    let Some(first) = piece.chars().next() else { return false };
    let Some(before) = before else { return true };
    if first == ' ' || before == ' ' {
        return true;
    }
    if is_dependent(first) || is_leading_vowel(before) || !first.is_alphanumeric() {
        return false;
    }
    is_spaceless(first) || is_spaceless(before)
}

/// What belongs to the character before it.
fn is_dependent(c: char) -> bool {
    matches!(c,
        // Thai and Lao: vowels after, above and below, tones, the sign of repetition.
        '\u{0e2f}'..='\u{0e3a}' | '\u{0e45}'..='\u{0e4e}' | '\u{0eb0}'..='\u{0ebc}' | '\u{0ec6}'..='\u{0ecd}'
        // Burmese and Khmer vowels, stacked consonants and tones.
        | '\u{102b}'..='\u{103e}' | '\u{1056}'..='\u{1060}' | '\u{17b4}'..='\u{17d3}' | '\u{17dd}'
        // Small kana, marks of voice, iteration and length.
        | '\u{3041}' | '\u{3043}' | '\u{3045}' | '\u{3047}' | '\u{3049}' | '\u{3063}' | '\u{3083}' | '\u{3085}'
        | '\u{3087}' | '\u{308e}' | '\u{3099}'..='\u{309e}' | '\u{30a1}' | '\u{30a3}' | '\u{30a5}' | '\u{30a7}'
        | '\u{30a9}' | '\u{30c3}' | '\u{30e3}' | '\u{30e5}' | '\u{30e7}' | '\u{30ee}' | '\u{30f5}' | '\u{30f6}'
        | '\u{30fc}'..='\u{30fe}' | '\u{3005}')
}

/// Thai and Lao vowels that are written before the consonant they follow in speech.
fn is_leading_vowel(c: char) -> bool {
    matches!(c, '\u{0e40}'..='\u{0e44}' | '\u{0ec0}'..='\u{0ec4}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_spaces_begin_at_the_space() {
        assert!(begins_word(Some('t'), " house"));
        assert!(!begins_word(Some('t'), "house"));
        assert!(!begins_word(Some('e'), "."));
        assert!(begins_word(None, "Light"));
    }

    #[test]
    fn signs_are_words_and_marks_stay_with_their_sign() {
        assert!(begins_word(Some('\u{6d77}'), "\u{98a8}"), "Han");
        assert!(begins_word(Some('\u{6d77}'), "DVD"), "Latin letters after Han");
        assert!(begins_word(Some('D'), "\u{98a8}"), "Han after Latin letters");
        assert!(!begins_word(Some('\u{30b3}'), "\u{30fc}"), "a long vowel in kana");
        assert!(!begins_word(Some('\u{304d}'), "\u{3083}"), "small kana");
        assert!(!begins_word(Some('\u{0e01}'), "\u{0e34}"), "a Thai vowel above its consonant");
        assert!(!begins_word(Some('\u{0e40}'), "\u{0e01}"), "a Thai consonant after the vowel written before it");
        assert!(!begins_word(Some('\u{98a8}'), "\u{3002}"), "a full stop");
    }
}
