//! The order in which people number things: `part 2` before `part 10`.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::str::Chars;

/// Compares two names or paths: folders by folders, runs of digits by their value, letters without regard to case. Ties
/// are settled by the plain text, so that the order is total.
pub fn compare(left: &str, right: &str) -> Ordering {
    let mut folders = right.split('/');
    for folder in left.split('/') {
        match folders.next().map(|other| compare_name(folder, other)) {
            Some(Ordering::Equal) => {}
            Some(order) => return order,
            None => return Ordering::Greater,
        }
    }
    if folders.next().is_some() { Ordering::Less } else { left.cmp(right) }
}

fn compare_name(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.chars().peekable(), right.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => compare_numbers(&mut left, &mut right),
            (Some(a), Some(b)) => {
                left.next();
                right.next();
                a.to_lowercase().cmp(b.to_lowercase())
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes a run of digits from each. Without leading zeros the longer one is the greater, however long it is.
fn compare_numbers(left: &mut Peekable<Chars<'_>>, right: &mut Peekable<Chars<'_>>) -> Ordering {
    let (left, right) = (digits(left), digits(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(&right))
}

fn digits(text: &mut Peekable<Chars<'_>>) -> String {
    let mut run = String::new();
    while let Some(digit) = text.next_if(char::is_ascii_digit) {
        if digit != '0' || !run.is_empty() {
            run.push(digit);
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(expected: &[&str]) {
        let mut names: Vec<&str> = expected.iter().rev().copied().collect();
        names.sort_by(|left, right| compare(left, right));
        assert_eq!(names, expected);
    }

    #[test]
    fn part_10_comes_after_part_2() {
        in_order(&["part 1.mp3", "part 2.mp3", "part 10.mp3", "part 11.mp3", "part 100.mp3"]);
    }

    #[test]
    fn leading_zeros_and_case_do_not_matter() {
        in_order(&["Chapter 01", "chapter 2", "CHAPTER 003", "chapter 10"]);
    }

    #[test]
    fn a_disc_is_finished_before_the_next_begins() {
        in_order(&["Disc 1/2.mp3", "Disc 1/10.mp3", "Disc 2/1.mp3", "Disc 10/1.mp3"]);
    }

    #[test]
    fn a_name_comes_before_its_longer_sister() {
        in_order(&["part", "part 1", "part 1b"]);
    }

    #[test]
    fn numbers_longer_than_any_integer_are_compared() {
        in_order(&["99999999999999999999999999999", "100000000000000000000000000000"]);
    }
}
