//! Lists that come a page at a time.

use serde::{Deserialize, Serialize};

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Counted from 1.
    pub number: u32,
    /// Items on a page, 1 to 100.
    pub size: u32,
}

impl PageRequest {
    /// A page of a list; a number or size out of bounds is moved to the nearest one that is not.
    pub fn new(number: u32, size: u32) -> Self {
        Self { number: number.clamp(1, 100_000), size: size.clamp(1, 100) }
    }

    /// Items before this page.
    pub fn offset(self) -> u64 {
        u64::from(self.number.max(1) - 1) * u64::from(self.size)
    }
}

/// A page of a list and how long the whole list is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Items in the whole list.
    pub total: u64,
    pub number: u32,
    pub size: u32,
}

impl<T> Page<T> {
    pub fn new(items: Vec<T>, total: u64, request: PageRequest) -> Self {
        Self { items, total, number: request.number, size: request.size }
    }

    /// Pages in the whole list; at least 1.
    pub fn count(&self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(self.size.max(1)))).unwrap_or(u32::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_out_of_bounds_becomes_the_nearest_that_is_not() {
        assert_eq!(PageRequest::new(0, 0), PageRequest { number: 1, size: 1 });
        assert_eq!(PageRequest::new(u32::MAX, 5000), PageRequest { number: 100_000, size: 100 });
        assert_eq!(PageRequest::new(3, 24).offset(), 48);
    }

    #[test]
    fn a_list_has_at_least_one_page_and_a_last_one_that_may_be_short() {
        let pages = |total| Page::<()>::new(Vec::new(), total, PageRequest::new(1, 24)).count();
        assert_eq!([pages(0), pages(24), pages(25), pages(48)], [1, 1, 2, 2]);
    }
}
