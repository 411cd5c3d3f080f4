//! How scripts put words together: which have spaces between them, which have no full stops, and how wide they are.

/// Signs that are written without space between words: Han, kana, Thai, Lao, Khmer, Burmese, Tibetan.
pub fn is_spaceless(sign: char) -> bool {
    is_ideographic(sign) || is_stopless(sign) || ('\u{0f00}'..='\u{0fff}').contains(&sign)
}

/// Han and kana, with their punctuation.
fn is_ideographic(sign: char) -> bool {
    matches!(sign, '\u{2e80}'..='\u{303f}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}')
}

/// Scripts that end no sentence with a sign, as a rule: Thai, Lao, Khmer, Burmese.
pub fn is_stopless(sign: char) -> bool {
    matches!(sign, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// What stands between two words, or between two sentences, of a text: a space or nothing.
pub fn gap(before: &str, after: &str) -> &'static str {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return "" };
    if last.is_whitespace() || first.is_whitespace() || is_spaceless(last) && is_spaceless(first) { "" } else { " " }
}

/// Puts words together to a text as their script has it.
pub fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(gap(&text, word));
        text.push_str(word);
    }
    text
}

/// Columns that a sign takes on a screen: two for those of East Asia (Unicode TR 11), none for a mark on another sign.
pub fn columns(sign: char) -> usize {
    if unicode_normalization::char::is_combining_mark(sign) || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{feff}') {
        return 0;
    }
    let wide = is_ideographic(sign)
        || matches!(sign, '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{fe30}'..='\u{fe4f}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}');
    1 + usize::from(wide)
}

/// Columns that a text takes on a screen.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_as_their_script_has_it() {
        assert_eq!(joined(["The", "bell", "rang."]), "The bell rang.");
        assert_eq!(joined(["钟", "声", "响", "了。"]), "钟声响了。");
        assert_eq!(joined(["ระฆัง", "ดัง"]), "ระฆังดัง");
        assert_eq!(joined(["종이", "울렸다."]), "종이 울렸다.", "Korean has spaces");
        assert_eq!(joined([]), "");
    }

    #[test]
    fn signs_of_east_asia_take_two_columns_and_marks_none() {
        assert_eq!((width("bell"), width("钟声。"), width("종"), width("กี่"), width("e\u{301}")), (4, 6, 2, 1, 1));
    }
}
