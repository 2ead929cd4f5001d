//! What is told alike wherever it is wrong.

use crate::message::Misread;
use crate::provider::nearest;

use super::lex::Word;

/// The error for an option that was given before.
pub(super) fn twice(word: &Word<'_>) -> Misread {
    let wrong = format!("`{}` is there already", word.name);
    Misread::new(wrong, word.place.clone())
}

/// The known word that is most like a text, as the end of a message.
pub(super) fn did_you_mean(text: &str, known: &[&str]) -> String {
    nearest(text, known.iter().copied())
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}
