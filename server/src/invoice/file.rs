//! The file of a document (ISO 32000-1): pages, the faces that they are set in with no more letters than they use, what those
//! letters mean, and a tree of tags, by which a reader that speaks knows headings, paragraphs and tables.

use super::face::{Face, runs};
use super::sheet::{Block, HIGH, MARGIN, Page, Piece, Place, WIDE};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, StructRole, SystemInfo, TableHeaderScope, UnicodeCmap};
use pdf_writer::writers::{StructElement, StructTreeRoot};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;
use subsetter::GlyphRemapper;

const IDENTITY: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A face with the letters that are used of it.
struct Used {
    face: Face,
    glyphs: GlyphRemapper,
    /// What they mean, by their new numbers.
    means: BTreeMap<u16, char>,
    id: Ref,
}

/// What is being written.
struct Writing {
    pdf: Pdf,
    last: i32,
    faces: Vec<Used>,
}

impl Writing {
    fn id(&mut self) -> Ref {
        self.last += 1;
        Ref::new(self.last)
    }

    /// The place of a face among those that are used.
    fn face(&mut self, face: &Face) -> usize {
        if let Some(known) = self.faces.iter().position(|used| used.face == *face) {
            return known;
        }
        let id = self.id();
        self.faces.push(Used { face: face.clone(), glyphs: GlyphRemapper::new(), means: BTreeMap::new(), id });
        self.faces.len() - 1
    }

    fn stream(&mut self, bytes: &[u8]) -> anyhow::Result<Ref> {
        let id = self.id();
        let packed = packed(bytes)?;
        self.pdf.stream(id, &packed).filter(Filter::FlateDecode);
        Ok(id)
    }

    fn draw(&mut self, content: &mut Content, piece: &Piece, mark: Option<i32>) {
        match mark {
            Some(mark) => {
                content.begin_marked_content_with_properties(Name(b"Span")).properties().identify(mark);
            }
            None => {
                content.begin_marked_content(Name(b"Artifact"));
            }
        }
        let mut x = piece.x;
        for run in runs(&piece.text, piece.style.bold) {
            let place = self.face(&run.face);
            let used = &mut self.faces[place];
            let mut codes = Vec::with_capacity(run.letters.len() * 2);
            for letter in &run.letters {
                let code = used.glyphs.remap(letter.glyph);
                // The box may stand for any letter.
                let means = if letter.glyph == 0 { char::REPLACEMENT_CHARACTER } else { letter.means };
                used.means.entry(code).or_insert(means);
                codes.extend(code.to_be_bytes());
            }
            content.begin_text().set_font(Name(name(place).as_bytes()), piece.style.size);
            content.next_line(x, HIGH - piece.y).show(Str(&codes)).end_text();
            x += run.wide() * piece.style.size;
        }
        content.end_marked_content();
    }

    /// Writes the faces, once all that is set in them is drawn.
    fn write_faces(&mut self) -> anyhow::Result<()> {
        for (place, used) in std::mem::take(&mut self.faces).into_iter().enumerate() {
            let small = subsetter::subset(used.face.bytes(), 0, &used.glyphs)
                .map_err(|error| anyhow::anyhow!("a face cannot be made smaller: {error:?}"))?;
            let outlines = self.stream(&small)?;
            // Six letters say that it is a part of a face.
            let base = format!("LECTER+Face{place}");
            let mut map = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
            used.means.iter().for_each(|(code, means)| map.pair(*code, *means));
            let means = self.stream(map.finish().as_slice())?;
            let (inner, described) = (self.id(), self.id());
            self.pdf
                .type0_font(used.id)
                .base_font(Name(base.as_bytes()))
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(inner)
                .to_unicode(means);
            let mut font = self.pdf.cid_font(inner);
            font.subtype(CidFontType::Type2).base_font(Name(base.as_bytes())).system_info(IDENTITY);
            font.font_descriptor(described).default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
            let widths = used.glyphs.remapped_gids().map(|glyph| used.face.wide(glyph) * 1000.0);
            font.widths().consecutive(0, widths);
            font.finish();
            let heights = used.face.heights();
            self.pdf
                .font_descriptor(described)
                .name(Name(base.as_bytes()))
                .flags(FontFlags::SYMBOLIC | FontFlags::SERIF)
                .bbox(Rect::new(-500.0, heights.descent, 2000.0, heights.ascent))
                .italic_angle(0.0)
                .ascent(heights.ascent)
                .descent(heights.descent)
                .cap_height(heights.capital)
                .stem_v(80.0)
                .font_file2(outlines);
        }
        Ok(())
    }
}

/// What a face is called on the pages.
fn name(place: usize) -> String {
    format!("F{place}")
}

fn packed(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes)?;
    Ok(packer.finish()?)
}

/// The file of some pages and what is read on them.
///
/// # Errors
/// When a face cannot be made smaller.
pub fn file(pages: &[Page], blocks: &[Block], title: &str, author: &str) -> anyhow::Result<Vec<u8>> {
    let mut writing = Writing { pdf: Pdf::new(), last: 0, faces: Vec::new() };
    let (catalog, tree, root, info) = (writing.id(), writing.id(), writing.id(), writing.id());
    let ids: Vec<Ref> = pages.iter().map(|_| writing.id()).collect();
    let mut contents = Vec::new();
    for page in pages {
        let mut content = Content::new();
        for y in &page.rules {
            content.begin_marked_content(Name(b"Artifact")).set_line_width(0.5);
            content.move_to(MARGIN, HIGH - y).line_to(WIDE - MARGIN, HIGH - y).stroke().end_marked_content();
        }
        for (place, piece) in page.pieces.iter().enumerate() {
            let mark = (!piece.aside).then(|| i32::try_from(place)).transpose()?;
            writing.draw(&mut content, piece, mark);
        }
        contents.push(writing.stream(content.finish().as_slice())?);
    }
    let count = i32::try_from(pages.len())?;
    writing.pdf.pages(tree).kids(ids.iter().copied()).count(count);
    for (number, (id, content)) in (0..).zip(ids.iter().zip(contents)) {
        let mut page = writing.pdf.page(*id);
        page.media_box(Rect::new(0.0, 0.0, WIDE, HIGH)).parent(tree).contents(content).struct_parents(number);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for (place, used) in writing.faces.iter().enumerate() {
            fonts.pair(Name(name(place).as_bytes()), used.id);
        }
    }
    write_tags(&mut writing, root, &ids, pages, blocks);
    writing.write_faces()?;
    writing.pdf.document_info(info).title(TextStr(title)).author(TextStr(author));
    let mut all = writing.pdf.catalog(catalog);
    all.pages(tree).lang(TextStr("en")).pair(Name(b"StructTreeRoot"), root);
    all.mark_info().marked(true);
    all.viewer_preferences().display_doc_title(true);
    all.finish();
    Ok(writing.pdf.finish())
}

/// An element of the tree of tags.
struct Tag {
    id: Ref,
    parent: Ref,
    role: StructRole,
    elements: Vec<Ref>,
    places: Vec<Place>,
}

/// The elements of what is read, each after its parent.
fn tags(writing: &mut Writing, whole: Ref, blocks: &[Block]) -> Vec<Tag> {
    let mut all = Vec::new();
    for block in blocks {
        let id = writing.id();
        let (role, places) = match block {
            Block::Heading(1, places) => (StructRole::H1, places.clone()),
            Block::Heading(_, places) => (StructRole::H2, places.clone()),
            Block::Paragraph(places) => (StructRole::P, places.clone()),
            Block::Table(_) => (StructRole::Table, Vec::new()),
        };
        let at = all.len();
        all.push(Tag { id, parent: whole, role, elements: Vec::new(), places });
        let Block::Table(rows) = block else { continue };
        for (head, cells) in rows {
            let row = writing.id();
            let ids: Vec<Ref> = cells.iter().map(|_| writing.id()).collect();
            all[at].elements.push(row);
            all.push(Tag { id: row, parent: id, role: StructRole::TR, elements: ids.clone(), places: Vec::new() });
            let role = if *head { StructRole::TH } else { StructRole::TD };
            all.extend(ids.into_iter().zip(cells).map(|(id, places)| Tag {
                id,
                parent: row,
                role,
                elements: Vec::new(),
                places: places.clone(),
            }));
        }
    }
    all
}

fn write_tags(writing: &mut Writing, root: Ref, ids: &[Ref], pages: &[Page], blocks: &[Block]) {
    let whole = writing.id();
    let tags = tags(writing, whole, blocks);
    for tag in &tags {
        let mut element = writing.pdf.indirect(tag.id).start::<StructElement<'_>>();
        element.kind(tag.role).parent(tag.parent);
        if tag.role == StructRole::TH {
            element.attributes().push().table().scope(TableHeaderScope::Column);
        }
        let mut children = element.children();
        for child in &tag.elements {
            children.struct_element(*child);
        }
        for (page, piece) in &tag.places {
            let mark = i32::try_from(*piece).unwrap_or(i32::MAX);
            children.marked_content_ref().page(ids[*page]).marked_content_id(mark);
        }
    }
    let mut element = writing.pdf.indirect(whole).start::<StructElement<'_>>();
    element.kind(StructRole::Document).parent(root);
    let mut children = element.children();
    for tag in tags.iter().filter(|tag| tag.parent == whole) {
        children.struct_element(tag.id);
    }
    children.finish();
    element.finish();
    // For each page, which element each of its marks belongs to.
    let mut parents = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let mut of = vec![whole; page.pieces.len()];
        for tag in &tags {
            for (_, piece) in tag.places.iter().filter(|(at, _)| *at == number) {
                of[*piece] = tag.id;
            }
        }
        let id = writing.id();
        writing.pdf.indirect(id).array().items(of);
        parents.push(id);
    }
    let mut top = writing.pdf.indirect(root).start::<StructTreeRoot<'_>>();
    top.child(whole);
    let mut numbers = top.parent_tree();
    let mut entries = numbers.nums();
    for (number, id) in (0..).zip(parents) {
        entries.insert(number, id);
    }
    entries.finish();
    numbers.finish();
    top.parent_tree_next_key(i32::try_from(pages.len()).unwrap_or(i32::MAX));
}
