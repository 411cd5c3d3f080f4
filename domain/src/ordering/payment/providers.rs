//! Everyone the shop pays through.

use super::PaymentProvider;
use std::sync::Arc;

/// The providers of the shop. New payments go through the first; the others end what was begun with them: a shop that
/// changes its provider still settles and pays back what the one before has charged.
#[derive(Clone, Debug)]
pub struct Payments(Arc<[Arc<dyn PaymentProvider>]>);

impl Payments {
    /// Through `first`, and `others` for what was begun with them.
    pub fn new(first: Arc<dyn PaymentProvider>, others: Vec<Arc<dyn PaymentProvider>>) -> Self {
        Self(std::iter::once(first).chain(others).collect())
    }

    /// The one that takes new payments.
    pub fn first(&self) -> &dyn PaymentProvider {
        &*self.0[0]
    }

    /// What all of them are called in the books.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|provider| provider.name())
    }

    /// The one of a name in the books; `None` when the shop is not set up with it.
    pub fn named(&self, name: &str) -> Option<&dyn PaymentProvider> {
        self.0.iter().find(|provider| provider.name() == name).map(|provider| &**provider)
    }
}

impl<P: PaymentProvider + 'static> From<Arc<P>> for Payments {
    fn from(provider: Arc<P>) -> Self {
        Self::new(provider, Vec::new())
    }
}
