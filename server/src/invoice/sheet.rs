//! Sheets of paper that are filled from the top: headings, paragraphs and tables, in as many lines and pages as they need.

use super::face::{lines, wide};
use super::file;

/// A4, in points.
pub const WIDE: f32 = 595.0;
pub const HIGH: f32 = 842.0;
pub const MARGIN: f32 = 56.0;
/// Between two columns.
const GAP: f32 = 10.0;
/// From one line to the next, in parts of the size.
const LEADING: f32 = 1.4;

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// In points.
    pub size: f32,
    pub bold: bool,
}

pub const PLAIN: Style = Style { size: 10.0, bold: false };
pub const STRONG: Style = Style { size: 10.0, bold: true };
pub const HEADING: Style = Style { size: 20.0, bold: true };
pub const SMALL_HEADING: Style = Style { size: 12.0, bold: true };

/// A column of a table, by its part of the width. All but the first are set to the right.
pub type Columns<'a> = &'a [f32];

/// A line of text in its place.
pub struct Piece {
    pub x: f32,
    /// Of its base line, from the top.
    pub y: f32,
    pub style: Style,
    pub text: String,
    /// No part of what is read: said before, or only of use on paper.
    pub aside: bool,
}

#[derive(Default)]
pub struct Page {
    pub pieces: Vec<Piece>,
    /// Lines from margin to margin, by their height.
    pub rules: Vec<f32>,
}

/// What is read, in order. The pieces of a text are known by their page and place.
pub enum Block {
    Heading(u16, Vec<Place>),
    Paragraph(Vec<Place>),
    Table(Vec<(bool, Vec<Vec<Place>>)>),
}

/// A page, and a piece of it.
pub type Place = (usize, usize);

/// Sheets that are being filled.
pub struct Sheets {
    pages: Vec<Page>,
    blocks: Vec<Block>,
    y: f32,
}

impl Sheets {
    pub fn new() -> Self {
        Self { pages: vec![Page::default()], blocks: Vec::new(), y: MARGIN }
    }

    /// Leaves so much room, in points.
    pub fn skip(&mut self, points: f32) {
        self.y += points;
    }

    pub fn heading(&mut self, level: u16, text: &str) {
        let style = if level == 1 { HEADING } else { SMALL_HEADING };
        let places = self.text(text, style);
        self.blocks.push(Block::Heading(level, places));
        self.skip(4.0);
    }

    /// A paragraph, in as many lines as it needs.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        let places = self.text(text, style);
        self.blocks.push(Block::Paragraph(places));
    }

    fn text(&mut self, text: &str, style: Style) -> Vec<Place> {
        let lines = lines(text, style.bold, (WIDE - 2.0 * MARGIN) / style.size);
        let mut places = Vec::new();
        for line in lines {
            self.room(style.size * LEADING);
            self.y += style.size * LEADING;
            places.push(self.put(MARGIN, self.y, style, line, false));
        }
        places
    }

    /// A table with its heads, which come again on each page.
    pub fn table(&mut self, columns: Columns<'_>, heads: &[String], rows: &[Vec<String>]) {
        let mut read = vec![(true, self.row(columns, heads, STRONG, false))];
        self.rule();
        for row in rows {
            let high = self.high(columns, row, PLAIN);
            if self.y + high > HIGH - 2.0 * MARGIN && self.break_page() {
                self.row(columns, heads, STRONG, true);
                self.rule();
            }
            read.push((false, self.row(columns, row, PLAIN, false)));
        }
        self.rule();
        self.blocks.push(Block::Table(read));
    }

    /// Sums below a table: what, and how much.
    pub fn sums(&mut self, rows: &[(String, String, Style)]) {
        let mut read = Vec::new();
        for (what, amount, style) in rows {
            let cells = [what.clone(), amount.clone()];
            self.room(self.high(&[0.75, 0.25], &cells, *style));
            read.push((false, self.row(&[0.75, 0.25], &cells, *style, false)));
        }
        self.blocks.push(Block::Table(read));
    }

    fn high(&self, columns: Columns<'_>, cells: &[String], style: Style) -> f32 {
        let count = columns.iter().zip(cells).map(|(part, cell)| cell_lines(cell, *part, style).len()).max();
        let count = count.unwrap_or(1) as f32;
        count * style.size * LEADING + 4.0
    }

    fn row(&mut self, columns: Columns<'_>, cells: &[String], style: Style, aside: bool) -> Vec<Vec<Place>> {
        let (top, high) = (self.y, self.high(columns, cells, style));
        let (mut x, mut read) = (MARGIN, Vec::new());
        for (number, (part, cell)) in columns.iter().zip(cells).enumerate() {
            let (room, mut y, mut places) = (part * (WIDE - 2.0 * MARGIN), top, Vec::new());
            for line in cell_lines(cell, *part, style) {
                y += style.size * LEADING;
                let indent = if number == 0 { 0.0 } else { room - wide(&line, style.bold) * style.size };
                places.push(self.put(x + indent, y, style, line, aside));
            }
            x += room;
            read.push(places);
        }
        self.y = top + high;
        read
    }

    fn rule(&mut self) {
        self.skip(3.0);
        let y = self.y;
        self.page().rules.push(y);
    }

    /// Goes on to the next page when so much does not fit on this one.
    fn room(&mut self, high: f32) {
        if self.y + high > HIGH - 2.0 * MARGIN {
            self.break_page();
        }
    }

    /// Begins a page, unless this one is empty.
    fn break_page(&mut self) -> bool {
        let filled = !self.page().pieces.is_empty();
        if filled {
            self.pages.push(Page::default());
            self.y = MARGIN;
        }
        filled
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn put(&mut self, x: f32, y: f32, style: Style, text: String, aside: bool) -> Place {
        let page = self.page();
        page.pieces.push(Piece { x, y, style, text, aside });
        let piece = page.pieces.len() - 1;
        (self.pages.len() - 1, piece)
    }

    /// The document; `title` stands at the foot of each page with its number.
    ///
    /// # Errors
    /// When it cannot be made, which is a fault of ours.
    pub fn document(mut self, title: &str, author: &str) -> anyhow::Result<Vec<u8>> {
        let count = self.pages.len();
        for (number, page) in self.pages.iter_mut().enumerate() {
            let text = format!("{title}, page {} of {count}", number + 1);
            let style = Style { size: 8.0, bold: false };
            let x = WIDE - MARGIN - wide(&text, false) * style.size;
            page.pieces.push(Piece { x, y: HIGH - MARGIN, style, text, aside: true });
        }
        file::file(&self.pages, &self.blocks, title, author)
    }
}

fn cell_lines(cell: &str, part: f32, style: Style) -> Vec<String> {
    lines(cell, style.bold, (part * (WIDE - 2.0 * MARGIN) - GAP) / style.size)
}
