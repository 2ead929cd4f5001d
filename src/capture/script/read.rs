//! A script's words as a script.

use std::ops::Range;

use crate::message::{Misread, quoted};
use crate::provider::nearest;

use super::entry::entry;
use super::lex::{Piece, Word, pieces};
use super::model::{Per, Script};
use super::value::{Given, seed};

/// What a script can be, for whoever wrote none.
const EXAMPLE: &str = "write for example `500x2,200`";

/// The columns up to which a word may be meant for another.
const LONGEST: usize = 40;

impl Script {
    /// Reads a script.
    pub(crate) fn parse(text: &str) -> Result<Self, Misread> {
        let mut pieces = pieces(text)?;
        let lead = if is_lead(&pieces[0]) {
            lead(&pieces.remove(0))?
        } else {
            Lead::default()
        };
        if pieces.is_empty() {
            let wrong = format!("no answer follows: {EXAMPLE}");
            return Err(Misread::new(wrong, text.len()..text.len()));
        }
        let alone = pieces.len() == 1;
        let entries = pieces
            .iter()
            .map(|piece| match piece.place.is_empty() {
                true if alone => Err(Misread::new(
                    format!("there is no answer: {EXAMPLE}"),
                    piece.place.clone(),
                )),
                true => Err(Misread::new(
                    "there is no answer beside the comma",
                    piece.place.clone(),
                )),
                false => entry(piece, &text[piece.place.clone()]),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if let Some((_, place)) = &lead.seed
            && entries.iter().all(|entry| entry.chance.is_none())
        {
            let wrong = "nothing is left to chance here: `p=0.3` behind an answer does that";
            return Err(Misread::new(wrong, place.clone()));
        }
        Ok(Self {
            per: lead.per.unwrap_or_default(),
            seed: lead.seed.map(|(seed, _)| seed),
            entries,
        })
    }
}

/// What is said before the first entry, with the place of the seed.
#[derive(Default)]
struct Lead {
    per: Option<Per>,
    seed: Option<(u64, Range<usize>)>,
}

fn is_lead(piece: &Piece<'_>) -> bool {
    let head = &piece.words[0];
    matches!(head.name, "per" | "seed") && head.value.is_some()
}

fn lead(piece: &Piece<'_>) -> Result<Lead, Misread> {
    let mut lead = Lead::default();
    for word in &piece.words {
        match word.name {
            "per" if lead.per.is_none() => lead.per = Some(per(word)?),
            "seed" if lead.seed.is_none() => {
                let given = Given::of(word)?;
                lead.seed = Some((seed(&given)?, word.place.clone()));
            }
            "per" | "seed" => return Err(twice(word)),
            name => {
                let wrong = format!(
                    "{} is neither `per` nor `seed`, which alone stand before the answers",
                    quoted(name)
                );
                return Err(Misread::new(wrong, word.place.clone()));
            }
        }
    }
    Ok(lead)
}

fn per(word: &Word<'_>) -> Result<Per, Misread> {
    let given = Given::of(word)?;
    match given.text() {
        "delivery" => Ok(Per::Delivery),
        "request" => Ok(Per::Request),
        text => {
            let near = did_you_mean(text, &["delivery", "request"]);
            let wrong = format!("{} is neither delivery nor request{near}", quoted(text));
            Err(given.wrong(wrong))
        }
    }
}

/// The error for an option that was given before.
pub(super) fn twice(word: &Word<'_>) -> Misread {
    let wrong = format!("`{}` is there already", word.name);
    Misread::new(wrong, word.place.clone())
}

/// The known word that is most like a text, as the end of a message.
pub(super) fn did_you_mean(text: &str, known: &[&str]) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    nearest(&text, known.iter().copied())
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}
