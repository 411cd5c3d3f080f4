//! Stories spoken by espeak-ng, cut into chunks that the model can hear at once.

use std::path::Path;
use std::process::Command;

use engine_protocol::SAMPLE_RATE;

/// Longest chunk, in samples: a little less than the demonstration model's ten seconds.
const LONGEST: usize = SAMPLE_RATE as usize * 96 / 10;

/// Shortest pause to cut at, in frames of 10 ms.
const PAUSE: usize = 12;

const FRAME: usize = SAMPLE_RATE as usize / 100;

/// Speaks a text; 16 kHz, mono.
pub fn speak(text: &str, words_a_minute: u32) -> Vec<i16> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let wav = folder.path().join("speech.wav");
    let spoken = Command::new("espeak-ng")
        .args(["-v", "en-us", "-s", &words_a_minute.to_string(), "-w"])
        .arg(&wav)
        .arg(text)
        .status()
        .expect("espeak-ng is not installed, and these tests need its voice (Debian: apt-get install espeak-ng)");
    assert!(spoken.success(), "espeak-ng failed: {spoken}");
    resample(&read_wav(&wav))
}

/// Saves samples as the engine reads them.
pub fn save(samples: &[i16], path: &Path) {
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    std::fs::write(path, bytes).expect("the folder can be written");
}

/// Start and length of each chunk, cut in the middle of pauses.
pub fn chunks(samples: &[i16]) -> Vec<(usize, usize)> {
    let silent: Vec<bool> =
        samples.chunks(FRAME).map(|frame| frame.iter().all(|sample| sample.unsigned_abs() < 200)).collect();
    let mut cuts = Vec::new();
    let mut run = 0;
    for (frame, is_silent) in silent.iter().chain([&false]).enumerate() {
        if *is_silent {
            run += 1;
            continue;
        }
        if run >= PAUSE {
            cuts.push((frame - run / 2) * FRAME);
        }
        run = 0;
    }
    let mut found = Vec::new();
    let mut start = 0;
    while samples.len() - start > LONGEST {
        let cut = cuts.iter().copied().rfind(|cut| *cut > start && cut - start <= LONGEST);
        let end = cut.expect("the voice pauses at least every ten seconds");
        found.push((start, end - start));
        start = end;
    }
    found.push((start, samples.len() - start));
    found
}

/// Samples and their rate from a 16-bit mono WAV file.
fn read_wav(path: &Path) -> (Vec<i16>, u32) {
    let bytes = std::fs::read(path).expect("espeak-ng wrote the file");
    let rate = u32::from_le_bytes(bytes[24..28].try_into().expect("four bytes"));
    let samples = bytes[44..].as_chunks().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
    (samples, rate)
}

/// Windowed-sinc interpolation, band-limited to the lower rate.
fn resample((samples, rate): &(Vec<i16>, u32)) -> Vec<i16> {
    const REACH: i64 = 32;
    let step = f64::from(*rate) / f64::from(SAMPLE_RATE);
    let band = (1.0 / step).min(1.0) * 0.95;
    let length = (samples.len() as f64 / step) as usize;
    (0..length)
        .map(|index| {
            let at = index as f64 * step;
            let nearest = at as i64;
            let sum: f64 = (nearest - REACH..=nearest + REACH)
                .map(|tap| {
                    let sample = usize::try_from(tap).ok().and_then(|tap| samples.get(tap)).copied().unwrap_or(0);
                    let off = at - tap as f64;
                    let window = 0.5 + 0.5 * (std::f64::consts::PI * off / (REACH as f64 + 1.0)).cos();
                    f64::from(sample) * band * sinc(off * band) * window
                })
                .sum();
            sum.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
        })
        .collect()
}

fn sinc(x: f64) -> f64 {
    let x = x * std::f64::consts::PI;
    if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
}
