//! A picture in the sizes that pages ask for.

use crate::{Picture, Refusal};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use std::borrow::Cow;
use webp::{Encoder, WebPConfig};

/// The longer sides that there are, in pixels, the smallest first.
pub const SIDES: [u32; 3] = [320, 640, 1280];
/// Of 100. Fine type on a cover stays clean, and a cover of 320 pixels has about 20 kB.
const WEBP_QUALITY: f32 = 80.0;
const JPEG_QUALITY: u8 = 84;
/// How hard libwebp tries, 0 to 6.
const WEBP_EFFORT: i32 = 4;

/// A picture at one of the [`SIDES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The side that it was made for; the picture is smaller where the one it was made of was.
    pub side: u32,
    pub width: u32,
    pub height: u32,
    pub webp: Vec<u8>,
    pub jpeg: Vec<u8>,
}

/// Makes all sizes of a picture, the smallest first. None is larger than the picture was, nothing is cut off, and nothing but
/// pixels gets in.
///
/// # Errors
/// [`Refusal::NotEncoded`] when an encoder gives up.
pub fn sizes(picture: &Picture) -> Result<Vec<Made>, Refusal> {
    // The largest first: each smaller one is made of the one before, which is nearly as good and much faster.
    let mut made = Vec::with_capacity(SIDES.len());
    let mut from: Cow<'_, RgbImage> = Cow::Borrowed(&picture.pixels);
    for side in SIDES.into_iter().rev() {
        if let Some((width, height)) = within(&picture.pixels, side) {
            from = Cow::Owned(image::imageops::resize(&*from, width, height, FilterType::Lanczos3));
        }
        made.push(encoded(&from, side)?);
    }
    made.reverse();
    Ok(made)
}

/// Width and height of a picture whose longer side is made `side`; none where that would not make it smaller.
fn within(picture: &RgbImage, side: u32) -> Option<(u32, u32)> {
    let (width, height) = picture.dimensions();
    let longer = width.max(height);
    if longer <= side {
        return None;
    }
    let scaled = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) + u64::from(longer) / 2) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    Some((scaled(width), scaled(height)))
}

fn encoded(picture: &RgbImage, side: u32) -> Result<Made, Refusal> {
    let (width, height) = picture.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(picture).map_err(|_| Refusal::NotEncoded)?;
    let mut config = WebPConfig::new().map_err(|()| Refusal::NotEncoded)?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_EFFORT;
    let webp = Encoder::from_rgb(picture.as_raw(), width, height).encode_advanced(&config);
    let webp = webp.map_err(|_| Refusal::NotEncoded)?.to_vec();
    Ok(Made { side, width, height, webp, jpeg })
}
