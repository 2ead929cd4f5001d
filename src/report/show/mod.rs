//! One delivery on the screen: what it is, its attempts, and the bytes of one of them.

mod delivery;
mod exchange;
mod json;
mod part;
mod timeline;

pub(crate) use delivery::{Shown, show};
pub(in crate::report) use exchange::header_lines;
pub(crate) use exchange::unkept;
pub(crate) use json::DeliveryJson;
pub(crate) use part::{Part, half, without};
