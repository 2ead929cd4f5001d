//! What is to hold, and what became of it.

/// A thing that is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Its name, on the command line and for programs; it never changes.
    pub(crate) id: &'static str,
    /// What holds, in a sentence.
    pub(crate) title: &'static str,
    /// Why somebody should care.
    pub(crate) why: &'static str,
    /// The page that says so; `None`: the platform's own documents.
    pub(crate) page: Option<&'static str>,
    /// What to change where it does not hold.
    pub(crate) fix: &'static str,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    /// It was seen to hold.
    Pass,
    /// It does not hold, and no document states it: the value is assumed.
    Warn,
    /// It does not hold.
    Fail,
    /// Nothing came by which it could be told.
    NotSeen,
    /// The platform has no such rule.
    NotApplicable,
    /// The user left it out.
    LeftOut,
}

/// What was found out of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule.
    pub(crate) rule: Rule,
    /// What became of it.
    pub(crate) ruling: Ruling,
    /// Where it is stated.
    pub(crate) page: String,
    /// What was expected.
    pub(crate) expected: String,
    /// Whether no document states that.
    pub(crate) assumed: bool,
    /// What was seen; where nothing was, why, or what to send so that it is.
    pub(crate) seen: String,
}

/// What was found out in all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Findings {
    /// Whose rules they are: the provider's id.
    pub(crate) provider: String,
    /// How many times faster than the platform's the waits are.
    pub(crate) speed: f64,
    /// The deliveries that came.
    pub(crate) deliveries: usize,
    /// Their attempts.
    pub(crate) attempts: usize,
    /// The deliveries that it takes to see everything.
    pub(crate) wanted: usize,
    /// Those of them that have nothing more to show.
    pub(crate) settled: usize,
    /// Each rule, in the order of the catalogue.
    pub(crate) rules: Vec<Finding>,
}

impl Findings {
    /// How many rules came to this.
    pub(crate) fn count(&self, ruling: Ruling) -> usize {
        let rules = self.rules.iter();
        rules.filter(|finding| finding.ruling == ruling).count()
    }

    /// Whether everything came by which the rules can be told, and to its end.
    pub(crate) fn is_complete(&self) -> bool {
        self.settled >= self.wanted
    }

    /// Whether it is complete, and no rule failed. What was not seen in all that came fails nothing;
    /// what was cut short proves nothing.
    pub(crate) fn holds(&self) -> bool {
        self.is_complete() && self.count(Ruling::Fail) == 0
    }
}
