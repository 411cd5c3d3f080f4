//! The form in which the European Central Bank publishes its rates: elements `Cube` within each other, of which one has a
//! `time`, and those in it a `currency` and a `rate`.

use domain::Day;
use domain::rates::Rates;
use domain::rates::provider::{NoRates, rate};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Reads such a document. Entities of a document of its own are not followed.
///
/// # Errors
/// `Damaged` when it is none, or without a day or a rate.
pub fn read(text: &str) -> Result<Rates, NoRates> {
    let damaged = |what: &str| NoRates::Damaged(what.to_owned());
    let mut reader = Reader::from_str(text);
    let (mut day, mut per_euro, mut depth) = (None, Vec::new(), 0_i32);
    loop {
        match reader.read_event().map_err(|error| NoRates::Damaged(error.to_string()))? {
            Event::Start(tag) => {
                depth += 1;
                cube(&tag, &mut day, &mut per_euro)?;
            }
            Event::Empty(tag) => cube(&tag, &mut day, &mut per_euro)?,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    // A document that was cut off is read to its end without a word.
    if depth != 0 {
        return Err(damaged("it ends in the middle"));
    }
    if per_euro.is_empty() {
        return Err(damaged("there is no rate in it"));
    }
    per_euro.sort_by_key(|(currency, _): &(domain::Currency, i64)| currency.code().to_owned());
    Ok(Rates { day: day.ok_or_else(|| damaged("there is no day in it"))?, per_euro })
}

fn cube(
    tag: &BytesStart<'_>,
    day: &mut Option<Day>,
    per_euro: &mut Vec<(domain::Currency, i64)>,
) -> Result<(), NoRates> {
    if tag.local_name().as_ref() != b"Cube" {
        return Ok(());
    }
    let (mut currency, mut written) = (None, None);
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| NoRates::Damaged(error.to_string()))?;
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        match attribute.key.as_ref() {
            b"time" if day.is_none() => {
                *day = Some(Day::parse(&value).ok_or_else(|| NoRates::Damaged(format!("a day {value:?}")))?);
            }
            b"time" => return Err(NoRates::Damaged("rates of several days".to_owned())),
            b"currency" => currency = Some(value),
            b"rate" => written = Some(value),
            _ => {}
        }
    }
    if let Some((currency, written)) = currency.zip(written) {
        per_euro.push(rate(&currency, &written)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_comes_with_the_shop_can_be_read() {
        let rates = read(super::super::OURS).unwrap();
        assert_eq!(rates.day.to_string(), "2026-11-27");
        assert!(rates.per_euro.len() > 20 && rates.per_euro("USD".parse().unwrap()) == Some(1_160_000));
    }

    #[test]
    fn the_banks_own_form_is_read_with_its_names_from_elsewhere() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" \
            xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\"><gesmes:subject>Reference rates</gesmes:subject>\
            <Cube><Cube time='2026-11-27'><Cube currency='USD' rate='1.0588'/><Cube currency='JPY' rate='163.06'/></Cube></Cube>\
            </gesmes:Envelope>";
        let rates = read(text).unwrap();
        assert_eq!(rates.per_euro("JPY".parse().unwrap()), Some(163_060_000));
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        let day = |inside: &str| format!("<Cube time=\"2026-11-27\">{inside}</Cube>");
        for wrong in [
            String::new(),
            "<html><body>Down for maintenance</body></html>".to_owned(),
            "{\"rates\":{}}".to_owned(),
            day(""),
            day("<Cube currency=\"USD\" rate=\"-1\"/>"),
            day("<Cube currency=\"USD\" rate=\"1e9\"/>"),
            day("<Cube currency=\"US\" rate=\"1\"/>"),
            "<Cube time=\"tomorrow\"><Cube currency=\"USD\" rate=\"1\"/></Cube>".to_owned(),
            "<Cube><Cube currency=\"USD\" rate=\"1\"/></Cube>".to_owned(),
            "<Cube time=\"2026-11-27\"><Cube currency=\"USD\" rate=\"1\"/>".to_owned(),
            format!(
                "<a>{}{}</a>",
                day("<Cube currency=\"USD\" rate=\"1\"/>"),
                day("<Cube currency=\"JPY\" rate=\"1\"/>").replace("27", "26")
            ),
            day("<Cube currency=\"USD\" rate=\"1\"/").replace("</Cube>", ""),
        ] {
            assert!(matches!(read(&wrong), Err(NoRates::Damaged(_))), "{wrong} was taken for rates");
        }
    }
}
