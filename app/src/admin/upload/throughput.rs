//! How fast bytes go, and how long the rest takes.

use std::collections::VecDeque;

/// How far back the rate looks, in milliseconds: long enough to be steady, short enough to follow the network.
const WINDOW_MS: f64 = 10_000.0;
/// Before so much time has passed nothing is said.
const SOON_MS: f64 = 1_000.0;

/// Bytes sent, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Throughput {
    sent: f64,
    notes: VecDeque<(f64, f64)>,
}

impl Throughput {
    /// Takes note that `bytes` more were sent by `now_ms`.
    pub fn sent(&mut self, now_ms: f64, bytes: f64) {
        if self.notes.is_empty() {
            self.notes.push_back((now_ms, self.sent));
        }
        self.sent += bytes;
        self.notes.push_back((now_ms, self.sent));
        while self.notes.len() > 2 && self.notes.front().is_some_and(|(at, _)| now_ms - at > WINDOW_MS) {
            self.notes.pop_front();
        }
    }

    /// Forgets how fast it was: after a pause that would only mislead.
    pub fn rest(&mut self) {
        self.notes.clear();
    }

    /// In bytes a second.
    pub fn rate(&self) -> Option<f64> {
        let (first_at, first) = *self.notes.front()?;
        let (last_at, last) = *self.notes.back()?;
        (last_at - first_at >= SOON_MS).then(|| (last - first) * 1000.0 / (last_at - first_at))
    }

    /// Seconds until `bytes` more are sent.
    pub fn seconds_for(&self, bytes: f64) -> Option<f64> {
        self.rate().filter(|rate| *rate > 0.0).map(|rate| bytes / rate)
    }
}

/// A size as people write it: `3.4 MB`.
pub fn bytes(count: f64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000.0 {
        return format!("{count:.0} bytes");
    }
    let mut size = count / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// A time as people say it: `about 3 minutes`.
pub fn duration(seconds: f64) -> String {
    let plural = |count: f64, unit: &str| format!("about {count:.0} {unit}{}", if count == 1.0 { "" } else { "s" });
    if seconds < 5.0 {
        "a few seconds".to_owned()
    } else if seconds < 55.0 {
        plural((seconds / 5.0).ceil() * 5.0, "second")
    } else if seconds < 55.0 * 60.0 {
        plural((seconds / 60.0).ceil(), "minute")
    } else {
        plural((seconds / 3600.0).ceil(), "hour")
    }
}

/// How much of `whole` has arrived, in whole per cent; 100 only when all of it has.
pub fn percent(part: f64, whole: f64) -> u32 {
    if whole <= 0.0 || part >= whole {
        return 100;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 99")]
    let percent = (part / whole * 100.0).clamp(0.0, 99.0) as u32;
    percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_line_is_measured() {
        let mut throughput = Throughput::default();
        for second in 0..30 {
            throughput.sent(f64::from(second) * 1000.0, 500_000.0);
        }
        let rate = throughput.rate().unwrap();
        assert!((rate - 500_000.0).abs() < 30_000.0, "{rate}");
        assert!((throughput.seconds_for(5_000_000.0).unwrap() - 10.0).abs() < 1.0);
    }

    #[test]
    fn the_rate_follows_a_line_that_slows_down() {
        let mut throughput = Throughput::default();
        for second in 0..20 {
            throughput.sent(f64::from(second) * 1000.0, 10_000_000.0);
        }
        for second in 20..40 {
            throughput.sent(f64::from(second) * 1000.0, 100_000.0);
        }
        assert!(throughput.rate().unwrap() < 150_000.0);
    }

    #[test]
    fn nothing_is_promised_before_anything_is_known() {
        let mut throughput = Throughput::default();
        assert_eq!(throughput.rate(), None);
        throughput.sent(0.0, 1_000_000.0);
        assert_eq!(throughput.rate(), None);
    }

    #[test]
    fn sizes_and_times_are_said_as_people_say_them() {
        assert_eq!(bytes(532.0), "532 bytes");
        assert_eq!(bytes(8_388_608.0), "8.4 MB");
        assert_eq!(bytes(999_999.0), "1.0 MB");
        assert_eq!(duration(2.0), "a few seconds");
        assert_eq!(duration(42.0), "about 45 seconds");
        assert_eq!(duration(61.0), "about 2 minutes");
        assert_eq!(duration(3300.0), "about 1 hour");
        assert_eq!(percent(99.9, 100.0), 99);
        assert_eq!(percent(0.0, 0.0), 100);
    }
}
