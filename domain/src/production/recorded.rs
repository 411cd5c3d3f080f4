//! What recordings say of themselves: kept with each file, and offered to a title that nobody has edited yet.

use crate::catalog::covers::{self, CoverSource};
use crate::catalog::{AudiobookForm, Status, edit, isbn, titles};
use crate::db::BATCH;
use crate::entities::{audiobooks, files};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::CaseStatement;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The version of a title that nobody has saved since it was made.
const UNTOUCHED: i32 = 1;
/// What a new draft is said to be in.
pub(super) const DEFAULT_LANGUAGE: &str = "en";
/// As long as the form takes them.
const LONGEST_LINE: usize = 200;
const LONGEST_DESCRIPTION: usize = 10_000;
const MOST_PEOPLE: usize = 10;

/// The tags of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileTags {
    /// Of the file; the book's name is mostly in `album`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub narrators: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// Which number the file has on its disc, and of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracks: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disc: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discs: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// As it is written: `2` or `2.5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series_position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// As it is written: `eng`, `en`, `English`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isbn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Keeps what files say of themselves. It is told by their bytes alone: saying it again changes nothing.
pub async fn keep(db: &Db, tagged: &[(Uuid, FileTags)]) -> Result<()> {
    for tagged in tagged.chunks(BATCH) {
        // One statement, whatever the number of files.
        let mut tags = CaseStatement::new();
        for (file, said) in tagged {
            tags = tags.case(files::Column::Id.eq(*file), serde_json::to_string(said)?);
        }
        let update = files::Entity::update_many()
            .col_expr(files::Column::Tags, tags.finally(Expr::col(files::Column::Tags)).into())
            .filter(files::Column::Id.is_in(tagged.iter().map(|(file, _)| *file)));
        db.transaction(async |tx| Ok(update.clone().exec(&tx).await?)).await?;
    }
    Ok(())
}

/// Remembers which picture is in a file, so that it can be chosen as the cover; none when there is none.
pub async fn keep_cover(db: &Db, file: Uuid, found: Option<&Found>) -> Result<()> {
    db.transaction(async |tx| covers::keep_embedded(&tx, file, found.map(|found| found.key.as_str())).await).await
}

/// What these files say of themselves, as far as they were looked into.
pub async fn of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, FileTags>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows = files::Entity::find().filter(files::Column::Id.is_in(ids.iter().copied())).all(db).await?;
        found.extend(rows.into_iter().filter_map(|row| {
            let tags = row.tags.as_deref().and_then(|tags| serde_json::from_str(tags).ok())?;
            Some((row.id, tags))
        }));
    }
    Ok(found)
}

/// A picture that was found in a recording, or beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is stored.
    pub key: String,
    pub source: CoverSource,
}

/// Fills the form of a draft that nobody has saved yet with what its first file says; only fields that are empty. Its name
/// is replaced only where it was made of the file's. A draft without a cover gets the picture that was found.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn fill(db: &Db, id: Uuid, tags: &FileTags, file_name: &str, cover: Option<&Found>) -> Result<()> {
    db.transaction(async |tx| {
        if let Some(found) = cover {
            covers::offer(&tx, id, &found.key, found.source).await?;
        }
        fill_in(&tx, id, tags, file_name).await
    })
    .await
}

/// As [`fill`], without a cover. `path` is the name of the file that says so, or its path below the folder that was dropped.
pub(super) async fn fill_in(tx: &Tx, id: Uuid, tags: &FileTags, path: &str) -> Result<()> {
    let title = titles::by_id(tx, id).await?;
    if !is_open(&title) {
        return Ok(());
    }
    let mut form = edit::form_in(tx, id).await?;
    let before = form.clone();
    let book = tags.album.as_deref().or(tags.title.as_deref());
    // What named it first was nearer: a name that came from there stays.
    let unnamed = title.version == UNTOUCHED && is_of_file(&form.title, path);
    if let Some(name) = book.and_then(line).filter(|_| unnamed) {
        form.title = name;
    }
    offer(&mut form.subtitle, tags.subtitle.as_deref().and_then(line));
    offer(&mut form.authors, people(&tags.authors));
    offer(&mut form.narrators, people(&tags.narrators));
    if form.series.is_empty()
        && let Some(series) = tags.series.as_deref().and_then(line)
    {
        form.series = series;
        let place = tags.series_position.as_deref().and_then(|place| place.trim().trim_end_matches(".0").parse().ok());
        offer(
            &mut form.series_position,
            place.filter(|place| (1..=9999).contains(place)).map(|place: i32| place.to_string()),
        );
    }
    offer(&mut form.description, tags.description.as_deref().and_then(description));
    offer(&mut form.year, tags.year.filter(|year| (1000..=2999).contains(year)).map(|year| year.to_string()));
    offer(&mut form.publisher, tags.publisher.as_deref().and_then(line));
    offer(&mut form.isbn, tags.isbn.as_deref().and_then(isbn));
    // Every draft has a language: that of the first who names one.
    let is_default = title.filled_version.is_none() || form.language == DEFAULT_LANGUAGE;
    if let Some(language) = tags.language.as_deref().and_then(language).filter(|_| is_default) {
        form.language = language;
    }
    if form == before {
        return Ok(());
    }
    save(tx, id, &form).await
}

/// A draft that nobody has saved since the shop filled its form.
pub(super) fn is_open(title: &audiobooks::Model) -> bool {
    let untouched = title.version == UNTOUCHED || title.filled_version == Some(title.version);
    untouched && title.status == Status::Draft
}

/// Saves a form that the shop has filled.
pub(super) async fn save(tx: &Tx, id: Uuid, form: &AudiobookForm) -> Result<()> {
    match edit::save(tx, id, form).await {
        Ok(saved) => {
            audiobooks::Entity::update_many()
                .col_expr(audiobooks::Column::FilledVersion, Expr::value(saved.version))
                .filter(audiobooks::Column::Id.eq(id))
                .exec(tx)
                .await?;
            Ok(())
        }
        // The tags hold what no form takes: then it stays as it is.
        Err(Error::Conflict(_) | Error::Invalid { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn offer(field: &mut String, value: Option<String>) {
    if field.trim().is_empty()
        && let Some(value) = value
    {
        *field = value;
    }
}

/// On one line, without signs that cannot be printed, and not too long.
fn line(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|sign: char| sign.is_whitespace() || sign.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(LONGEST_LINE).collect();
    (!line.is_empty()).then_some(line)
}

fn people(names: &[String]) -> Option<String> {
    // The form takes names apart at commas.
    let names: Vec<String> = names.iter().take(MOST_PEOPLE).filter_map(|name| line(&given_first(name))).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// `Quill, Ada` as `Ada Quill`.
fn given_first(name: &str) -> String {
    match name.split_once(',') {
        Some((last, first)) if !first.contains(',') => format!("{} {}", first.trim(), last.trim()),
        _ => name.to_owned(),
    }
}

fn description(text: &str) -> Option<String> {
    let kept = |sign: &char| !sign.is_control() || matches!(sign, '\n' | '\t');
    let text: String =
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).take(LONGEST_DESCRIPTION).collect();
    let text = text.trim();
    // A word or a link is what programs leave in a comment.
    (text.split_whitespace().count() >= 8).then(|| text.to_owned())
}

/// A language tag, from what tags call languages: ISO 639-2 or English names of the most frequent ones.
fn language(text: &str) -> Option<String> {
    const KNOWN: [(&str, &[&str]); 16] = [
        ("en", &["eng", "english"]),
        ("de", &["deu", "ger", "german", "deutsch"]),
        ("fr", &["fra", "fre", "french", "français"]),
        ("es", &["spa", "spanish", "español"]),
        ("it", &["ita", "italian", "italiano"]),
        ("pt", &["por", "portuguese", "português"]),
        ("nl", &["nld", "dut", "dutch", "nederlands"]),
        ("sv", &["swe", "swedish", "svenska"]),
        ("da", &["dan", "danish", "dansk"]),
        ("nb", &["nob", "nor", "norwegian", "norsk"]),
        ("fi", &["fin", "finnish", "suomi"]),
        ("pl", &["pol", "polish", "polski"]),
        ("ru", &["rus", "russian", "русский"]),
        ("ja", &["jpn", "japanese", "日本語"]),
        ("zh", &["zho", "chi", "chinese", "中文"]),
        ("th", &["tha", "thai", "ไทย"]),
    ];
    let text = text.trim().to_lowercase().replace('_', "-");
    let base = text.split('-').next().unwrap_or_default();
    let (code, _) = KNOWN.iter().find(|(code, names)| *code == base || names.contains(&base))?;
    Some(text.replacen(base, code, 1)).filter(|tag| tag.len() <= 16 && tag.is_ascii())
}

/// Whether a title's name was made of a file's: all its words stand in it.
fn is_of_file(title: &str, file_name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let file = words(file_name);
    words(title).iter().all(|word| file.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_made_of_the_files_gives_way_to_the_books() {
        assert!(is_of_file("The Light", "01_the-light.m4b"));
        assert!(!is_of_file("The Light on the Coast", "01_the-light.m4b"));
    }

    #[test]
    fn languages_are_known_by_any_of_their_names() {
        for (text, code) in [("eng", "en"), ("English", "en"), ("de-AT", "de-at"), ("ger", "de"), ("ไทย", "th")] {
            assert_eq!(language(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!(language("und"), None);
    }

    #[test]
    fn a_comment_of_a_word_is_no_description() {
        assert_eq!(description("https://example.com"), None);
        let text = "A keeper waits for a ship that does not come home.";
        assert_eq!(description(&format!("{text}\r\n")).as_deref(), Some(text));
    }

    #[test]
    fn a_family_name_in_front_goes_behind() {
        assert_eq!(people(&["Quill, Ada".into(), "Ben Hale".into()]).as_deref(), Some("Ada Quill, Ben Hale"));
    }
}
