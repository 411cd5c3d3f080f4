//! Times in words, for those who hear the page.

/// `12 minutes 3 seconds`, `1 hour 40 minutes`, `0 seconds`. Takes milliseconds; with hours the seconds are left out.
pub fn in_words(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let unit = |number: i64, one: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {one}s")),
    };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let seconds = if hours > 0 { None } else { unit(seconds, "second") };
    let words: Vec<_> = [unit(hours, "hour"), unit(minutes, "minute"), seconds].into_iter().flatten().collect();
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

/// `12 minutes 3 seconds of 1 hour 40 minutes`.
pub fn place_in_words(at_ms: i64, duration_ms: i64) -> String {
    format!("{} of {}", in_words(at_ms), in_words(duration_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_said_in_words() {
        assert_eq!(place_in_words(723_000, 6_000_000), "12 minutes 3 seconds of 1 hour 40 minutes");
        assert_eq!(in_words(61_999), "1 minute 1 second");
        assert_eq!(in_words(3_601_000), "1 hour");
        assert_eq!(in_words(-4), "0 seconds");
    }
}
