//! What lies beside a recording: read whole, since it is small, and taken apart.

use super::finish::Failure;
use crate::artwork;
use crate::storage::Storage;
use bytes::{Bytes, BytesMut};
use domain::Db;
use domain::production::recorded::FileTags;
use domain::production::sidecars::{self, Heading, HeadingsOf, MOST_TEXT, Said, SidecarKind};
use futures::TryStreamExt;
use sound::Mark;
use sound::chapters::{book, cue};
use sound::tags::Tags;
use std::sync::Arc;
use uuid::Uuid;

/// Takes such a file, of `size` bytes, that lies sealed under `staged`. The inner error is why it is not taken, for the person
/// who sent it. Done again it ends the same.
pub async fn take(
    db: &Db,
    storage: &Arc<dyn Storage>,
    upload: Uuid,
    kind: SidecarKind,
    staged: &str,
) -> Result<Result<(), String>, Failure> {
    let size = storage.size(staged).await?;
    let most = if kind == SidecarKind::Cover { pictures::MOST_BYTES as u64 } else { MOST_TEXT };
    if size > most {
        return Ok(Err(format!("This file is larger than {} MB, which no file beside a recording is.", most >> 20)));
    }
    let bytes = read(&**storage, staged, size).await?;
    if kind == SidecarKind::Cover {
        return match artwork::keep(db, &**storage, bytes).await {
            Ok(key) => Ok(Ok(sidecars::arrived_with_cover(db, upload, &key).await?)),
            Err(artwork::Failure::Refused(refusal)) => Ok(Err(domain::Refusal::from(refusal.code()).sentence())),
            Err(artwork::Failure::Storage(error)) => Err(error.into()),
            Err(artwork::Failure::Domain(error)) => Err(error.into()),
            Err(artwork::Failure::BrokeOff(_)) => Err(domain::Error::Busy.into()),
        };
    }
    match said(kind, &text(&bytes)) {
        Some(said) => Ok(Ok(sidecars::arrived(db, upload, &said).await?)),
        None => Ok(Err("This file says nothing of a book that the shop could read.".to_owned())),
    }
}

async fn read(storage: &dyn Storage, key: &str, size: u64) -> Result<Bytes, Failure> {
    let mut pieces = storage.read(key, 0..size).await?;
    let mut all = BytesMut::new();
    while let Some(piece) = pieces.try_next().await.map_err(crate::storage::Error::from)? {
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

/// UTF-8, or what older programs wrote: UTF-16 with its mark, or Latin-1.
fn text(bytes: &[u8]) -> String {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
}

/// What a text says; none when that is nothing.
fn said(kind: SidecarKind, text: &str) -> Option<Said> {
    let of_book = |tags: Tags| Said { chapters: headings(&tags.marks), tags: file_tags(tags), files: Vec::new() };
    match kind {
        SidecarKind::Metadata => book::json(text).map(of_book),
        SidecarKind::Opf => book::opf(text).map(of_book),
        SidecarKind::Cue => {
            let sheet = cue::parse(text);
            let files: Vec<HeadingsOf> = sheet
                .files
                .iter()
                .filter(|file| !file.marks.is_empty())
                .map(|file| HeadingsOf { file: file.name.clone(), headings: headings(&file.marks) })
                .collect();
            let tags =
                FileTags { album: sheet.title, authors: sheet.performer.into_iter().collect(), ..FileTags::default() };
            (!files.is_empty() || tags != FileTags::default()).then_some(Said { tags, chapters: Vec::new(), files })
        }
        SidecarKind::Cover => None,
    }
}

fn headings(marks: &[Mark]) -> Vec<Heading> {
    marks.iter().map(|mark| Heading { title: mark.title.clone(), start_ms: mark.start_ms }).collect()
}

/// What a file says of itself, as it is kept.
pub fn file_tags(tags: Tags) -> FileTags {
    FileTags {
        title: tags.title,
        subtitle: tags.subtitle,
        authors: tags.authors,
        narrators: tags.narrators,
        album: tags.album,
        track: tags.track,
        tracks: tags.tracks,
        disc: tags.disc,
        discs: tags.discs,
        series: tags.series,
        series_position: tags.series_position,
        year: tags.year,
        publisher: tags.publisher,
        language: tags.language,
        isbn: tags.isbn,
        description: tags.description,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_older_programs_are_read_as_well() {
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("Größe".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(text(&wide).trim_start_matches('\u{feff}'), "Größe");
        assert_eq!(text(b"Gr\xf6\xdfe"), "Größe");
        assert_eq!(text("Größe".as_bytes()), "Größe");
        assert_eq!(text(&[0xff, 0xfe, 0x41]), "", "half a letter");
    }

    #[test]
    fn a_cue_sheet_names_the_book_and_the_chapters_of_each_file() {
        let sheet = "PERFORMER \"Ada Quill\"\nTITLE \"Salt\"\nFILE \"salt.mp3\" MP3\n TRACK 01 AUDIO\n  TITLE \"Dawn\"\n  INDEX 01 00:00:00\n";
        let said = said(SidecarKind::Cue, sheet).unwrap();
        assert_eq!((said.tags.album.as_deref(), said.tags.authors), (Some("Salt"), vec!["Ada Quill".to_owned()]));
        assert_eq!(said.files[0].headings, [Heading { title: Some("Dawn".to_owned()), start_ms: 0 }]);
        assert_eq!(super::said(SidecarKind::Cue, "nothing"), None);
        assert_eq!(super::said(SidecarKind::Metadata, "[]"), None);
    }
}
