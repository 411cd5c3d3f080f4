//! One made-up title.

use super::draw::Draw;
use super::words::{FRENCH, GERMAN, JAPANESE, PLACES, THAI, adjective, noun};
use domain::catalog::seed::SeedSale;
use domain::catalog::seed_many::{Named, TrialTitle};
use domain::{Currency, Timestamp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Titles were published over so many days.
const DAYS: usize = 3650;

/// What titles are drawn from.
pub struct Stock {
    pub authors: Vec<Named>,
    pub narrators: Vec<Named>,
    pub series: Vec<Named>,
    pub categories: Vec<Named>,
    pub currency: Currency,
    pub now: Timestamp,
}

/// Makes a title.
pub fn book(draw: &mut Draw, stock: &Stock, number: u32) -> TrialTitle {
    let language = language(draw);
    let price_minor = if draw.percent(3) { 0 } else { 299 + 100 * draw.below(28) as i64 };
    let sale = (price_minor > 0 && draw.percent(8)).then(|| SeedSale {
        minor: price_minor / 2,
        starts_at: None,
        ends_at: draw.percent(50).then(|| stock.now.plus_ms(30 * DAY)),
    });
    TrialTitle {
        number,
        title: title(draw, language),
        subtitle: draw.percent(30).then(|| format!("A story of {}", PLACES[draw.zipf(PLACES.len())])),
        authors: some(draw, &stock.authors, if draw_two(number) { 2 } else { 1 }),
        narrators: some(draw, &stock.narrators, 1),
        series: if draw.percent(25) {
            stock.series.get(draw.zipf(stock.series.len())).map(|series| (series.clone(), 1 + draw.below(12) as i32))
        } else {
            None
        },
        categories: {
            let many = 1 + draw.below(3);
            some(draw, &stock.categories, many)
        },
        description: description(draw),
        language: language.to_owned(),
        currency: stock.currency,
        price_minor,
        sale,
        duration_ms: duration(draw),
        sold: if draw.percent(40) { 0 } else { 5_000 / (1 + draw.zipf(5_000) as i64) },
        featured: number.is_multiple_of(5_000),
        published_at: stock.now.plus_ms(-(draw.below(DAYS) as i64) * DAY - draw.below(24 * 60) as i64 * MINUTE),
    }
}

fn draw_two(number: u32) -> bool {
    number.is_multiple_of(12)
}

fn language(draw: &mut Draw) -> &'static str {
    match draw.below(100) {
        0..70 => "en",
        70..82 => "de",
        82..91 => "fr",
        91..95 => "es",
        95..97 => "ja",
        97..98 => "th",
        98 => "pt-br",
        _ => "sv",
    }
}

fn title(draw: &mut Draw, language: &str) -> String {
    let of = |draw: &mut Draw, list: &[&str]| list[draw.zipf(list.len())].to_owned();
    match language {
        "de" => format!("{} und {}", of(draw, GERMAN), of(draw, GERMAN)),
        "fr" => format!("L’{} de {}", of(draw, FRENCH), noun(draw)),
        "ja" => [of(draw, JAPANESE), "の".to_owned(), of(draw, JAPANESE), of(draw, JAPANESE)].concat(),
        "th" => [of(draw, THAI), of(draw, THAI)].concat(),
        _ => match draw.below(8) {
            0 => format!("The {} {}", adjective(draw), noun(draw)),
            1 => format!("The {} of {}", noun(draw), PLACES[draw.zipf(PLACES.len())]),
            2 => format!("The {} and the {}", noun(draw), noun(draw)),
            3 => format!("{} {}", adjective(draw), noun(draw)),
            4 => format!("A {} in the {}", noun(draw), noun(draw)),
            5 => format!("The {}’s {}", noun(draw), noun(draw)),
            6 => format!("{} & {}", noun(draw), noun(draw)),
            _ => format!("{} at the {} {}", noun(draw), adjective(draw), noun(draw)),
        },
    }
}

fn description(draw: &mut Draw) -> String {
    let mut words = Vec::new();
    for _ in 0..6 {
        words.push(format!("{} {}", adjective(draw).to_lowercase(), noun(draw).to_lowercase()));
    }
    format!("A {}, told of the {}.", words[..3].join(", a "), words[3..].join(" and the "))
}

/// From ten minutes to forty hours, most of them some hours.
fn duration(draw: &mut Draw) -> i64 {
    let minutes = (10.0_f64.ln() + draw.unit().sqrt() * (240.0_f64).ln()).exp();
    minutes as i64 * MINUTE + draw.below(60) as i64 * 1000
}

/// Some of a list, each once, those at its beginning more often.
fn some(draw: &mut Draw, of: &[Named], many: usize) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for _ in 0..many {
        if let Some(one) = of.get(draw.zipf(of.len())).filter(|one| !found.contains(one)) {
            found.push(one.clone());
        }
    }
    found
}
