//! `wh export`: the formats, what is left out of them, and the file they go to.

mod files;
mod formats;
mod hostile;
