//! Moments of a book as people write them: `1:02:03`, `2:03.5`, or seconds alone.

/// As it stands in a field: to the millisecond where it is not a whole second.
pub fn written(ms: i64) -> String {
    let ms = ms.max(0);
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    let rest = match ms % 1_000 {
        0 => String::new(),
        rest => format!(".{rest:03}"),
    };
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}{rest}") } else { format!("{minutes}:{seconds:02}{rest}") }
}

/// Reads it, in milliseconds from the start of the book; `None` when it is no moment.
pub fn read(text: &str) -> Option<i64> {
    let (whole, rest) = text.trim().split_once(['.', ',']).unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = whole.split(':').collect();
    let well_formed = parts.len() <= 3 && parts.iter().all(|part| (1..=6).contains(&part.len()) && digits(part));
    if !well_formed || rest.len() > 3 || !digits(rest) {
        return None;
    }
    let mut seconds: i64 = 0;
    for (place, part) in parts.iter().enumerate() {
        let number: i64 = part.parse().ok()?;
        // Only what comes first may be more than what the next one up has room for.
        if place > 0 && number > 59 {
            return None;
        }
        seconds = seconds * 60 + number;
    }
    let ms: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(seconds * 1_000 + ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read_as_people_write_them() {
        for (text, ms) in [
            ("0", 0),
            ("90", 90_000),
            ("1:30", 90_000),
            (" 1:02:03.5 ", 3_723_500),
            ("12,25", 12_250),
            ("75:00", 4_500_000),
        ] {
            assert_eq!(read(text), Some(ms), "{text}");
        }
        for wrong in ["", "a", "1:60", "1:2:3:4", "-1", "1.2345", "1:", ":1", "1234567", "+1", "1.x"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(ms in 0_i64..400_000_000) {
            prop_assert_eq!(read(&written(ms)), Some(ms));
        }
    }
}
