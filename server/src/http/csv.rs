//! Tables for a spreadsheet, by RFC 4180.

/// A cell in quotes. A spreadsheet takes what begins like a formula for one, and runs it: an apostrophe in front makes it
/// text (OWASP: CSV Injection).
pub fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_is_text_in_a_spreadsheet() {
        assert_eq!(cell("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        for begin in ["+", "-", "@", "\t", "\r", "\n"] {
            assert_eq!(cell(&format!("{begin}1")), format!("\"'{begin}1\""));
        }
        assert_eq!(cell("ada@example.com"), "\"ada@example.com\"");
    }
}
