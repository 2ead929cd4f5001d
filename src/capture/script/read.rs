//! A script's words as a script.

use std::ops::Range;

use crate::message::{Misread, quoted};

use super::entry::entry;
use super::lex::{Piece, Word, pieces};
use super::model::{Per, Script};
use super::value::{Given, seed};
use super::wrong::{did_you_mean, twice};

/// What a script can be, for whoever wrote none.
const EXAMPLE: &str = "write for example `500x2,200`";

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
        let missing = match pieces.len() {
            1 => format!("there is no answer: {EXAMPLE}"),
            _ => "there is no answer beside the comma".to_owned(),
        };
        let read = |piece: &Piece<'_>| match &text[piece.place.clone()] {
            "" => Err(Misread::new(&*missing, piece.place.clone())),
            written => entry(piece, written),
        };
        let entries: Vec<_> = pieces.iter().map(read).collect::<Result<_, _>>()?;
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
