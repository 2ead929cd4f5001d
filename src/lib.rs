//! `wh` sends, receives, signs and verifies webhooks.
//!
//! The house, from the ground up:
//!
//! - [`message`]: a webhook as bytes; the forms of a timestamp; JSON as text; redaction.
//! - [`signature`]: the schemes by which platforms sign; signing and verifying.
//! - [`retry`]: schedules, status sets, breakers, as values.
//! - [`provider`]: platforms as TOML files; their events, samples and URL rules; the message that
//!   a platform would send; whose a message looks like.
//! - `config`: settings and where they come from; the user's own providers.
//! - `store`: every attempt on disk; asked, pruned.
//! - `export`: deliveries in other programs' forms.
//! - `delivery`: one attempt over HTTP.
//! - `server`: an HTTP server that keeps header lines as they are on the wire.
//! - `capture`: a request becomes a delivery: verified, told from its repeats, recorded, and answered by
//!   its verdict, a script, or the program that it is forwarded to.
//! - `conformance`: whether a sender keeps to its platform's rules, as data and one who watches.
//! - `term`: what reaches a terminal, made safe; colour, tables, prompts.
//! - `report`: what users see, for people and as JSON lines.
//! - `cli`: the commands; one file each.
//!
//! The first four are public and pure: no I/O, no clock, no randomness of their own. Use them to
//! sign and verify in the tests of a receiver:
//!
//! ```
//! use wh::message::{Headers, Message};
//! use wh::provider::builtin;
//! use wh::signature::{Facts, Key, Secret, sign, verify};
//!
//! let scheme = &builtin("cepro").unwrap().schemes[0];
//! let key = Key::new(scheme, &Secret::new("s3cret"))?;
//! let facts = Facts { timestamp: "", id: None, url: None, method: "POST", headers: &Headers::new() };
//! let line = sign(scheme, &key, &facts, b"{}")?;
//! let headers = [(line.header, line.value)].into_iter().collect();
//! let message = Message { method: "POST".into(), target: "/".into(), headers, body: "{}".into() };
//! assert!(verify(scheme, &[key], &message, std::time::SystemTime::now().try_into()?).is_valid());
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
mod conformance;
mod delivery;
mod export;
mod server;
mod store;
// Layer 2: presentation.
mod report;
mod term;
// Layer 3: the command line.
mod cli;

#[doc(hidden)]
pub use cli::run;
