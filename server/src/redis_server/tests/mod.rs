//! What the shop does with a Redis, tried on a real one.

mod away;
mod forbidden;
mod limits;
mod news;
mod opening;
mod pages;
