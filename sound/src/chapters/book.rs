//! What library programs keep beside a book: `metadata.json`, as Audiobookshelf writes it, and OPF, as Calibre does
//! (<https://idpf.org/epub/20/spec/OPF_2.0_latest.htm>).

use crate::decode::Mark;
use crate::tags::Tags;
use serde_json::Value;

/// Reads `metadata.json`; none when it is something else.
pub fn json(text: &str) -> Option<Tags> {
    let all: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    // Older files have the fields one level down.
    let book = all.get("metadata").filter(|inner| inner.is_object()).unwrap_or(&all);
    let mut tags = Tags::default();
    for (field, name) in [
        ("title", "album"),
        ("subtitle", "subtitle"),
        ("authors", "author"),
        ("author", "author"),
        ("narrators", "narrator"),
        ("narrator", "narrator"),
        ("publisher", "publisher"),
        ("publishedYear", "year"),
        ("description", "description"),
        ("language", "language"),
        ("isbn", "isbn"),
        ("series", "series"),
    ] {
        tags.take(name, &texts(book.get(field)));
    }
    let chapters = all.get("chapters").or_else(|| book.get("chapters")).and_then(Value::as_array);
    tags.marks = chapters.into_iter().flatten().take(10_000).filter_map(chapter).collect();
    tags.marks.sort_by_key(|mark| mark.start_ms);
    (tags != Tags::default()).then_some(tags)
}

/// A text, a number, or a list of texts or of things with a name.
fn texts(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(list)) => list.iter().map(|one| texts(Some(one))).collect::<Vec<_>>().join("; "),
        Some(Value::Object(fields)) => texts(fields.get("name")),
        _ => String::new(),
    }
}

/// Seconds and a title.
fn chapter(value: &Value) -> Option<Mark> {
    let seconds = value.get("start")?.as_f64().filter(|seconds| (0.0..1e9).contains(seconds))?;
    let title = value.get("title").and_then(Value::as_str).map(str::trim).filter(|title| !title.is_empty());
    Some(Mark { title: title.map(str::to_owned), start_ms: (seconds * 1000.0).round() as i64 })
}

/// Reads an OPF file; none when it says nothing of a book.
pub fn opf(text: &str) -> Option<Tags> {
    let mut tags = Tags::default();
    let mut people: (Vec<String>, Vec<String>) = Default::default();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some(end) = rest.find('>') else { break };
        let (head, after) = (&rest[..end], &rest[end + 1..]);
        let name = head.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
        let content = plain(after.split('<').next().unwrap_or_default());
        match name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase().as_str() {
            "title" => tags.take("album", &content),
            "creator" if attribute(head, "role").as_deref() == Some("nrt") => people.1.push(content),
            "creator" => people.0.push(content),
            "publisher" | "language" | "date" | "description" => {
                tags.take(name.rsplit(':').next().unwrap_or(name), &content);
            }
            "identifier" => tags.take("isbn", content.trim_start_matches("urn:isbn:")),
            "meta" => {
                let value = attribute(head, "content").unwrap_or_default();
                match attribute(head, "name").as_deref() {
                    Some("calibre:series") => tags.take("series", &value),
                    Some("calibre:series_index") => tags.take("seriespart", &value),
                    _ => {}
                }
            }
            _ => {}
        }
        rest = after;
    }
    tags.take("author", &people.0.join("; "));
    tags.take("narrator", &people.1.join("; "));
    (tags != Tags::default()).then_some(tags)
}

/// The value of an attribute, whatever prefix its name has.
fn attribute(head: &str, name: &str) -> Option<String> {
    let mut rest = head;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        if before.is_some_and(|sign| sign.is_whitespace() || sign == ':')
            && let Some(value) = after.strip_prefix('=').map(str::trim_start)
            && let Some(quote) = value.chars().next().filter(|sign| matches!(sign, '"' | '\''))
        {
            return value[1..].split(quote).next().map(plain);
        }
        rest = &rest[at + name.len()..];
    }
    None
}

/// Text without the marks that XML writes for signs of its own.
fn plain(text: &str) -> String {
    let mut plain = text.trim().to_owned();
    for (mark, sign) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(mark, sign);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_library_program_kept_is_read() {
        let tags = json(
            r#"{"title": "The Light", "authors": ["Ada Quill"], "narrators": ["Tom Reed"], "series": ["The Coast #2"],
                "publishedYear": "2021", "language": "en", "chapters": [{"start": 61.5, "end": 90, "title": "Dusk"},
                {"start": 0, "end": 61.5, "title": "Dawn"}]}"#,
        )
        .unwrap();
        assert_eq!((tags.album.as_deref(), tags.year), (Some("The Light"), Some(2021)));
        assert_eq!((tags.series.as_deref(), tags.series_position.as_deref()), (Some("The Coast"), Some("2")));
        assert_eq!(tags.marks.iter().map(|mark| mark.start_ms).collect::<Vec<_>>(), [0, 61_500]);
        assert_eq!(json("[1, 2]"), None);
        assert_eq!(json("not json"), None);
    }

    #[test]
    fn a_package_file_names_who_reads() {
        let tags = opf(
            r#"<?xml version="1.0"?><package><metadata xmlns:dc="x" xmlns:opf="y"><dc:title>Salt &amp; Light</dc:title>
               <dc:creator opf:role="aut">Ada Quill</dc:creator><dc:creator opf:role='nrt'>Tom Reed</dc:creator>
               <dc:identifier opf:scheme="ISBN">978-3-16-148410-0</dc:identifier><dc:language>en</dc:language>
               <meta name="calibre:series" content="The Coast"/><meta name="calibre:series_index" content="2.0"/>
               </metadata></package>"#,
        )
        .unwrap();
        assert_eq!(tags.album.as_deref(), Some("Salt & Light"));
        assert_eq!((tags.authors, tags.narrators), (vec!["Ada Quill".to_owned()], vec!["Tom Reed".to_owned()]));
        assert_eq!(tags.isbn.as_deref(), Some("9783161484100"));
        assert_eq!(tags.series_position.as_deref(), Some("2.0"));
        assert_eq!(opf("<html>"), None);
    }
}
