//! `wh` sends, receives, signs and verifies webhooks.
//!
//! The house, from the ground up:
//!
//! - [`message`]: a webhook as bytes; the forms of a timestamp; JSON as text; redaction.
//! - [`signature`]: the schemes by which platforms sign; signing and verifying.
//! - [`retry`]: schedules, status sets, breakers, as values.
//! - [`provider`]: platforms as TOML files; their events, samples and URL rules; the message that
//!   a platform would send.
//! - `config`: settings and where they come from; the user's own providers.
//! - `export`: deliveries in other programs' forms.
//! - `delivery`: one attempt over HTTP.
//! - `server`: an HTTP server that keeps header lines as they are on the wire.
//! - `capture`: a request becomes a delivery: verified, told from its repeats, answered.
//! - `term`: what reaches a terminal, made safe; colour, tables, prompts.
//! - `report`: what users see, for people and as JSON lines.
//! - `cli`: the commands; one file each.
//!
//! The first four are public and pure: no I/O, no clock, no randomness of their own. Use them to
//! sign and verify in the tests of a receiver:
//!
//! ```
//! use wh::message::Headers;
//! use wh::provider::builtin;
//! use wh::signature::{Facts, Key, Secret, sign};
//!
//! let provider = builtin("wlcro").unwrap();
//! let scheme = &provider.schemes[0];
//! let key = Key::new(scheme, &Secret::new("abc123"))?;
//! let facts =
//!     Facts { timestamp: "1769596200", id: None, url: None, method: "POST", headers: &Headers::new() };
//! let line = sign(scheme, &key, &facts, b"{}")?;
//! assert!(line.value.starts_with(b"sha256="));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Layer 0: pure.
pub mod message;
pub mod provider;
pub mod retry;
pub mod signature;
// Layer 1: effects.
mod capture;
mod config;
mod delivery;
mod export;
mod server;
// Layer 2: presentation.
mod report;
mod term;
// Layer 3: the command line.
mod cli;

#[doc(hidden)]
pub use cli::run;
