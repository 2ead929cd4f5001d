//! A receiver as a value: right, or wrong in one thing.
