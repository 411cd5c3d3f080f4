//! What was taken in one currency.

use super::chart::{Bar, Chart};
use super::{WIDE, headings};
use domain::Money;
use domain::insight::report::{Bucket, InCurrency, Takings};
use leptos::prelude::*;

#[component]
pub fn InOneCurrency(
    one: InCurrency,
    buckets: Vec<Bucket>,
    /// There are others.
    several: bool,
) -> impl IntoView {
    let InCurrency { currency, now, before, pieces, pieces_before } = one;
    let money = move |minor| Money::new(minor, currency).to_string();
    let id = format!("money-{currency}");
    let heading = if several { format!("Revenue in {currency}") } else { "Revenue".to_owned() };
    let bars: Vec<Bar> = pieces
        .iter()
        .zip(&pieces_before)
        .map(|(now, before)| Bar { up: now.revenue_minor, down: now.returned_minor, before: before.revenue_minor })
        .collect();
    let words = format!(
        "Revenue of {} and {} paid back, in {} pieces; {} in the range before. The numbers are in the table below.",
        money(now.revenue_minor),
        money(now.returned_minor),
        pieces.len(),
        money(before.revenue_minor),
    );
    let most = money(bars.iter().map(|bar| bar.up.max(bar.before)).max().unwrap_or_default());
    let ends =
        (buckets.first().map(Bucket::words).unwrap_or_default(), buckets.last().map(Bucket::words).unwrap_or_default());
    view! {
        <section class="mt-12" aria-labelledby=id.clone() data-testid="money">
            <h2 class="text-xl" id=id.clone()>{heading}</h2>
            <dl class="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
                <Card name="Kept" value=money(now.kept_minor()) now=now.kept_minor() before=before.kept_minor() />
                <Card name="Revenue" value=money(now.revenue_minor) now=now.revenue_minor before=before.revenue_minor />
                <Card name="Orders" value=now.orders.to_string() now=now.orders before=before.orders />
                <Card name="Titles sold" value=now.sold.to_string() now=now.sold before=before.sold />
                <Card
                    name="Paid back"
                    value=format!("{} ({})", money(now.returned_minor), now.returned)
                    now=now.returned_minor
                    before=before.returned_minor
                />
            </dl>
            <Chart bars words most ends name="Revenue" back=true />
            <details class="mt-3">
                <summary class="link inline-flex min-h-6 cursor-pointer items-center text-sm">"As a table"</summary>
                <div class=WIDE tabindex="0" role="region" aria-label=format!("Revenue in {currency}, piece by piece")>
                    <table class="w-full text-left text-sm tabular-nums">
                        {headings(
                            &["When", "Orders", "Titles", "Revenue", "Titles paid back", "Paid back", "New customers", "Revenue before"],
                        )}
                        <tbody class="divide-y divide-line">
                            {buckets
                                .into_iter()
                                .zip(pieces.into_iter().zip(pieces_before))
                                .map(|(bucket, (now, before))| view! { <Piece bucket now before=money(before.revenue_minor) currency /> })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

#[component]
fn Piece(bucket: Bucket, now: Takings, before: String, currency: domain::Currency) -> impl IntoView {
    let money = |minor| Money::new(minor, currency).to_string();
    let cells = [
        now.orders.to_string(),
        now.sold.to_string(),
        money(now.revenue_minor),
        now.returned.to_string(),
        money(now.returned_minor),
        now.new_customers.to_string(),
        before,
    ];
    view! {
        <tr>
            <th class="py-1.5 pr-4 font-normal whitespace-nowrap" scope="row">{bucket.words()}</th>
            {cells.map(|cell| view! { <td class="py-1.5 pr-4 text-right whitespace-nowrap">{cell}</td> }).collect_view()}
        </tr>
    }
}

/// A number, and how it stands beside the range before.
#[component]
pub fn Card(name: &'static str, value: String, now: i64, before: i64) -> impl IntoView {
    view! {
        <div class="panel flex flex-col p-4">
            <dt class="text-sm text-soft">{name}</dt>
            <dd class="font-serif text-2xl font-semibold break-words tabular-nums">{value}</dd>
            <dd class="mt-1 text-sm text-soft">{change(now, before)}</dd>
        </div>
    }
}

/// How a number stands beside an earlier one.
fn change(now: i64, before: i64) -> String {
    if now == before {
        return "as before".to_owned();
    }
    if before <= 0 || now < 0 {
        return "nothing to compare with".to_owned();
    }
    let percent = (i128::from(now) - i128::from(before)) * 100 / i128::from(before);
    match percent {
        0 if now > before => "a little more than before".to_owned(),
        0 => "a little less than before".to_owned(),
        more if more > 0 => format!("{more} % more than before"),
        less => format!("{} % less than before", -less),
    }
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn a_number_is_compared_with_the_one_before_in_words() {
        assert_eq!(change(120, 100), "20 % more than before");
        assert_eq!(change(50, 100), "50 % less than before");
        assert_eq!(change(1001, 1000), "a little more than before");
        assert_eq!(change(0, 0), "as before");
        assert_eq!(change(5, 0), "nothing to compare with");
        assert_eq!(change(i64::MAX, 1), format!("{} % more than before", (i128::from(i64::MAX) - 1) * 100));
    }
}
