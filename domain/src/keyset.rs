//! Lists as programs walk them: a part begins after what was seen last, named by what puts it in order and by its id. What
//! is added or taken away meanwhile neither hides another nor shows it twice, and the last part costs what the first does.

use crate::{Error, Result};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a list goes on: what its last item stands by, and the id of that item. It is written as a pair.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place(Key, Uuid);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Number(i64),
    Text(String),
}

impl Place {
    pub(crate) fn at_number(key: i64, id: Uuid) -> Self {
        Self(Key::Number(key), id)
    }

    pub(crate) fn at_text(key: impl Into<String>, id: Uuid) -> Self {
        Self(Key::Text(key.into()), id)
    }

    /// In a list that is in order by its ids alone.
    pub(crate) fn at_id(id: Uuid) -> Self {
        Self(Key::Number(0), id)
    }

    pub(crate) fn id(&self) -> Uuid {
        self.1
    }

    /// # Errors
    /// As [`unknown`], when a list that goes by text gave it out.
    pub(crate) fn number(&self) -> Result<i64> {
        match self.0 {
            Key::Number(number) => Ok(number),
            Key::Text(_) => Err(unknown()),
        }
    }
}

/// What is said of a place that its list never gave out.
fn unknown() -> Error {
    Error::invalid("cursor", "cursor.unknown")
}

/// Which part of a list is wanted: as many as `limit` after a place, or from the beginning.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    pub after: Option<&'a Place>,
    pub limit: u32,
}

impl Walk<'_> {
    /// One more than is wanted, which tells whether there are more.
    pub(crate) fn most(self) -> u64 {
        u64::from(self.limit) + 1
    }

    /// What is asked of the database for this part of a list that is in order by `keys`; for keys that few share.
    pub(crate) fn of<E: EntityTrait>(self, list: Select<E>, keys: &Keys) -> Result<Select<E>> {
        let list = match self.after {
            Some(place) => list.filter(keys.beyond(place)?),
            None => list,
        };
        Ok(keys.order(list).limit(self.most()))
    }

    /// The same of a list with the newest first that is in order by its ids alone.
    pub(crate) fn newest<E: EntityTrait>(self, list: Select<E>, id: E::Column) -> Select<E> {
        let list = match self.after {
            Some(place) => list.filter(id.lt(place.id())),
            None => list,
        };
        list.order_by_desc(id).limit(self.most())
    }

    /// The part without the one too many, and where the list goes on.
    pub(crate) fn part<T>(self, mut items: Vec<T>, place: impl Fn(&T) -> Place) -> Part<T> {
        let size = self.limit as usize;
        let more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| more).map(place);
        Part { items, next }
    }
}

/// A part of a list, and where it goes on unless that was the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    pub items: Vec<T>,
    pub next: Option<Place>,
}

/// By what a list is in order: a key first, then the id, both the same way.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    key: Expr,
    id: Expr,
    order: Order,
    of_text: bool,
}

impl Keys {
    pub fn number(key: Expr, id: Expr, order: Order) -> Self {
        Self { key, id, order, of_text: false }
    }

    pub fn text(key: Expr, id: Expr, order: Order) -> Self {
        Self { key, id, order, of_text: true }
    }

    pub fn order<E: EntityTrait>(&self, query: Select<E>) -> Select<E> {
        query.order_by(self.key.clone(), self.order.clone()).order_by(self.id.clone(), self.order.clone())
    }

    /// What comes after a place. An index leads to its key, and those with the same key are passed over one by one: for
    /// keys that few share.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a place of another list.
    pub fn beyond(&self, place: &Place) -> Result<Condition> {
        let key = self.value(place)?;
        let not_before =
            if self.descending() { self.key.clone().lte(key.clone()) } else { self.key.clone().gte(key.clone()) };
        let further = Condition::any().add(self.past(&self.key, key)).add(self.past(&self.id, place.id()));
        Ok(Condition::all().add(not_before).add(further))
    }

    /// The same in two, of which each is one stretch of an index by key and id, however many share a key: what has the
    /// place's key, and what has a later one. (Not a comparison of pairs: MariaDB has no index for that.)
    ///
    /// # Errors
    /// As [`Self::beyond`].
    pub fn stretches(&self, place: &Place) -> Result<[Condition; 2]> {
        let key = self.value(place)?;
        let same = Condition::all().add(self.key.clone().eq(key.clone())).add(self.past(&self.id, place.id()));
        Ok([same, Condition::all().add(self.past(&self.key, key))])
    }

    fn descending(&self) -> bool {
        matches!(self.order, Order::Desc)
    }

    fn past(&self, what: &Expr, value: impl Into<Value>) -> Expr {
        let value: Value = value.into();
        if self.descending() { what.clone().lt(value) } else { what.clone().gt(value) }
    }

    fn value(&self, place: &Place) -> Result<Value> {
        match &place.0 {
            Key::Number(number) if !self.of_text => Ok((*number).into()),
            Key::Text(text) if self.of_text => Ok(text.clone().into()),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_goes_on_after_its_last_item_and_ends_where_nothing_follows() {
        let walk = Walk { after: None, limit: 2 };
        assert_eq!(walk.most(), 3);
        let id = Uuid::from_u128;
        let place = |number: &u8| Place::at_number(i64::from(*number), id(u128::from(*number)));
        let some = walk.part(vec![1, 2, 3], place);
        assert_eq!((some.items, some.next), (vec![1, 2], Some(Place::at_number(2, id(2)))));
        assert_eq!(walk.part(vec![1, 2], place).next, None);
        assert_eq!(walk.part(Vec::new(), place).next, None);
    }

    #[test]
    fn a_place_is_written_as_a_pair_and_read_again() {
        for place in [Place::at_number(-3, Uuid::nil()), Place::at_text("a bell", Uuid::nil())] {
            let written = serde_json::to_string(&place).unwrap();
            assert_eq!(serde_json::from_str::<Place>(&written).unwrap(), place, "{written}");
        }
        for made_up in
            ["null", "{}", "[]", "[1]", "[1,2]", "[1.5,\"00000000-0000-0000-0000-000000000000\"]", "[1,\"\"]"]
        {
            assert!(serde_json::from_str::<Place>(made_up).is_err(), "{made_up}");
        }
    }

    #[test]
    fn a_place_of_a_list_by_numbers_is_none_of_a_list_by_text() {
        let expr = || Expr::val(1);
        let (numbers, texts) = (Keys::number(expr(), expr(), Order::Asc), Keys::text(expr(), expr(), Order::Asc));
        let (number, text) = (Place::at_number(1, Uuid::nil()), Place::at_text("a", Uuid::nil()));
        assert!(numbers.beyond(&number).is_ok() && texts.beyond(&text).is_ok());
        for refused in [numbers.beyond(&text), texts.beyond(&number)] {
            assert_eq!(refused.unwrap_err().code(), "cursor.unknown");
        }
    }
}
