//! Lists of chapters, wherever they stand: in the file, in a cue sheet, in what a library program keeps beside it.

pub mod book;
pub mod cue;
pub mod mp4;
pub mod spans;

use crate::decode::Mark;

/// A list as it is shown: in order, each start once and within the file. One mark alone is no list.
pub fn tidy(mut marks: Vec<Mark>, duration_ms: i64) -> Vec<Mark> {
    marks.retain(|mark| (0..duration_ms).contains(&mark.start_ms));
    marks.sort_by_key(|mark| mark.start_ms);
    marks.dedup_by_key(|mark| mark.start_ms);
    if marks.len() < 2 { Vec::new() } else { marks }
}

/// A time as `1:02:03.456`, `62:03.5` or `63`, in milliseconds.
pub fn clock(text: &str) -> Option<i64> {
    let mut seconds: i64 = 0;
    let (whole, fraction) = text.trim().split_once(['.', ',']).unwrap_or((text.trim(), ""));
    for part in whole.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok().filter(|part| *part >= 0)?)?;
    }
    let digits: String = fraction.chars().take(3).collect();
    let thousandths = if digits.is_empty() { 0 } else { format!("{digits:0<3}").parse::<u16>().ok()? };
    seconds.checked_mul(1000)?.checked_add(i64::from(thousandths))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(clock("1:02:03.456"), Some(3_723_456));
        assert_eq!(clock("62:03.5"), Some(3_723_500));
        assert_eq!(clock("00:00:30,250"), Some(30_250));
        assert_eq!(clock("soon"), None);
        assert_eq!(clock("9999999999999999999:00"), None);
    }

    #[test]
    fn a_list_is_in_order_and_within_its_file() {
        let mark = |start_ms| Mark { title: None, start_ms };
        let list = tidy([40, 10, 99, 10, -5, 0].map(mark).to_vec(), 50);
        assert_eq!(list.iter().map(|mark| mark.start_ms).collect::<Vec<_>>(), [0, 10, 40]);
        assert_eq!(tidy(vec![mark(0)], 50), []);
    }
}
