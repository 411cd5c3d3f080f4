//! hashing.
