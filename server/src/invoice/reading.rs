//! Reads the text of a document back, as a viewer does that searches it: the objects of the file (ISO 32000-1, 7.3), what the
//! pages draw, and what each face says its letters mean. As much of it as documents of ours have.

use flate2::read::ZlibDecoder;
use std::collections::HashMap;
use std::io::Read;

/// A document, by the numbers of its objects.
pub struct Document {
    /// Each with its stream, where it has one.
    objects: HashMap<u32, (String, Vec<u8>)>,
}

impl Document {
    pub fn read(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-"), "no PDF");
        let mut objects = HashMap::new();
        let mut at = 0;
        while let Some(found) = find(&bytes[at..], b" 0 obj") {
            let mark = at + found;
            let start = bytes[..mark].iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |place| place + 1);
            let number = std::str::from_utf8(&bytes[start..mark]).unwrap().parse().unwrap();
            let body = mark + b" 0 obj".len();
            let end = body + find(&bytes[body..], b"endobj").unwrap();
            let stream = find(&bytes[body..end], b"stream\n").map(|place| body + place);
            let said = String::from_utf8_lossy(&bytes[body..stream.unwrap_or(end)]).into_owned();
            // A stream may hold anything, the end of an object too: its length says where it ends.
            let (content, next) = match stream {
                Some(place) => {
                    let length: usize = number_after(&said, "/Length ").unwrap().try_into().unwrap();
                    let from = place + b"stream\n".len();
                    (bytes[from..from + length].to_vec(), from + length)
                }
                None => (Vec::new(), end),
            };
            let content = if said.contains("/FlateDecode") { inflated(&content) } else { content };
            objects.insert(number, (said, content));
            at = next;
        }
        Self { objects }
    }

    fn said(&self, number: u32) -> &str {
        &self.objects[&number].0
    }

    /// The numbers of the pages, in order.
    fn pages(&self) -> Vec<u32> {
        let mut pages: Vec<u32> = self
            .objects
            .iter()
            .filter(|(_, (said, _))| said.contains("/Type /Page\n") || said.contains("/Type /Page "))
            .map(|(number, _)| *number)
            .collect();
        let order = self.objects.values().map(|(said, _)| said).find(|said| said.contains("/Kids")).unwrap();
        let kids = references(order.split("/Kids").nth(1).unwrap());
        pages.sort_by_key(|page| kids.iter().position(|kid| kid == page));
        pages
    }

    /// How many pages it has, and the words on all of them, one space between two.
    pub fn text(&self) -> (usize, String) {
        let pages = self.pages();
        let texts: Vec<String> = pages.iter().map(|page| self.page(*page)).collect();
        (pages.len(), texts.join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn page(&self, number: u32) -> String {
        let said = self.said(number);
        let resources = match said.split("/Resources").nth(1) {
            Some(rest) if rest.trim_start().starts_with("<<") => rest.to_owned(),
            Some(rest) => self.said(references(rest)[0]).to_owned(),
            None => String::new(),
        };
        let content = number_after(said, "/Contents ").unwrap();
        let (mut letters, mut text) = (HashMap::new(), String::new());
        let mut strings = Vec::new();
        for token in tokens(&self.objects[&content].1) {
            match token {
                Token::String(bytes) => strings.push(bytes),
                Token::Word(word) if word.starts_with("/F") => {
                    if let Some(font) = number_after(&resources, &format!("{word} ")) {
                        letters = self.letters(font);
                    }
                }
                Token::Word(word) if word == "Tj" || word == "TJ" => {
                    for code in strings.drain(..).flat_map(|bytes: Vec<u8>| codes(&bytes)) {
                        text.push_str(letters.get(&code).map_or("\u{fffd}", String::as_str));
                    }
                    text.push(' ');
                }
                Token::Word(_) => strings.clear(),
                Token::Other => {}
            }
        }
        text
    }

    /// What the letters of a face mean.
    fn letters(&self, font: u32) -> HashMap<u16, String> {
        let map = number_after(self.said(font), "/ToUnicode ").unwrap();
        let said = String::from_utf8_lossy(&self.objects[&map].1).into_owned();
        let mut letters = HashMap::new();
        for part in said.split("beginbfchar").skip(1) {
            for line in part.split("endbfchar").next().unwrap().lines() {
                let hex: Vec<&str> = line.split(['<', '>']).filter(|piece| !piece.trim().is_empty()).collect();
                if let [code, means] = hex[..] {
                    let units: Vec<u16> = codes(&hex::decode(means).unwrap());
                    letters.insert(u16::from_str_radix(code, 16).unwrap(), String::from_utf16_lossy(&units));
                }
            }
        }
        letters
    }

    /// The roles that its tags have, for a reader that speaks.
    pub fn roles(&self) -> Vec<String> {
        let of_tag = |said: &&String| said.contains("/StructElem") || said.contains("/S /");
        let tags = self.objects.values().map(|(said, _)| said).filter(of_tag);
        tags.filter_map(|said| Some(said.split("/S /").nth(1)?.split_whitespace().next()?.to_owned())).collect()
    }

    /// Whether something stands in the dictionary that all begins with.
    pub fn says(&self, key: &str) -> bool {
        self.objects.values().any(|(said, _)| said.contains("/Catalog") && said.contains(key))
    }
}

enum Token {
    String(Vec<u8>),
    Word(String),
    Other,
}

/// What a page draws, piece by piece.
fn tokens(content: &[u8]) -> Vec<Token> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (string, next) = literal(content, at + 1);
                found.push(Token::String(string));
                at = next;
            }
            b'<' if content.get(at + 1) == Some(&b'<') => at += 2,
            b'<' => {
                let end = at + content[at..].iter().position(|byte| *byte == b'>').unwrap();
                found.push(Token::String(hex::decode(&content[at + 1..end]).unwrap()));
                at = end + 1;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'/' => {
                let more = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'*';
                let end = content[at + 1..].iter().position(more).map_or(content.len(), |place| at + 1 + place);
                found.push(Token::Word(String::from_utf8_lossy(&content[at..end]).into_owned()));
                at = end;
            }
            _ => {
                found.push(Token::Other);
                at += 1;
            }
        }
    }
    found
}

/// A string in brackets, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut string, mut depth) = (Vec::new(), 0);
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                let digits: String = content[at..]
                    .iter()
                    .take(3)
                    .take_while(|byte| byte.is_ascii_digit())
                    .map(|byte| char::from(*byte))
                    .collect();
                if digits.is_empty() {
                    string.push(match content[at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                } else {
                    string.push(u8::from_str_radix(&digits, 8).unwrap());
                    at += digits.len() - 1;
                }
            }
            b')' if depth == 0 => return (string, at + 1),
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                string.push(byte);
            }
        }
        at += 1;
    }
}

/// Two bytes each.
fn codes(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut all).unwrap();
    all
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn number_after(said: &str, key: &str) -> Option<u32> {
    let rest = said.split_once(key)?.1;
    rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

/// The objects that a list or a key names.
fn references(said: &str) -> Vec<u32> {
    let words: Vec<&str> = said
        .split(|sign: char| sign.is_whitespace() || "[]<>/".contains(sign))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(3)
        .filter(|three| three[1] == "0" && three[2] == "R")
        .filter_map(|three| three[0].parse().ok())
        .collect()
}
