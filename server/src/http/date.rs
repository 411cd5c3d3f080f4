//! Dates in headers.

use domain::Timestamp;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// The date format of RFC 9110 (5.6.7).
const FORMAT: StaticFormatDescription =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// A time as headers have it.
pub fn http_date(at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.0 / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(FORMAT).unwrap_or_default()
}

/// The time that a header names; none where it is written in another way.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    let at = PrimitiveDateTime::parse(text, FORMAT).ok()?;
    Some(Timestamp(at.assume_utc().unix_timestamp() * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_a_header_is_read_as_it_is_written() {
        let at = Timestamp(784_111_777_000);
        assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(parse_http_date(&http_date(at)), Some(at));
        assert_eq!(parse_http_date("yesterday"), None);
    }
}
