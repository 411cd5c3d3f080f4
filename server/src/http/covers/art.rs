//! What is drawn on a cover besides its words: seven compositions, each with a quiet place for the title.

use std::fmt::Write;

/// Length of a cover's side in units of the drawing.
pub const SIDE: f64 = 600.0;

/// Colours that go together. The ink on the ground is always easy to read.
pub struct Palette {
    pub ground: &'static str,
    pub ink: &'static str,
    pub bright: &'static str,
    pub muted: &'static str,
}

const fn palette(ground: &'static str, ink: &'static str, bright: &'static str, muted: &'static str) -> Palette {
    Palette { ground, ink, bright, muted }
}

pub const PALETTES: [Palette; 10] = [
    palette("#17403a", "#f4efe2", "#e0a458", "#2f6a5e"),
    palette("#1d2a44", "#f3eee3", "#d9b45b", "#34496f"),
    palette("#7a2e22", "#fbeee2", "#e8b07a", "#9c4a38"),
    palette("#ecdfc6", "#2c2620", "#b4552d", "#d3bf98"),
    palette("#472a49", "#f6ebf0", "#dc9a86", "#6b4670"),
    palette("#d5e3e8", "#172a35", "#d3683f", "#a3c1cc"),
    palette("#dfe3c8", "#27301b", "#6a7f35", "#bcc597"),
    palette("#26272b", "#f1efea", "#c9c34f", "#45474d"),
    palette("#f0d9d2", "#3a1e22", "#a63d4a", "#dcb3aa"),
    palette("#0f4c5c", "#f2f1e8", "#f0b86e", "#2b6f80"),
];

/// Where a composition leaves room for words.
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub centred: bool,
    /// Where in the room the words stand: 0 at its top, 1 at its foot.
    pub down: f64,
}

const ABOVE: Area = Area { x: 48.0, y: 48.0, width: 504.0, height: 330.0, centred: false, down: 0.0 };
const BELOW: Area = Area { x: 48.0, y: 262.0, width: 504.0, height: 290.0, centred: false, down: 1.0 };

/// A composition: what is drawn, and where the words go.
pub struct Art {
    pub svg: String,
    pub area: Area,
}

pub const COMPOSITIONS: [fn(&Palette, &mut Dice) -> Art; 7] = [hills, moon, rings, frame, sound, tiles, spine];

/// Numbers that look random and are always the same for the same title (a linear congruential generator with the
/// constants of Knuth's MMIX).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 up to, not including, `sides`.
    pub fn roll(&mut self, sides: u32) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1))
    }
}

/// Appends a formatted piece; writing to a string cannot fail.
macro_rules! put {
    ($svg:expr, $($piece:tt)*) => { write!($svg, $($piece)*).unwrap_or_default() };
}

/// Layers of land under a low sun.
fn hills(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    let sun = 330.0 + dice.roll(170);
    put!(svg, r#"<circle cx="{sun}" cy="462" r="74" fill="{}"/>"#, colours.bright);
    for (level, opacity) in [(450.0, 0.55), (496.0, 0.8), (540.0, 1.0)] {
        let (a, b, c) = (level - dice.roll(46), level + dice.roll(40), level - dice.roll(46));
        put!(
            svg,
            r#"<path d="M0 {level}C110 {a} 190 {a} 300 {level}S{x} {b} 600 {c}V600H0Z" fill="{}" opacity="{opacity}"/>"#,
            colours.muted,
            x = 480.0,
        );
    }
    Art { svg, area: ABOVE }
}

/// A moon and stars above the words.
fn moon(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    for _ in 0..16 {
        let (x, y, r) = (24.0 + dice.roll(552), 20.0 + dice.roll(220), 1.5 + dice.roll(3));
        put!(svg, r#"<circle cx="{x}" cy="{y}" r="{r}" fill="{}" opacity="0.55"/>"#, colours.ink);
    }
    let x = 150.0 + dice.roll(300);
    put!(svg, r#"<circle cx="{x}" cy="138" r="92" fill="{}"/>"#, colours.bright);
    put!(svg, r#"<circle cx="{}" cy="112" r="80" fill="{}"/>"#, x + 38.0, colours.ground);
    put!(svg, r#"<path d="M48 254H552" stroke="{}" stroke-width="4"/>"#, colours.muted);
    Art { svg, area: BELOW }
}

/// Rings that spread from a corner, as a sound does.
fn rings(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    let x = if dice.roll(2) < 1.0 { 0.0 } else { SIDE };
    for ring in 0..6 {
        let radius = 46.0 + 36.0 * f64::from(ring);
        let colour = if ring % 2 == 0 { colours.bright } else { colours.muted };
        put!(svg, r#"<circle cx="{x}" cy="600" r="{radius}" fill="none" stroke="{colour}" stroke-width="16"/>"#);
    }
    Art { svg, area: Area { height: 310.0, ..ABOVE } }
}

/// A frame of two lines with an ornament, the words in its middle.
fn frame(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    put!(
        svg,
        r#"<rect x="26" y="26" width="548" height="548" fill="none" stroke="{}" stroke-width="8"/>"#,
        colours.bright
    );
    put!(
        svg,
        r#"<rect x="44" y="44" width="512" height="512" fill="none" stroke="{}" stroke-width="3"/>"#,
        colours.muted
    );
    let petals = 4 + dice.roll(3) as u32 * 2;
    for ornament in [104.0, 496.0] {
        for petal in 0..petals {
            let turn = 360.0 / f64::from(petals) * f64::from(petal);
            put!(
                svg,
                r#"<ellipse cx="300" cy="{}" rx="5" ry="15" fill="{}" transform="rotate({turn} 300 {ornament})"/>"#,
                ornament - 17.0,
                colours.bright,
            );
        }
    }
    let area = Area { x: 76.0, y: 146.0, width: 448.0, height: 308.0, centred: true, down: 0.5 };
    Art { svg, area }
}

/// The bars of a recording.
fn sound(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    let played = 6.0 + dice.roll(12);
    for bar in 0..24 {
        let bar = f64::from(bar);
        let swell = 1.0 - ((bar - 11.5) / 14.0).powi(2);
        let height = (24.0 + dice.roll(120)) * swell.max(0.2);
        let colour = if bar < played { colours.bright } else { colours.muted };
        put!(
            svg,
            r#"<rect x="{}" y="{}" width="12" height="{height:.1}" rx="6" fill="{colour}"/>"#,
            48.0 + bar * 21.4,
            478.0 - height / 2.0,
        );
    }
    Art { svg, area: Area { height: 320.0, ..ABOVE } }
}

/// Two rows of tiles with quarter circles and leaves.
fn tiles(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    for row in 0..2 {
        for column in 0..5 {
            let (x, y) = (f64::from(column) * 120.0, f64::from(row) * 120.0);
            let turn = dice.roll(4) * 90.0;
            let (back, front) = match dice.roll(3) as u32 {
                0 => (colours.muted, colours.bright),
                1 => (colours.bright, colours.ground),
                _ => (colours.ground, colours.muted),
            };
            let shape = match dice.roll(3) as u32 {
                0 => "M0 0H120A120 120 0 0 1 0 120Z",
                1 => "M0 120A120 120 0 0 1 120 0A120 120 0 0 1 0 120Z",
                _ => "M0 0A60 60 0 0 1 120 0V120A60 60 0 0 1 0 120Z",
            };
            put!(
                svg,
                r#"<g transform="translate({x} {y})"><path d="M0 0H120V120H0Z" fill="{back}"/><path d="{shape}" fill="{front}" transform="rotate({turn} 60 60)"/></g>"#
            );
        }
    }
    Art { svg, area: Area { y: 272.0, height: 284.0, down: 0.5, ..BELOW } }
}

/// A cloth spine at the left, with its bands.
fn spine(colours: &Palette, dice: &mut Dice) -> Art {
    let mut svg = String::new();
    put!(svg, r#"<path d="M0 0H92V600H0Z" fill="{}"/>"#, colours.muted);
    let first = 60.0 + dice.roll(80);
    for band in 0..3 {
        let y = first + f64::from(band) * 180.0;
        put!(svg, r#"<path d="M0 {y}H92M0 {}H92" stroke="{}" stroke-width="8"/>"#, y + 18.0, colours.bright);
    }
    put!(svg, r#"<path d="M128 520H552" stroke="{}" stroke-width="8"/>"#, colours.bright);
    let area = Area { x: 128.0, y: 60.0, width: 428.0, height: 420.0, centred: false, down: 0.0 };
    Art { svg, area }
}
