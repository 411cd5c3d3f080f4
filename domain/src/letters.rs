//! Letters as they are compared: what is left out when people type them, and which scripts have no spaces.

/// What stands for letters that are left out, or joins two words.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Signs above, through or below a letter that people leave out when they type: accents of European scripts, the points
/// of Hebrew and Arabic. The vowels of India and South-East Asia are none.
pub fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese: a reader of them looks for what stands inside.
pub fn is_written_without_spaces(c: char) -> bool {
    c.is_alphanumeric()
        && matches!(c,
            '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1100}'..='\u{11FF}'
            | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}' | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Letters that Unicode does not take apart, as people without them on the keyboard write them: plain, and spelt out
/// where that differs.
pub fn spelt_out(c: char) -> (Option<&'static str>, Option<&'static str>) {
    match c {
        'ß' => (Some("ss"), None),
        'æ' => (Some("ae"), None),
        'œ' => (Some("oe"), None),
        'ø' => (Some("o"), Some("oe")),
        'ł' => (Some("l"), None),
        'đ' | 'ð' => (Some("d"), None),
        'þ' => (Some("th"), None),
        'ı' => (Some("i"), None),
        _ => (None, None),
    }
}
