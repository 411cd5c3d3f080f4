//! Where the sample of a title lies: as somebody types it, and how much of the book it may be.

use crate::{Error, Result};

/// Everybody hears and reads the sample: all its words stand on the title's page. In milliseconds.
const LONGEST_SAMPLE_MS: i64 = 5 * 60_000;

/// Nor is it more than this part of the book, in hundredths.
const MOST_OF_BOOK_PERCENT: i64 = 20;
/// But of a short one as much as says anything, in milliseconds.
const ENOUGH_SAMPLE_MS: i64 = 10_000;

/// How long the sample of a book may be that is so long itself, both in milliseconds; 0 for a book whose length is not known.
pub(crate) fn longest_sample(duration_ms: i64) -> i64 {
    match duration_ms {
        ..=0 => LONGEST_SAMPLE_MS,
        _ => (duration_ms * MOST_OF_BOOK_PERCENT / 100).clamp(ENOUGH_SAMPLE_MS, LONGEST_SAMPLE_MS),
    }
}

/// Refuses a sample that gives too much of a book away.
///
/// # Errors
/// [`Error::Invalid`] with how long it may be.
pub(crate) fn check_sample((start_ms, end_ms): (i64, i64), duration_ms: i64) -> Result<()> {
    let most = longest_sample(duration_ms);
    if end_ms - start_ms > LONGEST_SAMPLE_MS {
        return Err(Error::invalid("sample_end", "sample.too-long").with("minutes", LONGEST_SAMPLE_MS / 60_000));
    }
    if end_ms - start_ms > most {
        return Err(Error::invalid("sample_end", "sample.too-much").with("most", seconds_text(most)));
    }
    Ok(())
}

/// Where a sample lies that somebody typed: start and end in milliseconds; `None` when they typed nothing. Whether it is too much
/// of the book is not looked at.
///
/// # Errors
/// [`Error::Invalid`] with what to do.
pub(crate) fn sample(start: &str, end: &str, duration_ms: i64) -> Result<Option<(i64, i64)>> {
    let (start, end) = (start.trim(), end.trim());
    if start.is_empty() && end.is_empty() {
        return Ok(None);
    }
    let start = if start.is_empty() { 0 } else { seconds("sample_start", start)? };
    let end = seconds("sample_end", end)?;
    if end <= start {
        return Err(Error::invalid("sample_end", "sample.ends-before-start"));
    }
    if end - start > LONGEST_SAMPLE_MS {
        return Err(Error::invalid("sample_end", "sample.too-long").with("minutes", LONGEST_SAMPLE_MS / 60_000));
    }
    if duration_ms > 0 && end > duration_ms {
        let last = seconds_text(duration_ms);
        return Err(Error::invalid("sample_end", "sample.beyond-end").with("last", last));
    }
    Ok(Some((start, end)))
}

fn seconds(field: &'static str, text: &str) -> Result<i64> {
    let bad = || Error::invalid(field, "sample.malformed");
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || rest.len() > 3 || !digits(whole) || !digits(rest) {
        return Err(bad());
    }
    format!("{whole}{rest:0<3}").parse().map_err(|_| bad())
}

/// What a field shows for a position in the book: seconds, with a fraction only where there is one.
pub(crate) fn seconds_text(ms: i64) -> String {
    let (whole, rest) = (ms.div_euclid(1000), ms.rem_euclid(1000));
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:03}").trim_end_matches('0').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_fifth_of_a_book_at_most_and_of_a_short_one_enough_to_hear() {
        let refused = |range, duration_ms| check_sample(range, duration_ms).err().map(|error| error.code());
        assert_eq!(refused((0, 120_000), 600_000), None);
        assert_eq!(refused((0, 120_001), 600_000), Some("sample.too-much"));
        assert_eq!(refused((5_000, 15_000), 20_000), None, "ten seconds");
        assert_eq!(refused((5_000, 15_001), 20_000), Some("sample.too-much"));
        assert_eq!(refused((0, 300_001), 36_000_000), Some("sample.too-long"));
        assert_eq!(refused((0, 300_000), 0), None, "a book whose length is not known yet");
        assert_eq!(sample("", "", 600_000).unwrap(), None);
        assert_eq!(sample("60", "90", 600_000).unwrap(), Some((60_000, 90_000)));
    }

    #[test]
    fn seconds_come_back_as_they_were_typed() {
        for text in ["0", "90", "12.5", "0.125"] {
            assert_eq!(seconds_text(seconds("sample_end", text).unwrap()), text);
        }
    }
}
