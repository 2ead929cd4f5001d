//! What a text means, what is told of one that means nothing, and how a script is played.

mod language;
mod play;
mod wrong;
