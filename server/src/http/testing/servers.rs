//! Further servers of a shop.

use super::{Shop, Statements, assemble};
use crate::Config;
use domain::Db;
use tempfile::TempDir;

impl Shop {
    /// Another server of the same shop: the same database, storage and clock; what it remembers and counts is its own.
    pub async fn another_server(&self, configure: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let statements = Statements::default();
        let db = Db::new(statements.of(self.db.read()), self.clock.clone());
        let (state, router) = assemble(&db, &self.storage, &folder, configure).await;
        Self {
            db: state.db.clone(),
            clock: self.clock.clone(),
            statements,
            storage: self.storage.clone(),
            uploads: state.uploads.clone(),
            state,
            router,
            folder,
        }
    }
}
