//! Plain text as a page: paragraphs between empty lines, headings in lines that begin with `# `. Nothing in it is markup; an
//! address of the shop, of a site or of a mailbox becomes a link.

use domain::account::Email;
use domain::settings::legal::LegalPage;
use leptos::prelude::*;

/// Pages of the shop that a text may name, besides those that the law asks for.
const NAMED: [&str; 3] = ["/account", "/orders", "/library"];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Paragraph(Vec<Piece>),
}

/// Words, or words that lead somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Link { words: String, address: String },
}

/// Reads a text from top to bottom.
fn blocks(text: &str) -> Vec<Block> {
    let (mut found, mut lines) = (Vec::new(), Vec::<&str>::new());
    let mut end = |lines: &mut Vec<&str>, heading: Option<&str>| {
        if !lines.is_empty() {
            found.push(Block::Paragraph(pieces(&lines.join("\n"))));
            lines.clear();
        }
        found.extend(heading.map(|words| Block::Heading(words.to_owned())));
    };
    for line in text.lines().map(str::trim_end) {
        match line.strip_prefix("# ").map(str::trim) {
            Some(heading) if !heading.is_empty() => end(&mut lines, Some(heading)),
            _ if line.trim().is_empty() => end(&mut lines, None),
            _ => lines.push(line),
        }
    }
    end(&mut lines, None);
    found
}

/// Where a word leads, if anywhere.
fn address(word: &str) -> Option<String> {
    if NAMED.contains(&word) || LegalPage::ALL.iter().any(|page| page.path() == word) {
        return Some(word.to_owned());
    }
    if word.strip_prefix("https://").is_some_and(|host| host.starts_with(char::is_alphanumeric)) {
        return Some(word.to_owned());
    }
    let is_mailbox = word.contains('@') && word.parse::<Email>().is_ok();
    is_mailbox.then(|| format!("mailto:{word}"))
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = vec![Piece::Words(String::new())];
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end().trim_start_matches(['(', '“', '"']);
        let bare = bare.trim_end_matches(['.', ',', ';', ':', ')', '”', '"', '!', '?']);
        let Some(address) = address(bare) else {
            add(&mut found, word);
            continue;
        };
        // What stands before and after it belongs to the sentence.
        let (before, after) = word.split_once(bare).unwrap_or(("", ""));
        add(&mut found, before);
        found.push(Piece::Link { words: bare.to_owned(), address });
        add(&mut found, after);
    }
    found.retain(|piece| !matches!(piece, Piece::Words(words) if words.is_empty()));
    found
}

fn add(found: &mut Vec<Piece>, words: &str) {
    match found.last_mut() {
        Some(Piece::Words(last)) => last.push_str(words),
        _ => found.push(Piece::Words(words.to_owned())),
    }
}

/// The text, with headings below the one of the page.
#[component]
pub fn PlainText(text: String) -> impl IntoView {
    let piece = |piece: Piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Link { words, address } => view! { <a class="link break-words" href=address>{words}</a> }.into_any(),
    };
    let block = move |block: Block| match block {
        Block::Heading(words) => view! { <h2 class="mt-8 text-xl break-words">{words}</h2> }.into_any(),
        Block::Paragraph(pieces) => view! {
            <p class="mt-3 break-words whitespace-pre-line">{pieces.into_iter().map(piece).collect_view()}</p>
        }
        .into_any(),
    };
    blocks(&text).into_iter().map(block).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Piece {
        Piece::Words(text.to_owned())
    }

    fn link(words: &str, address: &str) -> Piece {
        Piece::Link { words: words.to_owned(), address: address.to_owned() }
    }

    #[test]
    fn a_text_is_read_as_headings_and_paragraphs() {
        let read = blocks("First\nline.\n\n\n# A  heading \nSecond.\r\n#no heading\n# \n");
        let expected = [
            Block::Paragraph(vec![words("First\nline.")]),
            Block::Heading("A  heading".to_owned()),
            Block::Paragraph(vec![words("Second.\n#no heading\n#")]),
        ];
        assert_eq!(read, expected);
        assert!(blocks(" \n\n").is_empty());
    }

    #[test]
    fn addresses_are_links_and_what_stands_around_them_is_not() {
        let read = pieces("See /terms, (desk@shop.example) and https://law.example/a. Not /admin or a@.");
        let expected = [
            words("See "),
            link("/terms", "/terms"),
            words(", ("),
            link("desk@shop.example", "mailto:desk@shop.example"),
            words(") and "),
            link("https://law.example/a", "https://law.example/a"),
            words(". Not /admin or a@."),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn nothing_leads_to_a_program() {
        for word in ["javascript:alert(1)", "https://", "data:text/html,1", "//evil.example", "http://shop.example"] {
            assert_eq!(address(word), None, "{word}");
        }
    }
}
