//! What tests start from: people, titles and what they own, put there the way the shop does it. Only the tests of this
//! workspace see it (feature `test-support`), and with it the tables.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot begin")]

mod recordings;
mod titles;
mod users;

pub use recordings::{add_part, record, say};
pub use titles::{Title, TitleBuilder, for_sale, set, title};
pub use users::{give, shopper, user};

use crate::Db;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel};

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// Writes a row past the rules of the shop.
pub async fn insert<M, A>(db: &Db, row: M)
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    <A::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(db.read()).await.unwrap();
}
