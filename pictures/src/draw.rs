//! Drawings made into pixels, in letters that are the same on every machine.

mod fonts;

use crate::Refusal;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// The longest side of a drawing, in pixels.
const MOST_SIDE: u32 = 2048;

/// Draws an SVG, as PNG, `side` pixels wide and as high as its shape wants. Latin letters are Literata's, which is part of the
/// program; other scripts are set in what fonts the machine has. What the SVG names outside itself is not looked at.
///
/// # Errors
/// [`Refusal::Damaged`] when it is no SVG, [`Refusal::TooManyPixels`] when it would be larger than 2048 pixels.
pub fn rasterise(svg: &str, side: u32) -> Result<Vec<u8>, Refusal> {
    let options = Options { fontdb: fonts::for_text(svg), font_family: fonts::FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|_| Refusal::Damaged)?;
    let scale = side as f32 / tree.size().width();
    let height = (tree.size().height() * scale).round();
    if side > MOST_SIDE || height > MOST_SIDE as f32 {
        return Err(Refusal::TooManyPixels);
    }
    let mut pixels = Pixmap::new(side, height as u32).ok_or(Refusal::TooManyPixels)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let (width, height) = (pixels.width(), pixels.height());
    let mut flat = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in pixels.pixels() {
        // The colours are multiplied by how opaque they are: what is missing is white.
        let missing = u8::MAX - pixel.alpha();
        flat.extend([pixel.red(), pixel.green(), pixel.blue()].map(|ink| ink.saturating_add(missing)));
    }
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
        .write_image(&flat, width, height, ExtendedColorType::Rgb8)
        .map_err(|_| Refusal::NotEncoded)?;
    Ok(png)
}
