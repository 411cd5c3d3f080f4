//! One source for both forms of a mail: plain text, and HTML that holds nothing that is fetched from anywhere.

use crate::markup::escape;
use domain::account::Language;

/// A piece of a mail.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A paragraph.
    Words(String),
    /// What the mail is for: a button, or the address alone in plain text.
    Button { words: &'static str, address: String },
    /// A way on beside it.
    Link { words: &'static str, address: String },
    /// Lines that belong together, such as a postal address.
    Lines(Vec<String>),
}

/// As plain text: a line for each paragraph, an empty one between.
pub fn text(pieces: &[Piece]) -> String {
    let paragraphs = pieces.iter().map(|piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Button { words, address } | Piece::Link { words, address } => format!("{words}:\n{address}"),
        Piece::Lines(lines) => lines.join("\n"),
    });
    paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
}

/// As HTML. Mail programs know little of style sheets, so the style stands in the elements.
pub fn html(language: Language, subject: &str, pieces: &[Piece]) -> String {
    let paragraphs: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => format!("<p>{}</p>\n", escape(words)),
            Piece::Lines(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| escape(line)).collect();
                format!("<p>{}</p>\n", lines.join("<br>\n"))
            }
            Piece::Link { words, address } => {
                format!("<p><a href=\"{}\" style=\"color:#17594a\">{}</a></p>\n", escape(address), escape(words))
            }
            Piece::Button { words, address } => {
                let (words, address) = (escape(words), escape(address));
                format!(
                    "<p style=\"margin:28px 0\"><a href=\"{address}\" style=\"background:#17594a;border-radius:6px;\
                     color:#ffffff;display:inline-block;font-weight:600;padding:12px 20px;text-decoration:none\">{words}</a></p>\n\
                     <p style=\"color:#59605c;font-size:14px\">Or open this address: \
                     <span style=\"word-break:break-all\">{address}</span></p>\n"
                )
            }
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n</head>\n\
         <body style=\"background:#ffffff;color:#1d211f;font:16px/1.6 Helvetica,Arial,sans-serif;margin:0;padding:24px\">\n\
         <div style=\"margin:0 auto;max-width:34em\">\n{paragraphs}</div>\n</body>\n</html>\n",
        language.tag(),
        escape(subject)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let pieces = [
            Piece::Words("Hello Ada,".into()),
            Piece::Button {
                words: "Choose a new password",
                address: "https://shop.example/reset-password?token=1".into(),
            },
        ];
        let (text, html) = (text(&pieces), html(Language::AmericanEnglish, "A subject", &pieces));
        assert_eq!(text, "Hello Ada,\n\nChoose a new password:\nhttps://shop.example/reset-password?token=1\n");
        for words in [
            "<html lang=\"en-US\">",
            "Hello Ada,",
            "Choose a new password",
            "href=\"https://shop.example/reset-password?token=1\"",
        ] {
            assert!(html.contains(words), "{html}");
        }
    }

    #[test]
    fn a_name_is_never_markup() {
        let pieces = [Piece::Words("Hello <img src=x onerror=\"alert('&')\">,".into())];
        let html = html(Language::default(), "<b>", &pieces);
        assert!(html.contains("Hello &lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;,"), "{html}");
        assert!(html.contains("<title>&lt;b&gt;</title>"));
    }
}
