//! edit.
