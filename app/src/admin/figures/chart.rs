//! A chart that the server draws: readable without JavaScript, with the same numbers as a table for whoever cannot see it.

use leptos::prelude::*;

/// The drawing is stretched to the width of the page, so it holds no text.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 200.0;

/// One bar: what came in, what went back, and what came in in the range before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub up: i64,
    pub down: i64,
    pub before: i64,
}

/// How a bar is drawn: left edge, width, and the heights over and under the line.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Drawn {
    x: f64,
    width: f64,
    up: f64,
    down: f64,
    before: f64,
}

/// Where the line lies, and how each bar is drawn.
#[expect(clippy::cast_precision_loss, reason = "a drawing is as exact as its pixels")]
fn drawn(bars: &[Bar]) -> (f64, Vec<Drawn>) {
    let over = bars.iter().map(|bar| bar.up.max(bar.before)).max().unwrap_or_default().max(0);
    let under = bars.iter().map(|bar| bar.down).max().unwrap_or_default().max(0);
    let unit = HEIGHT / (over.saturating_add(under).max(1)) as f64;
    let slot = WIDTH / bars.len().max(1) as f64;
    let drawn = bars.iter().enumerate().map(|(place, bar)| Drawn {
        x: place as f64 * slot,
        width: slot,
        up: bar.up.max(0) as f64 * unit,
        down: bar.down.max(0) as f64 * unit,
        before: bar.before.max(0) as f64 * unit,
    });
    (over as f64 * unit, drawn.collect())
}

fn units(number: f64) -> String {
    format!("{number:.1}")
}

#[component]
pub fn Chart(
    bars: Vec<Bar>,
    /// What it shows, in a sentence.
    words: String,
    /// The most that a bar shows, as a reader writes it.
    most: String,
    /// The first and last piece.
    ends: (String, String),
    /// What a bar is called.
    name: &'static str,
    /// What goes back is drawn under the line, too.
    #[prop(optional)]
    back: bool,
) -> impl IntoView {
    let (line, drawn) = drawn(&bars);
    let bars = drawn.into_iter().map(|bar| {
        let inner = bar.width * 0.7;
        let left = bar.x + (bar.width - inner) / 2.0;
        view! {
            <rect
                class="fill-line"
                x=units(bar.x)
                y=units(line - bar.before)
                width=units(bar.width * 0.95)
                height=units(bar.before)
            ></rect>
            <rect class="fill-accent" x=units(left) y=units(line - bar.up) width=units(inner) height=units(bar.up)></rect>
            <rect class="fill-danger" x=units(left) y=units(line) width=units(inner) height=units(bar.down)></rect>
        }
    });
    view! {
        <figure class="mt-4">
            <p class="text-sm text-soft tabular-nums" aria-hidden="true">{most}</p>
            <svg
                class="mt-1 h-44 w-full border-b border-line"
                role="img"
                aria-label=words
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                preserveAspectRatio="none"
            >
                {bars.collect_view()}
                <line
                    class="stroke-line-strong"
                    x1="0"
                    x2=units(WIDTH)
                    y1=units(line)
                    y2=units(line)
                    stroke-width="1"
                    vector-effect="non-scaling-stroke"
                ></line>
            </svg>
            <p class="mt-1 flex justify-between text-sm text-soft" aria-hidden="true">
                <span>{ends.0}</span>
                <span>{ends.1}</span>
            </p>
            <figcaption class="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
                <Key class="bg-accent" words=name.to_owned() />
                {back.then(|| view! { <Key class="bg-danger" words="Paid back".to_owned() /> })}
                <Key class="bg-line" words=format!("{name} in the range before") />
            </figcaption>
        </figure>
    }
}

#[component]
fn Key(class: &'static str, words: String) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-2">
            <span class=format!("inline-block size-3 rounded-sm border border-line-strong {class}") aria-hidden="true"></span>
            {words}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_and_the_deepest_fill_the_drawing() {
        let (line, bars) = drawn(&[Bar { up: 300, down: 0, before: 100 }, Bar { up: 0, down: 100, before: 0 }]);
        assert_eq!((line, bars[0].up, bars[1].down), (150.0, 150.0, 50.0));
        assert_eq!((bars[0].before, bars[1].x), (50.0, 500.0));
    }

    #[test]
    fn a_shop_that_sold_nothing_has_a_chart_as_well() {
        let (line, bars) = drawn(&[Bar { up: 0, down: 0, before: 0 }; 3]);
        assert_eq!((line, bars.len(), bars[2].up), (0.0, 3, 0.0));
        assert_eq!(drawn(&[]).1, []);
    }
}
