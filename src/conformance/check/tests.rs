//! The check against models of receivers.

mod model;
