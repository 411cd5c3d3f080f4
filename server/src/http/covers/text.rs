//! Fitting words into a box without knowing the font: widths are estimated, rather too wide than too narrow.

/// Lines of text at a size.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// Height of the letters' em square, in units of the drawing.
    pub size: f64,
    pub lines: Vec<String>,
}

impl Block {
    /// From the top of the first line to the bottom of the last.
    pub fn height(&self) -> f64 {
        self.lines.len() as f64 * self.size * LEADING
    }
}

/// Height of a line as a multiple of the size.
pub const LEADING: f64 = 1.14;

/// Sets `text` as large as fits into the box: tries the sizes in turn, breaks between words, and at the last size also
/// inside them. What still does not fit ends in an ellipsis.
pub fn fit(text: &str, width: f64, height: f64, sizes: &[f64]) -> Block {
    let Some(smallest) = sizes.last().copied() else { return Block { size: 0.0, lines: Vec::new() } };
    for &size in sizes {
        if let Some(lines) = wrap(text, width / size) {
            let block = Block { size, lines };
            if block.height() <= height {
                return block;
            }
        }
    }
    let room = ((height / (smallest * LEADING)) as usize).max(1);
    let mut lines = wrap(&hyphenated(text, width / smallest), width / smallest).unwrap_or_default();
    if lines.len() > room {
        lines.truncate(room);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && ems(last) + ems("…") > width / smallest {
                last.pop();
            }
            let kept = last.trim_end().len();
            last.truncate(kept);
            last.push('…');
        }
    }
    Block { size: smallest, lines }
}

/// Lines of at most `ems` wide; `None` when a word alone is wider. Lines of a short text are made about equally long.
fn wrap(text: &str, width: f64) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.iter().any(|word| ems(word) > width) {
        return None;
    }
    let greedy = break_at(&words, width);
    // The narrowest width that needs no more lines looks best.
    let balanced = (1..=8)
        .rev()
        .map(|eighths| break_at(&words, width * f64::from(eighths + 8) / 16.0))
        .take_while(|lines| lines.len() == greedy.len() && lines.iter().all(|line| ems(line) <= width))
        .last();
    Some(balanced.unwrap_or(greedy))
}

fn break_at(words: &[&str], width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if ems(line) + ems(" ") + ems(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push((*word).to_owned()),
        }
    }
    lines
}

/// Cuts words that are wider than a line, with a hyphen.
fn hyphenated(text: &str, width: f64) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let mut line = 0.0;
        for letter in word.chars() {
            let next = letter_ems(letter);
            if line + next + ems("-") > width && line > 0.0 {
                out.push_str("- ");
                line = 0.0;
            }
            out.push(letter);
            line += next;
        }
        out.push(' ');
    }
    out
}

/// The estimated width of a text in a bold serif, as a multiple of its size.
pub fn ems(text: &str) -> f64 {
    text.chars().map(letter_ems).sum()
}

fn letter_ems(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '’' | '.' | ',' | ':' | ';' | '|' | '!' => 0.36,
        ' ' => 0.32,
        'f' | 't' | 'r' | 's' | '-' | '(' | ')' | '“' | '”' | '"' => 0.52,
        'm' | 'w' | 'M' | 'W' | '—' | '…' | '@' => 1.04,
        'A'..='Z' | '&' => 0.80,
        'a'..='z' | '0'..='9' => 0.66,
        letter if letter.is_ascii() => 0.66,
        // Letters of scripts that are set in squares, such as Chinese.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{ff00}'..='\u{ff60}' => 1.0,
        letter if letter.is_uppercase() => 0.84,
        _ => 0.68,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f64; 3] = [80.0, 60.0, 48.0];

    #[test]
    fn a_short_title_is_large_and_a_long_one_smaller() {
        let short = fit("The Last Spoon", 480.0, 300.0, &SIZES);
        let long = fit("The Dragon Who Kept a Library and What Became of It", 480.0, 300.0, &SIZES);
        assert_eq!(short.size, 80.0);
        assert!(long.size < short.size);
    }

    #[test]
    fn no_title_leaves_its_box() {
        let titles = [
            "A",
            "",
            "Four Minutes to Earth",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "四分钟到地球上去的最后一艘船和它的船长",
            &"A very long title that goes on and on, ".repeat(12),
        ];
        for title in titles {
            let block = fit(title, 480.0, 300.0, &SIZES);
            assert!(block.height() <= 300.0, "{title:?} is {} high", block.height());
            for line in &block.lines {
                assert!(ems(line) * block.size <= 480.5, "{line:?} of {title:?} is too wide");
            }
        }
    }

    #[test]
    fn a_title_that_is_cut_says_so() {
        let block = fit(&"words and ".repeat(80), 480.0, 120.0, &SIZES);
        assert!(block.lines.last().unwrap().ends_with('…'));
    }

    #[test]
    fn lines_are_about_equally_long() {
        assert_eq!(wrap("The Ghost in the Fog", 9.0), Some(vec!["The Ghost".to_owned(), "in the Fog".to_owned()]));
    }
}
