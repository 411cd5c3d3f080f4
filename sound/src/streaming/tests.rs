use super::boxes::PACKETS;
use super::opus::{FRAME, RATE};
use super::write;
use crate::Pulse;
use crate::decode::CODECS;
use crate::wav::{PcmFile, partial};
use std::path::{Path, PathBuf};
use symphonia::core::audio::layouts;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};
use tempfile::TempDir;

const SECONDS: usize = 90;

/// A recording with a click after each seven seconds and a bit, at a rate that is none of Opus.
fn clicks(folder: &TempDir) -> (PathBuf, Vec<f64>) {
    const SOURCE_RATE: usize = 22_050;
    let path = folder.path().join("clicks.wav");
    let mut samples = vec![0.0; SECONDS * SOURCE_RATE];
    let places: Vec<usize> = (1..).map(|number| number * 157_003).take_while(|at| *at < samples.len()).collect();
    for place in &places {
        samples[*place] = 0.9;
    }
    let mut wav = PcmFile::wav(&path, SOURCE_RATE as u32).unwrap();
    wav.write(&samples).unwrap();
    wav.finish().unwrap();
    (path, places.into_iter().map(|place| place as f64 / SOURCE_RATE as f64).collect())
}

fn word(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// The boxes of a file, from top to bottom: kind, and from where to where.
fn boxes(bytes: &[u8]) -> Vec<(&[u8], usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let end = at + word(bytes, at);
        found.push((&bytes[at + 4..at + 8], at, end));
        at = end;
    }
    found
}

/// What a player hears of a copy with one channel, and how many pieces it has.
fn heard(copy: &Path) -> (Vec<f32>, usize) {
    let bytes = std::fs::read(copy).unwrap();
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_OPUS).with_sample_rate(RATE).with_channels(layouts::CHANNEL_LAYOUT_MONO);
    let mut decoder = CODECS.make_audio_decoder(&parameters, &AudioDecoderOptions::default()).unwrap();
    let (mut all, mut lasts, mut pieces) = (Vec::new(), 0, 0);
    for (_, start, end) in boxes(&bytes).into_iter().filter(|(kind, ..)| *kind == b"moof") {
        pieces += 1;
        let run = start + bytes[start..end].windows(4).position(|four| four == b"trun").unwrap() + 4;
        let (with_durations, count) = (word(&bytes, run) & 0x100 != 0, word(&bytes, run + 4));
        let mut data = start + word(&bytes, run + 8);
        for number in 0..count {
            let (duration, size) = match with_durations {
                true => (word(&bytes, run + 12 + number * 8), word(&bytes, run + 16 + number * 8)),
                false => (FRAME, word(&bytes, run + 12 + number * 4)),
            };
            let packet = &bytes[data..data + size];
            let packet = PacketRef::new(0, Timestamp::new(0), Duration::from(FRAME as u64), packet);
            let mut samples: Vec<f32> = Vec::new();
            decoder.decode_ref(&packet).unwrap().copy_to_vec_interleaved(&mut samples);
            all.extend(samples);
            data += size;
            lasts += duration;
        }
    }
    all.truncate(lasts);
    let edit = bytes.windows(4).position(|four| four == b"elst").unwrap() + 4;
    all.drain(..word(&bytes, edit + 12));
    (all, pieces)
}

fn assert_clicks(samples: &[f32], places: &[f64]) {
    for place in places {
        let at = (place * f64::from(RATE)) as usize;
        let around = at - 2_400..at + 2_400;
        let loudest = around.clone().max_by(|a, b| samples[*a].abs().total_cmp(&samples[*b].abs())).unwrap();
        assert!(loudest.abs_diff(at) <= 96, "the click at {place} s is {} samples away", loudest.abs_diff(at));
    }
}

#[test]
fn a_word_of_the_copy_is_where_it_is_in_the_original() {
    let folder = TempDir::new().unwrap();
    let (from, places) = clicks(&folder);
    let to = folder.path().join("copy.m4a");
    let length = write(&from, "clicks.wav", &to, SECONDS as i64 * 1000, &Pulse::default()).unwrap();
    assert_eq!(length, SECONDS as i64 * 1000);
    let (samples, pieces) = heard(&to);
    assert_eq!(samples.len(), SECONDS * RATE as usize, "to the sample");
    assert_eq!(pieces, (SECONDS * RATE as usize + 312).div_ceil(PACKETS * FRAME));
    assert_clicks(&samples, &places);
    assert!(!partial(&to).exists());
}

#[test]
fn a_copy_that_was_cut_off_is_gone_on_with_and_nobody_hears_where() {
    let folder = TempDir::new().unwrap();
    let (from, places) = clicks(&folder);
    let to = folder.path().join("copy.m4a");
    write(&from, "clicks.wav", &to, SECONDS as i64 * 1000, &Pulse::default()).unwrap();
    let whole = std::fs::read(&to).unwrap();
    let pieces = boxes(&whole).into_iter().filter(|(kind, ..)| *kind == b"moof" || *kind == b"mdat");
    let begun: Vec<u8> = pieces.flat_map(|(_, start, end)| whole[start..end].to_vec()).collect();
    std::fs::write(partial(&to), &begun[..begun.len() - 50]).unwrap();
    std::fs::remove_file(&to).unwrap();
    write(&from, "clicks.wav", &to, SECONDS as i64 * 1000, &Pulse::default()).unwrap();
    let (samples, _) = heard(&to);
    assert_eq!(samples.len(), SECONDS * RATE as usize);
    assert_clicks(&samples, &places);
}

#[test]
fn both_sides_of_a_recording_are_in_its_copy() {
    let folder = TempDir::new().unwrap();
    let (from, to) = (folder.path().join("stereo.mp3"), folder.path().join("copy.m4a"));
    std::fs::write(&from, include_bytes!("../../tests/fixtures/stereo.mp3")).unwrap();
    let length = write(&from, "stereo.mp3", &to, 100_000, &Pulse::default()).unwrap();
    let bytes = std::fs::read(&to).unwrap();
    let decoder = bytes.windows(4).position(|four| four == b"dOps").unwrap() + 4;
    assert!(length > 0);
    assert_eq!(bytes[decoder + 1], 2, "channels");
}
