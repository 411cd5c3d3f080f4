//! Which lines of an order money belongs to that goes back. Where lines were chosen it is theirs first; of money of which only
//! the amount is known, each line gets a part by a rule that loses no minor unit.

use crate::entities::order_lines;
use crate::pricing::shares::split;
use uuid::Uuid;

/// What of a line goes back.
#[derive(Clone, Debug)]
pub(super) struct Back {
    pub line: Uuid,
    pub title: Uuid,
    pub name: String,
    pub minor: i64,
    /// Nothing of its price is left: the title leaves the library.
    pub whole: bool,
}

/// Which of the lines that are not paid back get something of an amount, and how much.
pub(super) fn backs(lines: &[order_lines::Model], chosen: &[Uuid], amount_minor: i64) -> Vec<Back> {
    let left: Vec<i64> = lines.iter().map(|line| line.price_minor - line.refunded_minor).collect();
    let is_chosen: Vec<bool> = lines.iter().map(|line| chosen.contains(&line.id)).collect();
    let parts = parts_of_chosen(&left, &is_chosen, amount_minor);
    let all = chosen.is_empty() && amount_minor >= left.iter().sum::<i64>();
    let back = |((line, left), (minor, chosen)): ((&order_lines::Model, &i64), (i64, &bool))| Back {
        line: line.id,
        title: line.audiobook_id,
        name: line.title.clone(),
        minor,
        // What was free goes with what was chosen, or with all the rest.
        whole: minor == *left && (minor > 0 || *chosen || all),
    };
    let every = lines.iter().zip(&left).zip(parts.into_iter().zip(&is_chosen)).map(back);
    every.filter(|back| back.whole || back.minor > 0).collect()
}

/// What of `left`, which is what of each line is not paid back, an amount gives back: all of it when it is as much as that;
/// the one line that has exactly this left; else each line a part in proportion. Where the amount is more than all that is
/// left, the parts come to what is left.
fn parts(left: &[i64], amount: i64) -> Vec<i64> {
    let all: i64 = left.iter().sum();
    if amount >= all {
        return left.to_vec();
    }
    let mut fitting = left.iter().enumerate().filter(|(_, left)| **left == amount && amount > 0);
    match (fitting.next(), fitting.next()) {
        (Some((place, _)), None) => (0..left.len()).map(|n| if n == place { amount } else { 0 }).collect(),
        // Of two that cost the same nobody can say which one is meant.
        _ => split(amount.max(0), left),
    }
}

/// As [`parts`], where some lines were chosen: they get what is left of them, and the others what is over then.
fn parts_of_chosen(left: &[i64], chosen: &[bool], amount: i64) -> Vec<i64> {
    let only = |wanted: bool| -> Vec<i64> {
        left.iter().zip(chosen).map(|(left, chosen)| if *chosen == wanted { *left } else { 0 }).collect()
    };
    let (theirs, others) = (only(true), only(false));
    let first = parts(&theirs, amount);
    let over = amount - first.iter().sum::<i64>();
    if over <= 0 {
        return first;
    }
    first.iter().zip(parts(&others, over)).map(|(first, more)| first + more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_all_one_line_or_a_part_of_each() {
        assert_eq!(parts(&[1290, 800], 2090), [1290, 800], "all that is left");
        assert_eq!(parts(&[1290, 800], 800), [0, 800], "the one line that costs this");
        assert_eq!(parts(&[1290, 800], 500), [309, 191], "a part of each");
        assert_eq!(parts(&[800, 800, 100], 800), [377, 376, 47], "which of two nobody can say");
        assert_eq!(parts(&[0, 800], 800), [0, 800], "with what was free");
        assert_eq!(parts(&[1290, 800], 5000), [1290, 800], "never more than was paid");
        assert_eq!(parts(&[1290, 0], 0), [0, 0]);
    }

    #[test]
    fn lines_that_were_chosen_come_first_and_what_is_over_goes_to_the_others() {
        assert_eq!(parts_of_chosen(&[1290, 800], &[true, false], 1290), [1290, 0]);
        assert_eq!(parts_of_chosen(&[790, 800], &[true, false], 1290), [790, 500], "some came back in between");
        assert_eq!(parts_of_chosen(&[0, 0], &[true, true], 0), [0, 0], "of what was free nothing");
    }

    proptest::proptest! {
        #[test]
        fn parts_add_up_to_the_amount_and_none_is_more_than_is_left(left in proptest::collection::vec(0_i64..10_000, 1..12), part in 0_i64..=100) {
            let amount = left.iter().sum::<i64>() * part / 100;
            let chosen: Vec<bool> = (0..left.len()).map(|n| n % 3 == 0).collect();
            for given in [parts(&left, amount), parts_of_chosen(&left, &chosen, amount)] {
                proptest::prop_assert_eq!(given.iter().sum::<i64>(), amount);
                proptest::prop_assert!(given.iter().zip(&left).all(|(given, left)| (0..=*left).contains(given)));
            }
        }
    }
}
