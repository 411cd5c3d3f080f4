//! The tags of MP4: `moov.udta.meta.ilst`, as iTunes and audiobook shops write them.

use super::{Cover, LARGEST_COVER, LONGEST_TEXT, Tags};
use crate::boxes::{self, Found};
use crate::source::Window;
use std::io;

pub fn read(file: &Window, tags: &mut Tags) -> io::Result<()> {
    let Some(udta) = boxes::find(file, &[b"moov", b"udta"])? else { return Ok(()) };
    let Some(meta) = boxes::child(file, &udta, b"meta")? else { return Ok(()) };
    // A full box: four bytes before its children, which QuickTime leaves out.
    let skip = if file.peek(meta.start + 4, 4)? == b"hdlr" { 0 } else { 4 };
    let inner = Found { start: meta.start + skip, ..meta };
    let Some(list) = boxes::child(file, &inner, b"ilst")? else { return Ok(()) };
    for item in boxes::children(file, &list)? {
        take(file, &item, tags)?;
    }
    Ok(())
}

fn take(file: &Window, item: &Found, tags: &mut Tags) -> io::Result<()> {
    let Some(data) = boxes::child(file, item, b"data")? else { return Ok(()) };
    // Kind of value, language, value.
    let (at, size) = (data.start + 8, (data.end - data.start).saturating_sub(8));
    let text = || -> io::Result<String> {
        let bytes = file.peek(at, usize::try_from(size).unwrap_or(LONGEST_TEXT).min(LONGEST_TEXT))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let field = match &item.kind {
        b"covr" => {
            if tags.cover.is_none() && size <= LARGEST_COVER {
                tags.cover = Cover::new(file.peek(at, usize::try_from(size).unwrap_or(0))?);
            }
            return Ok(());
        }
        b"trkn" | b"disk" => {
            let pair = file.peek(at, 6)?;
            let [_, _, n0, n1, of0, of1] = pair.as_slice() else { return Ok(()) };
            let pair = format!("{}/{}", u16::from_be_bytes([*n0, *n1]), u16::from_be_bytes([*of0, *of1]));
            tags.take(if item.kind == *b"trkn" { "track" } else { "disc" }, &pair);
            return Ok(());
        }
        b"----" => {
            let Some(name) = boxes::child(file, item, b"name")? else { return Ok(()) };
            let name = file
                .peek(name.start + 4, usize::try_from(name.end - name.start).unwrap_or(4).saturating_sub(4).min(200))?;
            tags.take(&String::from_utf8_lossy(&name), &text()?);
            return Ok(());
        }
        b"\xA9nam" => "title",
        b"\xA9st3" => "subtitle",
        b"\xA9alb" => "album",
        b"\xA9ART" | b"aART" | b"\xA9aut" => "artist",
        b"\xA9wrt" | b"\xA9nrt" => "narrator",
        b"\xA9mvn" | b"\xA9grp" => "series",
        b"\xA9day" => "year",
        b"\xA9pub" => "publisher",
        b"\xA9cmt" | b"desc" | b"ldes" | b"\xA9des" => "description",
        _ => return Ok(()),
    };
    tags.take(field, &text()?);
    Ok(())
}
