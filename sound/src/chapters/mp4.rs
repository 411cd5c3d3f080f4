//! The chapters of MP4 audiobooks: the `chpl` box that Nero introduced (at most 255), and the text tracks of QuickTime, which
//! most programs of today write as well.

use crate::boxes::{self, Found, u32_at, u64_at};
use crate::decode::Mark;
use crate::edits;
use crate::source::Window;
use std::io;

/// A chapter list longer than this is no chapter list.
const LARGEST_LIST: usize = 1 << 20;
/// Chapters in a text track.
const MOST: usize = 10_000;
const LONGEST_TITLE: usize = 2_000;
/// `chpl` counts in units of 100 ns.
const UNITS_A_MS: u64 = 10_000;

/// The chapters of an MP4 file; none for any other file. Where both kinds are there, the longer list.
///
/// # Errors
/// When the file cannot be read.
pub fn marks(file: &Window) -> io::Result<Vec<Mark>> {
    let Some(moov) = boxes::find(file, &[b"moov"])? else { return Ok(Vec::new()) };
    let nero = nero(file, &moov)?;
    let quicktime = quicktime(file, &moov)?;
    Ok(if quicktime.len() >= nero.len() { quicktime } else { nero })
}

fn nero(file: &Window, moov: &Found) -> io::Result<Vec<Mark>> {
    let Some(list) = boxes::find_in(file, moov, &[b"udta", b"chpl"])? else { return Ok(Vec::new()) };
    Ok(parse(&content(file, &list, LARGEST_LIST)?).unwrap_or_default())
}

fn content(file: &Window, found: &Found, most: usize) -> io::Result<Vec<u8>> {
    file.peek(found.start, usize::try_from(found.end - found.start).unwrap_or(most).min(most))
}

/// Version, flags, from version 1 on four reserved bytes, a count, then start and title of each chapter.
fn parse(list: &[u8]) -> Option<Vec<Mark>> {
    let (version, rest) = list.split_first()?;
    let mut rest = rest.get(if *version == 0 { 3 } else { 7 }..)?;
    let count;
    (count, rest) = rest.split_first()?;
    let mut marks = Vec::new();
    for _ in 0..*count {
        let Some((start, after)) = rest.split_first_chunk::<8>() else { break };
        let Some((length, after)) = after.split_first() else { break };
        let Some((title, after)) = after.split_at_checked(usize::from(*length)) else { break };
        rest = after;
        marks
            .push(Mark { title: named(title), start_ms: i64::try_from(u64::from_be_bytes(*start) / UNITS_A_MS).ok()? });
    }
    Some(marks)
}

fn named(title: &[u8]) -> Option<String> {
    let text = match title {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::from_utf8_lossy(title).into_owned(),
    };
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text track that the sound's track names as its chapters.
fn quicktime(file: &Window, moov: &Found) -> io::Result<Vec<Mark>> {
    let Some(sound) = edits::sound(file, moov)? else { return Ok(Vec::new()) };
    let Some(names) = boxes::find_in(file, &sound, &[b"tref", b"chap"])? else { return Ok(Vec::new()) };
    let named = content(file, &names, 400)?;
    for track in boxes::children(file, moov)?.into_iter().filter(|found| &found.kind == b"trak") {
        let Some(header) = boxes::child(file, &track, b"tkhd")? else { continue };
        let bytes = file.peek(header.start, 24)?;
        let id = u32_at(&bytes, if bytes.first() == Some(&1) { 20 } else { 12 });
        if !named.chunks_exact(4).any(|name| u32_at(name, 0) == id) {
            continue;
        }
        let handler = boxes::find_in(file, &track, &[b"mdia", b"hdlr"])?;
        let kind = handler.map(|handler| file.peek(handler.start + 8, 4)).transpose()?;
        // A track of pictures may belong to the chapters as well.
        if matches!(kind.as_deref(), Some(b"text" | b"sbtl" | b"subt")) {
            return Ok(texts(file, &track)?.unwrap_or_default());
        }
    }
    Ok(Vec::new())
}

/// The samples of a text track, each with the time at which it begins.
fn texts(file: &Window, track: &Found) -> io::Result<Option<Vec<Mark>>> {
    let Some(media) = boxes::find_in(file, track, &[b"mdia", b"mdhd"])? else { return Ok(None) };
    let Some(scale) = edits::scale(file, &media)? else { return Ok(None) };
    let Some(table) = boxes::find_in(file, track, &[b"mdia", b"minf", b"stbl"])? else { return Ok(None) };
    let read = |kind: &[u8; 4]| -> io::Result<Vec<u8>> {
        let found = boxes::child(file, &table, kind)?;
        found.map_or(Ok(Vec::new()), |found| content(file, &found, MOST * 12 + 12))
    };
    let (times, sizes, chunks) = (read(b"stts")?, read(b"stsz")?, read(b"stsc")?);
    let (near, far) = (read(b"stco")?, read(b"co64")?);
    let places = |index: usize| match near.is_empty() {
        false => u32_at(&near, 8 + index * 4).map(u64::from),
        true => u64_at(&far, 8 + index * 8),
    };
    let Some(places) = sample_places(&sizes, &chunks, places) else { return Ok(None) };
    let mut marks = Vec::new();
    for ((at, size), start) in places.into_iter().zip(starts(&times)) {
        // Two bytes for the length of the text, then the text.
        let sample = file.peek(at, size.min(LONGEST_TITLE))?;
        let [high, low, text @ ..] = sample.as_slice() else { continue };
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(text.len());
        let start_ms = i64::try_from(u128::from(start) * 1000 / u128::from(scale)).unwrap_or(i64::MAX);
        marks.push(Mark { title: named(&text[..length]), start_ms });
    }
    Ok(Some(marks))
}

/// When each sample begins, from runs of equal lengths.
fn starts(times: &[u8]) -> Vec<u64> {
    let (mut starts, mut at) = (Vec::new(), 0_u64);
    let mut entry = 8;
    while let (Some(count), Some(length)) = (u32_at(times, entry), u32_at(times, entry + 4)) {
        for _ in 0..count {
            if starts.len() >= MOST {
                return starts;
            }
            starts.push(at);
            at = at.saturating_add(u64::from(length));
        }
        entry += 8;
    }
    starts
}

/// Where each sample lies and how large it is: samples lie in chunks, chunks in runs of equal numbers of samples.
fn sample_places(sizes: &[u8], runs: &[u8], chunk: impl Fn(usize) -> Option<u64>) -> Option<Vec<(u64, usize)>> {
    let (same, count) = (u32_at(sizes, 4)?, usize::try_from(u32_at(sizes, 8)?).ok()?.min(MOST));
    let size = |sample: usize| match same {
        0 => u32_at(sizes, 12 + sample * 4),
        same => Some(same),
    };
    let (mut places, mut run, mut number) = (Vec::new(), 0, 0);
    while places.len() < count {
        let in_chunk = u32_at(runs, 8 + run * 12 + 4)?.max(1);
        let Some(mut at) = chunk(number) else { break };
        for _ in 0..in_chunk {
            if places.len() >= count {
                break;
            }
            let size = size(places.len())?;
            places.push((at, size as usize));
            at = at.checked_add(u64::from(size))?;
        }
        number += 1;
        if u32_at(runs, 8 + (run + 1) * 12).is_some_and(|first| first as usize <= number + 1) {
            run += 1;
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [size.to_be_bytes().as_slice(), kind, content].concat()
    }

    fn chapter(start_ms: u64, title: &str) -> Vec<u8> {
        let length = u8::try_from(title.len()).unwrap();
        [(start_ms * UNITS_A_MS).to_be_bytes().as_slice(), &[length], title.as_bytes()].concat()
    }

    #[test]
    fn the_chapters_of_an_audiobook_are_found_behind_other_boxes() {
        let list = [&[1, 0, 0, 0, 0, 0, 0, 0, 2][..], &chapter(0, "Dawn"), &chapter(90_500, "Dusk")].concat();
        let moov = boxed(b"moov", &[boxed(b"mvhd", &[0; 20]), boxed(b"udta", &boxed(b"chpl", &list))].concat());
        let file = [boxed(b"ftyp", b"M4B "), boxed(b"mdat", &[7; 99]), moov].concat();
        let marks = marks(&Window::new(Cursor::new(file)).unwrap()).unwrap();
        assert_eq!(marks.iter().map(|mark| mark.start_ms).collect::<Vec<_>>(), [0, 90_500]);
        assert_eq!(marks[1].title.as_deref(), Some("Dusk"));
    }

    fn numbers(of: &[u32]) -> Vec<u8> {
        of.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// A track with this identifier and handler, and other boxes of its own.
    fn track(id: u32, handler: &[u8; 4], own: &[u8], table: &[u8]) -> Vec<u8> {
        let header = boxed(b"tkhd", &numbers(&[0, 0, 0, id, 0, 0]));
        let media = [
            boxed(b"mdhd", &numbers(&[0, 0, 0, 1000, 0, 0])),
            boxed(b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 12]].concat()),
            boxed(b"minf", &boxed(b"stbl", table)),
        ];
        boxed(b"trak", &[header, own.to_vec(), boxed(b"mdia", &media.concat())].concat())
    }

    #[test]
    fn three_hundred_chapters_of_a_text_track_are_read_in_chunks_of_any_size() {
        let titles: Vec<String> = (1..=300).map(|number| format!("Part {number}")).collect();
        let samples: Vec<Vec<u8>> = titles
            .iter()
            .map(|title| [&u16::try_from(title.len()).unwrap().to_be_bytes()[..], title.as_bytes(), b"encd"].concat())
            .collect();
        let front = boxed(b"ftyp", b"M4B ");
        let mdat = boxed(b"mdat", &samples.concat());
        // Six chunks of one sample, then chunks of seven.
        let mut places = Vec::new();
        let (mut at, mut sample) = (front.len() + 8, 0);
        while sample < samples.len() {
            places.push(u32::try_from(at).unwrap());
            let count = if places.len() < 7 { 1 } else { 7 };
            at += samples.iter().skip(sample).take(count).map(Vec::len).sum::<usize>();
            sample += count;
        }
        let sizes: Vec<u32> = samples.iter().map(|sample| u32::try_from(sample.len()).unwrap()).collect();
        let table = [
            boxed(b"stts", &numbers(&[0, 2, 100, 5_000, 200, 10_000])),
            boxed(b"stsz", &[numbers(&[0, 0, 300]), numbers(&sizes)].concat()),
            boxed(b"stsc", &numbers(&[0, 2, 1, 1, 1, 7, 7, 1])),
            boxed(b"stco", &[numbers(&[0, u32::try_from(places.len()).unwrap()]), numbers(&places)].concat()),
        ];
        let sound = track(1, b"soun", &boxed(b"tref", &boxed(b"chap", &numbers(&[2]))), b"");
        let moov = boxed(b"moov", &[sound, track(2, b"text", b"", &table.concat())].concat());
        let marks = marks(&Window::new(Cursor::new([front, mdat, moov].concat())).unwrap()).unwrap();
        let found: Vec<&str> = marks.iter().filter_map(|mark| mark.title.as_deref()).collect();
        assert_eq!(found, titles);
        assert_eq!((marks[99].start_ms, marks[100].start_ms, marks[299].start_ms), (495_000, 500_000, 2_490_000));
    }

    #[test]
    fn a_file_of_noise_has_no_chapters() {
        assert_eq!(marks(&Window::new(Cursor::new(vec![0xA5; 5_000])).unwrap()).unwrap(), []);
    }
}
