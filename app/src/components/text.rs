//! Numbers, lengths and names as a reader writes them.

use domain::catalog::Link;
use domain::ordering::OrderStatus;

/// A length as people say it: `1 h 12 min`, `4 min`, `45 s`. Takes milliseconds.
pub fn length(ms: i64) -> String {
    let seconds = (ms.max(0) + 500) / 1000;
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, _) if seconds < 60 => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A place in a recording as a clock shows it: `2:05`, `1:02:05`. Takes milliseconds.
pub fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// A length as schema.org wants it (ISO 8601): `PT1H2M5S`. Takes milliseconds.
pub fn iso_length(ms: i64) -> String {
    let seconds = (ms.max(0) + 500) / 1000;
    format!("PT{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `1 title`, `12 titles`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `12 titles`, or `1,000+ titles` where counting ended there.
pub fn at_least(number: u64, more: bool, one: &str, many: &str) -> String {
    if !more {
        return count(number, one, many);
    }
    let thousands = if number < 1000 { String::new() } else { format!("{},", number / 1000) };
    let rest = if number < 1000 { number.to_string() } else { format!("{:03}", number % 1000) };
    format!("{thousands}{rest}+ {many}")
}

/// `Ann`, `Ann and Ben`, `Ann, Ben and Cleo`.
pub fn names(links: &[Link]) -> String {
    match links {
        [] => String::new(),
        [one] => one.name.clone(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|link| link.name.as_str()).collect();
            format!("{} and {}", first.join(", "), last.name)
        }
    }
}

/// The name of a language from its code (ISO 639-1, perhaps with a region); a code that is not known stays itself.
pub fn language(code: &str) -> String {
    let name = match code.split(['-', '_']).next().unwrap_or_default() {
        "ar" => "Arabic",
        "cs" => "Czech",
        "da" => "Danish",
        "de" => "German",
        "el" => "Greek",
        "en" => "English",
        "es" => "Spanish",
        "fi" => "Finnish",
        "fr" => "French",
        "he" => "Hebrew",
        "hi" => "Hindi",
        "hu" => "Hungarian",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "nl" => "Dutch",
        "no" | "nb" | "nn" => "Norwegian",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "ro" => "Romanian",
        "ru" => "Russian",
        "sv" => "Swedish",
        "th" => "Thai",
        "tr" => "Turkish",
        "uk" => "Ukrainian",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        _ => return code.to_owned(),
    };
    name.to_owned()
}

/// How an order stands.
pub fn order_status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "Waiting for the payment",
        OrderStatus::Paid => "Paid",
        OrderStatus::Fulfilled => "Complete",
        OrderStatus::Declined => "Declined",
        OrderStatus::Cancelled => "Cancelled",
        OrderStatus::PartlyRefunded => "Partly paid back",
        OrderStatus::Refunded => "Paid back",
    }
}

/// The paragraphs of a text in which blank lines separate them.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n")
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// The beginning of a text for a search engine or a shared link: at most `most` characters, ended at a word.
pub fn beginning(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', '.', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_said_as_people_say_it() {
        for (ms, said) in [
            (45_000, "45 s"),
            (59_600, "1 min"),
            (249_000, "4 min"),
            (3_600_000, "1 h"),
            (4_320_000, "1 h 12 min"),
            (-5, "0 s"),
        ] {
            assert_eq!(length(ms), said, "{ms} ms");
        }
    }

    #[test]
    fn a_place_in_a_recording_reads_like_a_clock() {
        assert_eq!(clock(125_900), "2:05");
        assert_eq!(clock(3_725_000), "1:02:05");
        assert_eq!(iso_length(3_725_000), "PT1H2M5S");
    }

    #[test]
    fn a_number_that_was_not_counted_to_its_end_says_so() {
        assert_eq!(at_least(1, false, "title", "titles"), "1 title");
        assert_eq!(at_least(1000, true, "title", "titles"), "1,000+ titles");
        assert_eq!(at_least(50, true, "title", "titles"), "50+ titles");
    }

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        let link = |name: &str| Link { slug: name.to_lowercase(), name: name.to_owned() };
        assert_eq!(names(&[]), "");
        assert_eq!(names(&[link("Ann")]), "Ann");
        assert_eq!(names(&[link("Ann"), link("Ben"), link("Cleo")]), "Ann, Ben and Cleo");
    }

    #[test]
    fn a_description_is_cut_between_words() {
        assert_eq!(beginning("A bell, a ship.", 40), "A bell, a ship.");
        assert_eq!(beginning("A bell, a ship and a storm", 9), "A bell…");
        assert_eq!(paragraphs("One\nline.\n\n\n Two. \r\n\r\nThree."), ["One line.", "Two.", "Three."]);
    }
}
