//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet};

/// What depends on what.
pub type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The knots: each a set of things of which every one depends, over others, on every other.
pub fn knots<'a>(graph: &Graph<'a>) -> Vec<BTreeSet<&'a str>> {
    let reach: BTreeMap<_, _> = graph.keys().map(|from| (*from, reached(graph, from))).collect();
    let mut knots: Vec<BTreeSet<&str>> = Vec::new();
    for (from, reached) in &reach {
        if reached.contains(from) && !knots.iter().any(|knot| knot.contains(from)) {
            let back = |other: &&&str| reach.get(**other).is_some_and(|from_there| from_there.contains(from));
            knots.push(reached.iter().filter(back).copied().collect());
        }
    }
    knots
}

/// A shortest way round in a knot: `a -> b -> a`.
pub fn circle(graph: &Graph, knot: &BTreeSet<&str>) -> String {
    let rounds = knot.iter().filter_map(|start| shortest(graph, start));
    rounds.min_by_key(Vec::len).unwrap_or_default().join(" -> ")
}

fn reached<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&str> = graph.get(from).into_iter().flatten().copied().collect();
    while let Some(node) = next.pop() {
        if seen.insert(node) {
            next.extend(graph.get(node).into_iter().flatten());
        }
    }
    seen
}

/// The shortest way from `start` back to it.
fn shortest<'a>(graph: &Graph<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in graph.get(way[way.len() - 1]).into_iter().flatten() {
                if *next == start {
                    return Some([way, vec![start]].concat());
                }
                if seen.insert(*next) {
                    longer.push([way.clone(), vec![*next]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}
