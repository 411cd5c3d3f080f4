//! What people send, on purpose or not.
#![expect(clippy::unwrap_used, reason = "tests say what they expect")]

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{Delay, DynamicImage, ExtendedColorType, Frame, ImageBuffer, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use pictures::{MOST_BYTES, Refusal, SIDES, open, sizes};
use std::io::Cursor;

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

fn is_red(pixel: &Rgb<u8>) -> bool {
    pixel.0[0] > 150 && pixel.0[2] < 100
}

fn is_blue(pixel: &Rgb<u8>) -> bool {
    pixel.0[2] > 150 && pixel.0[0] < 100
}

/// The checksum of a PNG chunk (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A PNG that says it is so large, whatever it holds.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(halves(300, 300), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// A JPEG with a note that the camera was held so (EXIF, 1 to 8), and where the photograph was taken.
fn turned(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 95).encode_image(picture).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend([0, orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 52.5200 N 13.4050 E");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, 0xe1][..], &length, &exif].concat();
    jpeg.splice(2..2, segment);
    jpeg
}

#[test]
fn pictures_of_every_kind_come_out_in_three_sizes_as_webp_and_jpeg() {
    for (format, extension) in [
        (ImageFormat::Jpeg, "jpg"),
        (ImageFormat::Png, "png"),
        (ImageFormat::WebP, "webp"),
        (ImageFormat::Gif, "gif"),
        (ImageFormat::Bmp, "bmp"),
    ] {
        let picture = open(&written(halves(1500, 1000), format)).unwrap();
        assert_eq!((picture.extension, picture.width(), picture.height()), (extension, 1500, 1000));
        let made = sizes(&picture).unwrap();
        assert_eq!(made.iter().map(|made| made.side).collect::<Vec<_>>(), SIDES);
        assert_eq!(
            made.iter().map(|made| (made.width, made.height)).collect::<Vec<_>>(),
            [(320, 213), (640, 427), (1280, 853)]
        );
        for made in made {
            assert_eq!(image::guess_format(&made.webp).unwrap(), ImageFormat::WebP);
            assert_eq!(image::guess_format(&made.jpeg).unwrap(), ImageFormat::Jpeg);
            for bytes in [&made.webp, &made.jpeg] {
                let picture = decoded(bytes);
                assert_eq!(picture.dimensions(), (made.width, made.height), "nothing is cut off");
                assert!(is_red(picture.get_pixel(5, 5)) && is_blue(picture.get_pixel(made.width - 5, 5)), "{format:?}");
            }
        }
    }
}

#[test]
fn a_small_picture_is_not_enlarged_and_a_smaller_one_refused() {
    let made = sizes(&open(&written(halves(240, 400), ImageFormat::Png)).unwrap()).unwrap();
    assert_eq!(
        made.iter().map(|made| (made.width, made.height)).collect::<Vec<_>>(),
        [(192, 320), (240, 400), (240, 400)]
    );
    assert_eq!(open(&written(halves(199, 900), ImageFormat::Png)).unwrap_err(), Refusal::TooSmall);
}

#[test]
fn a_bomb_is_refused_by_its_header_before_it_goes_off() {
    let begun = std::time::Instant::now();
    for (width, height) in [(60_000, 60_000), (10_001, 300), (9_999, 9_999)] {
        assert_eq!(open(&png_of(width, height)).unwrap_err(), Refusal::TooManyPixels, "{width} x {height}");
    }
    assert!(begun.elapsed().as_secs() < 2, "it took {:?}", begun.elapsed());
}

#[test]
fn a_file_of_too_many_bytes_is_not_looked_into() {
    let mut large = written(halves(300, 300), ImageFormat::Png);
    large.resize(MOST_BYTES + 1, 0);
    assert_eq!(open(&large).unwrap_err(), Refusal::TooManyBytes);
}

#[test]
fn what_only_calls_itself_a_picture_is_refused() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><script>alert(1)</script></svg>"#;
    for posing in [&svg[..], b"", b"GIF", b"%PDF-1.7", b"<html>", b"\x00\x00\x00\x1cftypavif"] {
        assert_eq!(open(posing).unwrap_err(), Refusal::NotAPicture, "{posing:?}");
    }
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let mut half = written(halves(600, 600), format);
        half.truncate(half.len() / 2);
        assert_eq!(open(&half).unwrap_err(), Refusal::Damaged, "{format:?}");
    }
    assert!(open(&[&b"\x89PNG\r\n\x1a\n"[..], svg].concat()).is_err());
    assert!(open(&[&b"\xff\xd8\xff\xe0"[..], svg].concat()).is_err());
}

#[test]
fn what_hides_behind_a_picture_does_not_come_out_with_it() {
    let hidden = b"<script>alert('hello')</script>PK\x03\x04";
    for format in [ImageFormat::Gif, ImageFormat::Png, ImageFormat::Jpeg] {
        let both = [&written(halves(400, 400), format)[..], hidden].concat();
        for made in sizes(&open(&both).unwrap()).unwrap() {
            for bytes in [made.webp, made.jpeg] {
                assert!(!bytes.windows(7).any(|window| window == b"<script"), "{format:?}");
            }
        }
    }
}

#[test]
fn a_photograph_stands_upright_and_does_not_say_where_it_was_taken() {
    // Six: the camera was turned to the right, so that the left of what was stored is the top.
    let picture = open(&turned(&halves(600, 400), 6)).unwrap();
    assert_eq!((picture.width(), picture.height()), (400, 600));
    let made = sizes(&picture).unwrap();
    let shown = decoded(&made[1].jpeg);
    assert!(is_red(shown.get_pixel(200, 20)) && is_blue(shown.get_pixel(200, 580)));
    for made in made {
        for bytes in [made.webp, made.jpeg] {
            assert!(!bytes.windows(4).any(|window| window == b"Exif" || window == b"GPS "));
        }
    }
    // A note that means nothing is passed over.
    assert_eq!(open(&turned(&halves(600, 400), 99)).unwrap().width(), 600);
}

#[test]
fn what_is_transparent_is_white() {
    let glass = RgbaImage::from_fn(400, 400, |x, _| if x < 200 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 0, 0, 255]) });
    let made = sizes(&open(&written(glass, ImageFormat::Png)).unwrap()).unwrap();
    let shown = decoded(&made[2].jpeg);
    assert!(shown.get_pixel(50, 50).0.iter().all(|ink| *ink > 245));
    assert!(shown.get_pixel(350, 50).0.iter().all(|ink| *ink < 10));
}

#[test]
fn of_a_picture_that_moves_the_first_frame_is_taken() {
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    for colour in [[250, 0, 0, 255], [0, 0, 250, 255], [0, 250, 0, 255]] {
        let frame = RgbaImage::from_pixel(300, 300, Rgba(colour));
        encoder.encode_frame(Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    let made = sizes(&open(&gif).unwrap()).unwrap();
    assert!(is_red(decoded(&made[0].webp).get_pixel(100, 100)));
}

#[test]
fn sixteen_bits_a_colour_become_eight() {
    let deep =
        ImageBuffer::from_fn(300, 300, |x, _| if x < 150 { Rgb([60_000_u16, 0, 0]) } else { Rgb([0, 0, 60_000]) });
    let made = sizes(&open(&written(DynamicImage::ImageRgb16(deep), ImageFormat::Png)).unwrap()).unwrap();
    let shown = decoded(&made[2].jpeg);
    assert!(is_red(shown.get_pixel(20, 20)) && is_blue(shown.get_pixel(280, 20)));
}

#[test]
fn a_jpeg_in_the_colours_of_a_printer_is_read_or_refused_and_harms_nobody() {
    let mut jpeg = Vec::new();
    let inks = vec![0_u8; 300 * 300 * 3];
    JpegEncoder::new(&mut jpeg).encode(&inks, 300, 300, ExtendedColorType::Rgb8).unwrap();
    // The encoder knows no CMYK: a fourth colour is announced that is never sent.
    let frame = jpeg.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
    jpeg[frame + 9] = 4;
    assert!(matches!(open(&jpeg), Ok(_) | Err(Refusal::Damaged | Refusal::NotAPicture)));
    // A real one, as printers' programs write it.
    let real = open(include_bytes!("cmyk.jpg")).unwrap();
    let made = sizes(&real).unwrap();
    let shown = decoded(&made[2].jpeg);
    assert!(is_red(shown.get_pixel(20, 20)) && is_blue(shown.get_pixel(real.width() - 20, 20)));
}
