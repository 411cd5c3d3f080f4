//! Reading a picture whose sender nobody knows.

use crate::Refusal;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 20 << 20;
/// The longest side, in pixels.
pub const MOST_SIDE: u32 = 10_000;
/// Pixels in all: what a camera of today takes.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Each side has at least so many pixels: less is a smear where a cover is large.
pub const LEAST_SIDE: u32 = 200;
/// What the decoder may take, in bytes, beside the file: the pixels, four bytes each, and what it needs to find them.
const MOST_MEMORY: u64 = 320 << 20;

/// The kinds that are taken, with the ending of their files' names.
const KINDS: [(ImageFormat, &str); 5] = [
    (ImageFormat::Jpeg, "jpg"),
    (ImageFormat::Png, "png"),
    (ImageFormat::WebP, "webp"),
    (ImageFormat::Gif, "gif"),
    (ImageFormat::Bmp, "bmp"),
];

/// The ending of a kind that is taken, of somebody's saying so.
pub fn known_ending(ending: &str) -> Option<&'static str> {
    KINDS.iter().map(|(_, known)| *known).find(|known| *known == ending)
}

/// A picture as people see it: turned upright, on white where it was transparent.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(crate) pixels: RgbImage,
    /// The usual ending of a file of this kind: `jpg`, `png`, `webp`, `gif`, `bmp`.
    pub extension: &'static str,
}

impl Picture {
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    pub fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// Red, green and blue of each pixel, row by row from the top.
    pub fn rgb(&self) -> &[u8] {
        &self.pixels
    }
}

/// Reads JPEG, PNG, WebP, GIF (its first frame) or BMP, told by the first bytes and by nothing else. What is too large is
/// refused by its header, before a pixel of it is read.
///
/// # Errors
/// Why it is not taken.
pub fn open(bytes: &[u8]) -> Result<Picture, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooManyBytes);
    }
    let format = image::guess_format(bytes).map_err(|_| Refusal::NotAPicture)?;
    let (_, extension) = KINDS.into_iter().find(|(kind, _)| *kind == format).ok_or(Refusal::NotAPicture)?;
    // A decoder paints grey what is missing at the end, and says nothing.
    if format == ImageFormat::Jpeg && is_cut_off(bytes) {
        return Err(Refusal::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Refusal::TooManyPixels);
    }
    if width.min(height) < LEAST_SIDE {
        return Err(Refusal::TooSmall);
    }
    // A picture whose note about it cannot be read is shown as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(Picture { pixels: on_white(picture), extension })
}

/// Whether a JPEG has no end after its last scan began (ITU-T T.81, SOS and EOI).
fn is_cut_off(jpeg: &[u8]) -> bool {
    let last = |mark: u8| jpeg.windows(2).rposition(|two| two == [0xff, mark]);
    match (last(0xda), last(0xd9)) {
        (Some(scan), Some(end)) => end < scan,
        _ => true,
    }
}

fn refusal(error: image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooManyPixels,
        image::ImageError::Unsupported(_) => Refusal::NotAPicture,
        _ => Refusal::Damaged,
    }
}

/// Eight bits of red, green and blue; what shines through is white, as paper is.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let (width, height) = picture.dimensions();
    let mut flat = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in picture.pixels() {
        let [red, green, blue, alpha] = pixel.0.map(u32::from);
        let over = |ink: u32| u8::try_from((ink * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX);
        flat.extend([over(red), over(green), over(blue)]);
    }
    // As many bytes as it takes, counted above.
    RgbImage::from_raw(width, height, flat).unwrap_or_default()
}
