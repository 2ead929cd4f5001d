//! A webhook as bytes: method, target, header lines and body; the forms a timestamp takes; reading,
//! re-indenting and editing JSON without writing it anew; redaction; where a text cannot be read.

mod duration;
mod headers;
pub mod json;
mod misread;
mod record;
mod redact;
mod request;
mod size;
mod timestamp;

pub use duration::{DurationError, parse_duration};
pub use headers::Headers;
pub(crate) use misread::{Misread, quoted};
pub use record::{Record, RecordError, RecordedValue};
pub use redact::{Shown, redact};
pub use request::Message;
pub use size::{SizeError, parse_size};
pub use timestamp::{TimestampError, TimestampForm};
