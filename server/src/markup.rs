//! Text inside HTML, XML and SVG.

/// Text as it may stand between tags and within a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_be_taken_for_markup() {
        assert_eq!(escape("<a b=\"c\" d='e'> & “é”"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; “é”");
    }
}
