//! uploads.
