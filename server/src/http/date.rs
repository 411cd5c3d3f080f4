//! Dates in headers.

use domain::Timestamp;
use time::OffsetDateTime;
use time::macros::format_description;

/// The date format of RFC 9110 (5.6.7).
pub fn http_date(at: Timestamp) -> String {
    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let at = OffsetDateTime::from_unix_timestamp(at.0 / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(format).unwrap_or_default()
}
