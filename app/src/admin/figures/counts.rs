//! What is counted and not paid, over time: orders and new customers, of whatever currency.

use super::chart::{Bar, Chart};
use super::money::Card;
use super::{WIDE, headings};
use domain::insight::report::{Bucket, InCurrency, Takings};
use leptos::prelude::*;

/// What is counted of a piece.
type Counted = fn(&Takings) -> i64;

/// A count of each piece, and of the same piece in the range before.
fn pieces(currencies: &[InCurrency], buckets: usize, counted: Counted) -> Vec<(i64, i64)> {
    let all = |pieces: fn(&InCurrency) -> &Vec<Takings>, place: usize| -> i64 {
        currencies.iter().filter_map(|one| pieces(one).get(place)).map(counted).sum()
    };
    (0..buckets).map(|place| (all(|one| &one.pieces, place), all(|one| &one.pieces_before, place))).collect()
}

/// Orders and new customers, each drawn by itself.
#[component]
pub fn Counts(currencies: Vec<InCurrency>, buckets: Vec<Bucket>) -> impl IntoView {
    let of = |counted: Counted| pieces(&currencies, buckets.len(), counted);
    let (orders, customers) = (of(|one| one.orders), of(|one| one.new_customers));
    view! {
        <div class="mt-12 grid gap-10 lg:grid-cols-2">
            <Count id="orders" name="Orders" pieces=orders buckets=buckets.clone() />
            <Count id="new-customers" name="New customers" pieces=customers buckets />
        </div>
    }
}

#[component]
fn Count(id: &'static str, name: &'static str, pieces: Vec<(i64, i64)>, buckets: Vec<Bucket>) -> impl IntoView {
    let (now, before) = pieces.iter().fold((0, 0), |(now, before), piece| (now + piece.0, before + piece.1));
    let bars: Vec<Bar> = pieces.iter().map(|(up, before)| Bar { up: *up, down: 0, before: *before }).collect();
    let words = format!(
        "{name}: {now}, in {} pieces; {before} in the range before. The numbers are in the table below.",
        pieces.len(),
    );
    let most = bars.iter().map(|bar| bar.up.max(bar.before)).max().unwrap_or_default().to_string();
    let ends =
        (buckets.first().map(Bucket::words).unwrap_or_default(), buckets.last().map(Bucket::words).unwrap_or_default());
    let rows = buckets.into_iter().zip(pieces).map(|(bucket, (now, before))| {
        view! {
            <tr>
                <th class="py-1.5 pr-4 font-normal whitespace-nowrap" scope="row">{bucket.words()}</th>
                <td class="py-1.5 pr-4 text-right">{now}</td>
                <td class="py-1.5 pr-4 text-right">{before}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="min-w-0" aria-labelledby=id data-testid=id>
            <h2 class="text-xl" id=id>{name}</h2>
            <dl class="mt-4 grid grid-cols-2 gap-3">
                <Card name value=now.to_string() now before />
            </dl>
            <Chart bars words most ends name />
            <details class="mt-3">
                <summary class="link inline-flex min-h-6 cursor-pointer items-center text-sm">
                    "As a table" <span class="sr-only">": " {name}</span>
                </summary>
                <div class=WIDE tabindex="0" role="region" aria-label=format!("{name}, piece by piece")>
                    <table class="w-full text-left text-sm tabular-nums">
                        {headings(&["When", "In this range", "In the range before"])}
                        <tbody class="divide-y divide-line">{rows}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_every_currency_are_counted_together_piece_by_piece() {
        let taken = |orders| Takings { orders, ..Takings::default() };
        let one = |code: &str, now: [i64; 2], before: [i64; 2]| InCurrency {
            currency: code.parse().unwrap_or(domain::Currency::USD),
            now: taken(now.iter().sum()),
            before: taken(before.iter().sum()),
            pieces: now.map(taken).to_vec(),
            pieces_before: before.map(taken).to_vec(),
        };
        let both = [one("USD", [3, 0], [1, 1]), one("EUR", [1, 2], [0, 4])];
        assert_eq!(pieces(&both, 2, |one| one.orders), [(4, 1), (2, 5)]);
        assert_eq!(pieces(&both, 2, |one| one.new_customers), [(0, 0), (0, 0)]);
    }
}
