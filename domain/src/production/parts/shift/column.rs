//! The moments that a column of a table holds, moved with the parts that they are in.

use super::{Moments, Piece, Shift, To, length};
use crate::db::BATCH;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};

/// Beyond every book: moments wait there while others are moved, where one statement does not take them all. A part takes up to
/// nine values of the 32,766 that SQLite takes in a statement.
const ASIDE_MS: i64 = 1 << 50;

/// A statement that moves a column of moments: which of them, and to where.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    pub of: Expr,
    pub to: Expr,
}

impl Shift {
    /// The same as [`Self::moment`] for a column of a table, in statements to be carried out one after the other; what was in a
    /// part that is gone is where the next one begins.
    pub fn of_column(&self, column: impl Fn() -> Expr) -> Vec<Moved> {
        if self.pieces.is_empty() {
            return Vec::new();
        }
        if self.pieces.len() <= BATCH {
            return vec![Moved { of: column().gte(0_i64), to: self.case(&self.pieces, &column) }];
        }
        // What one statement has moved is out of reach of the others, until all of it is brought back.
        let (mut moved, mut left) = (Vec::new(), self.pieces.as_slice());
        while let Some(first) = left.first() {
            let (pieces, after) = left.split_at(Ord::min(BATCH, left.len()));
            let end_ms = after.first().map_or(ASIDE_MS, |next| next.from.start);
            let of = column().gte(first.from.start).and(column().lt(end_ms));
            moved.push(Moved { of, to: self.case(pieces, &column).add(ASIDE_MS) });
            left = after;
        }
        moved.push(Moved { of: column().gte(ASIDE_MS), to: column().sub(ASIDE_MS) });
        moved
    }

    /// Where a moment is now that was in one of these pieces; behind the last one, at the end of the book.
    fn case(&self, pieces: &[Piece], column: &impl Fn() -> Expr) -> Expr {
        let mut moved = CaseStatement::new();
        for piece in pieces {
            let within = column().gte(piece.from.start).and(column().lt(piece.from.end));
            let to = match &piece.to {
                To::Gone(at_ms) => Expr::val(*at_ms),
                To::Here(to) if length(to) == length(&piece.from) => column().add(to.start - piece.from.start),
                To::Here(to) if self.moments == Moments::AsFar => {
                    let there = column().lt(piece.from.start + to.end - to.start).and(within.clone());
                    moved = moved.case(there, column().add(to.start - piece.from.start));
                    Expr::val(to.end)
                }
                To::Here(to) => {
                    // Whole numbers in every database: what does not go in is taken away before it is divided.
                    let far = || column().sub(piece.from.start).mul(length(to));
                    let rest = far().modulo(length(&piece.from));
                    far().sub(rest).div(length(&piece.from)).add(to.start)
                }
            };
            moved = moved.case(within, to);
        }
        moved.finally(Expr::val(self.total_ms)).into()
    }
}
