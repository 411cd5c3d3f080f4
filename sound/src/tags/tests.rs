use super::*;
use std::io::Cursor;

fn read_bytes(bytes: &[u8]) -> Tags {
    read_from(&Window::new(Cursor::new(bytes.to_vec())).unwrap()).unwrap()
}

/// Seven bits a byte.
fn seven(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).unwrap())
}

fn id3(version: u8, frames: &[Vec<u8>]) -> Vec<u8> {
    let frames = frames.concat();
    [b"ID3".as_slice(), &[version, 0, 0], &seven(frames.len()), &frames].concat()
}

fn frame(version: u8, name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_be_bytes();
    match version {
        2 => [name.as_bytes(), &size[1..], content].concat(),
        3 => [name.as_bytes(), &size, &[0, 0], content].concat(),
        _ => [name.as_bytes(), &seven(content.len()), &[0, 0], content].concat(),
    }
}

fn text(version: u8, name: &str, text: &str) -> Vec<u8> {
    frame(version, name, &[b"\x03", text.as_bytes()].concat())
}

#[test]
fn a_book_is_known_by_the_tag_of_every_version() {
    for (version, names) in [
        (2, ["TT2", "TAL", "TP1", "TCM", "TRK", "TPA"]),
        (3, ["TIT2", "TALB", "TPE1", "TCOM", "TRCK", "TPOS"]),
        (4, ["TIT2", "TALB", "TPE1", "TCOM", "TRCK", "TPOS"]),
    ] {
        let values = ["Dawn", "The Light", "Ada Quill; Ben Hale", "Tom Reed", "3/12", "2/4"];
        let frames: Vec<_> = names.iter().zip(values).map(|(name, value)| text(version, name, value)).collect();
        let tags = read_bytes(&id3(version, &frames));
        assert_eq!((tags.title.as_deref(), tags.album.as_deref()), (Some("Dawn"), Some("The Light")), "2.{version}");
        assert_eq!(tags.authors, ["Ada Quill", "Ben Hale"]);
        assert_eq!(tags.narrators, ["Tom Reed"]);
        assert_eq!((tags.track, tags.tracks, tags.disc, tags.discs), (Some(3), Some(12), Some(2), Some(4)));
    }
}

#[test]
fn texts_of_every_coding_are_read() {
    let utf16: Vec<u8> = [1, 0xFF, 0xFE].into_iter().chain("Über".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [2].into_iter().chain("Über".encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for content in [utf16, big, b"\x00\xDCber".to_vec(), "\u{3}Über".as_bytes().to_vec(), "\0Über".as_bytes().to_vec()]
    {
        assert_eq!(read_bytes(&id3(3, &[frame(3, "TIT2", &content)])).title.as_deref(), Some("Über"));
    }
}

#[test]
fn chapters_of_a_tag_are_in_the_order_of_time() {
    let chapter = |id: &str, start: u32, title: &str| {
        let times = [start, start + 1, u32::MAX, u32::MAX].into_iter().flat_map(u32::to_be_bytes).collect::<Vec<_>>();
        frame(3, "CHAP", &[id.as_bytes(), b"\0", &times, &text(3, "TIT2", title)].concat())
    };
    let list = frame(3, "CTOC", b"toc\0\x03\x02b\0a\0");
    let tags =
        read_bytes(&id3(3, &[chapter("b", 60_000, "Dusk"), chapter("a", 0, "Dawn"), list, chapter("x", 9, "Hidden")]));
    let marks: Vec<_> = tags.marks.iter().map(|mark| (mark.start_ms, mark.title.as_deref().unwrap())).collect();
    assert_eq!(marks, [(0, "Dawn"), (60_000, "Dusk")]);
}

#[test]
fn no_tag_lists_more_chapters_than_a_book_can_have() {
    let chapter = |start: u32| {
        let times = [start, start + 1, u32::MAX, u32::MAX].into_iter().flat_map(u32::to_be_bytes).collect::<Vec<_>>();
        frame(3, "CHAP", &[format!("c{start}").as_bytes(), b"\0", &times].concat())
    };
    let tags = read_bytes(&id3(3, &(0..10_050).map(chapter).collect::<Vec<_>>()));
    assert_eq!(tags.marks.len(), 10_000);
}

#[test]
fn a_cover_larger_than_a_megabyte_is_taken_and_one_beyond_the_bound_is_left() {
    let picture = |bytes: usize| {
        let content = [b"\0image/jpeg\0\x03\0\xFF\xD8\xFF\xE0".to_vec(), vec![5; bytes]].concat();
        read_bytes(&id3(3, &[frame(3, "APIC", &content), text(3, "TIT2", "Dawn")]))
    };
    let tags = picture(2 << 20);
    assert_eq!(tags.cover.map(|cover| (cover.media_type, cover.bytes.len())), Some(("image/jpeg", (2 << 20) + 4)));
    let tags = picture(17 << 20);
    assert_eq!((tags.cover, tags.title.as_deref()), (None, Some("Dawn")));
}

#[test]
fn sizes_that_were_written_with_eight_bits_a_byte_are_understood() {
    let long = "word ".repeat(60);
    let mut written = text(4, "TIT3", &long);
    let size = u32::try_from(written.len() - 10).unwrap();
    written[4..8].copy_from_slice(&size.to_be_bytes());
    let tags = read_bytes(&id3(4, &[written, text(4, "TIT2", "Dawn")]));
    assert_eq!((tags.subtitle.as_deref(), tags.title.as_deref()), (Some(long.trim()), Some("Dawn")));
}

#[test]
fn fields_that_people_name_themselves_are_known() {
    let own = |name: &str, value: &str| frame(3, "TXXX", &[b"\x03", name.as_bytes(), b"\0", value.as_bytes()].concat());
    let tags = read_bytes(&id3(
        3,
        &[
            own("NARRATOR", "Tom Reed"),
            own("series", "The Coast, Book 2"),
            own("ISBN", "978-3-16-148410-0"),
            own("Year", "c. 1987"),
        ],
    ));
    assert_eq!(tags.narrators, ["Tom Reed"]);
    assert_eq!((tags.series.as_deref(), tags.series_position.as_deref()), (Some("The Coast"), Some("2")));
    assert_eq!((tags.isbn.as_deref(), tags.year), (Some("9783161484100"), Some(1987)));
}

#[test]
fn what_stands_at_the_end_is_read_as_well() {
    let item = |name: &str, value: &str| {
        let size = u32::try_from(value.len()).unwrap().to_le_bytes();
        [&size[..], &[0; 4], name.as_bytes(), b"\0", value.as_bytes()].concat()
    };
    let items = [item("Album", "The Light"), item("Artist", "Ada Quill"), item("Track", "7")].concat();
    let numbers = [2000, u32::try_from(items.len() + 32).unwrap(), 3, 0].into_iter().flat_map(u32::to_le_bytes);
    let ape = [items, b"APETAGEX".to_vec(), numbers.collect(), vec![0; 8]].concat();
    let mut v1 = b"TAGDawn".to_vec();
    v1.resize(128, 0);
    let file = [vec![0x55; 4_000], ape, v1].concat();
    let tags = read_bytes(&file);
    assert_eq!((tags.title.as_deref(), tags.album.as_deref(), tags.track), (Some("Dawn"), Some("The Light"), Some(7)));
    assert_eq!(audio(&Window::new(Cursor::new(file)).unwrap()).unwrap().len(), 4_000);
}

#[test]
fn comments_of_flac_name_chapters_and_hold_the_cover() {
    let fields =
        ["TITLE=Dawn", "CHAPTER001=00:00:00.000", "CHAPTER001NAME=First", "CHAPTER002=00:01:30.5", "LANGUAGE=eng"];
    let mut comments = b"\x04\0\0\0test\x05\0\0\0".to_vec();
    for field in fields {
        comments.extend(u32::try_from(field.len()).unwrap().to_le_bytes());
        comments.extend(field.as_bytes());
    }
    let png = b"\x89PNG\r\n\x1A\nrest";
    let numbers = |of: &[usize]| of.iter().flat_map(|n| u32::try_from(*n).unwrap().to_be_bytes()).collect::<Vec<_>>();
    let picture =
        [numbers(&[3, 9]), b"image/png".to_vec(), numbers(&[0, 1, 1, 24, 0, png.len()]), png.to_vec()].concat();
    let block = |kind: u8, content: &[u8]| {
        [&[kind][..], &u32::try_from(content.len()).unwrap().to_be_bytes()[1..], content].concat()
    };
    let tags = read_bytes(&[b"fLaC".to_vec(), block(0, &[0; 34]), block(4, &comments), block(0x86, &picture)].concat());
    assert_eq!((tags.title.as_deref(), tags.language.as_deref()), (Some("Dawn"), Some("eng")));
    assert_eq!(tags.cover.map(|cover| cover.media_type), Some("image/png"));
    let marks = [Mark { title: Some("First".into()), start_ms: 0 }, Mark { title: None, start_ms: 90_500 }];
    assert_eq!(tags.marks, marks);
}

#[test]
fn an_audiobook_of_mp4_says_who_wrote_and_who_reads() {
    let boxed = |kind: &[u8], content: &[u8]| {
        [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), kind, content].concat()
    };
    let data = |value: &[u8]| boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], value].concat());
    let own =
        [boxed(b"mean", b"\0\0\0\0com.apple.iTunes"), boxed(b"name", b"\0\0\0\0SERIES"), data(b"The Coast")].concat();
    let items = [
        boxed(b"\xA9alb", &data(b"The Light")),
        boxed(b"\xA9ART", &data(b"Ada Quill")),
        boxed(b"\xA9wrt", &data(b"Tom Reed")),
        boxed(b"trkn", &data(&[0, 0, 0, 4, 0, 9, 0, 0])),
        boxed(b"desc", &data(b"Short.")),
        boxed(b"ldes", &data(b"Longer than that.")),
        boxed(b"covr", &data(b"\xFF\xD8\xFFpicture")),
        boxed(b"----", &own),
    ];
    let meta = boxed(b"meta", &[vec![0; 4], boxed(b"hdlr", &[0; 24]), boxed(b"ilst", &items.concat())].concat());
    let file = [boxed(b"ftyp", b"M4B \0\0\0\0"), boxed(b"moov", &boxed(b"udta", &meta))].concat();
    let tags = read_bytes(&file);
    assert_eq!((tags.album.as_deref(), tags.track, tags.tracks), (Some("The Light"), Some(4), Some(9)));
    assert_eq!((tags.authors, tags.narrators), (vec!["Ada Quill".to_owned()], vec!["Tom Reed".to_owned()]));
    assert_eq!((tags.series.as_deref(), tags.description.as_deref()), (Some("The Coast"), Some("Longer than that.")));
    assert_eq!(tags.cover.map(|cover| cover.media_type), Some("image/jpeg"));
}

#[test]
fn damaged_tags_say_nothing_and_end() {
    let good =
        id3(3, &[text(3, "TIT2", "Dawn"), frame(3, "CHAP", b"a"), frame(3, "CTOC", b"x"), frame(3, "APIC", b"\0")]);
    for at in 0..good.len() {
        for value in [0, 0x7F, 0xFF] {
            let mut bad = good.clone();
            bad[at] = value;
            read_bytes(&bad);
            read_bytes(&bad[..at]);
        }
    }
}
