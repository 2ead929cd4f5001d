//! A filter as a condition of SQL. Values are bound, never part of the text.

use rusqlite::types::Value;
use wildmatch::WildMatch;

use super::Filter;
use super::model::{HeaderTest, JsonTest, Name, Status, Term, Test};

/// A condition, and the values for its question marks, in order.
#[derive(Debug, Default)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Filter {
    /// The condition on `a` (attempts) and `d` (deliveries), and the values bound in it, in order.
    pub(in crate::store) fn sql(&self) -> (String, Vec<Value>) {
        condition(&self.terms)
    }
}

/// The condition that all terms hold.
pub(super) fn condition<'t>(terms: impl IntoIterator<Item = &'t Term>) -> (String, Vec<Value>) {
    let mut condition = Condition::default();
    for term in terms {
        let lead = if condition.text.is_empty() {
            ""
        } else {
            " AND "
        };
        condition.push(lead, []);
        condition.push("(", []);
        term.test.write(&mut condition);
        // What is unknown to SQL is false to a filter.
        condition.push(if term.negated { ") IS NOT TRUE" } else { ")" }, []);
    }
    if condition.text.is_empty() {
        condition.push("1", []);
    }
    (condition.text, condition.values)
}

impl Condition {
    fn push(&mut self, text: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(text);
        self.values.extend(values);
    }

    /// One of several; there is at least one.
    fn any<T>(&mut self, tests: &[T], write: impl Fn(&mut Self, &T)) {
        for (nth, test) in tests.iter().enumerate() {
            self.push(if nth > 0 { " OR " } else { "" }, []);
            write(self, test);
        }
    }

    /// One of several values.
    fn in_list(&mut self, column: &str, values: Vec<Value>) {
        let marks = vec!["?"; values.len()].join(", ");
        self.push(&format!("{column} IN ({marks})"), values);
    }
}

impl Test {
    fn write(&self, to: &mut Condition) {
        match self {
            Self::Event(globs) => to.any(globs, |to, glob| like(to, "a.event", glob)),
            Self::Provider(globs) => to.any(globs, |to, glob| like(to, "d.provider", glob)),
            Self::Status(wanted) => to.any(wanted, status),
            Self::Outcome(wanted) => to.in_list(
                "a.outcome",
                wanted.iter().map(|one| Value::from(one.code())).collect(),
            ),
            Self::Verdict(wanted) => to.any(wanted, |to, one| match one {
                Some(kind) => to.push("a.verdict = ?", [kind.code().into()]),
                None => to.push("a.verdict IS NULL", []),
            }),
            Self::Direction(wanted) => to.in_list(
                "d.direction",
                wanted.iter().map(|one| Value::from(one.code())).collect(),
            ),
            Self::Id(names) => to.any(names, name),
            Self::Path(globs) => to.any(globs, |to, glob| {
                let sql = "(SELECT wh_path(?, h.target) FROM heads AS h WHERE h.row = a.row)";
                to.push(sql, [glob.pattern().into()]);
            }),
            Self::Header(tests) => to.any(tests, header),
            Self::Body(texts) => to.any(texts, |to, text| {
                let sql = "(SELECT wh_contains(?, b.coding, b.data, a.size) FROM bodies AS b WHERE b.number = a.body)";
                to.push(sql, [text.bytes().to_vec().into()]);
            }),
            Self::Json(tests) => to.any(tests, json),
            Self::Since(at) => to.push("a.at >= ?", [microsecond(at.as_nanosecond())]),
            Self::Until(at) => to.push("a.at < ?", [microsecond(at.as_nanosecond())]),
            Self::Larger(size) => to.push("a.size > ?", [number(u128::from(*size))]),
            Self::Smaller(size) => to.push("a.size < ?", [number(u128::from(*size))]),
            Self::Slower(took) => to.push("a.took > ?", [number(took.as_micros())]),
            Self::Faster(took) => {
                to.push("a.took < ?", [number(took.as_nanos().div_ceil(1000))]);
            }
            Self::Attempt(numbers) => to.in_list(
                "coalesce(a.number, a.nth)",
                numbers.iter().map(|number| Value::from(*number)).collect(),
            ),
            Self::Duplicate(true) => to.push("a.duplicate_of IS NOT NULL", []),
            Self::Duplicate(false) => to.push("a.duplicate_of IS NULL", []),
        }
    }
}

fn like(to: &mut Condition, column: &str, glob: &WildMatch) {
    match exact(glob) {
        Some(text) => to.push(&format!("{column} = ?"), [text.into()]),
        None => to.push(&format!("wh_glob(?, {column})"), [glob.pattern().into()]),
    }
}

/// The only text that a pattern takes.
pub(super) fn exact(glob: &WildMatch) -> Option<String> {
    let wild = glob.pattern_chars().iter().any(|c| matches!(c, '*' | '?'));
    (!wild).then(|| glob.pattern())
}

fn status(to: &mut Condition, wanted: &Status) {
    if *wanted == Status::Missing {
        return to.push("a.status IS NULL", []);
    }
    let codes: Vec<u16> = (0..1000).filter(|code| wanted.has(Some(*code))).collect();
    let ranges: Vec<_> = codes.chunk_by(|a, b| a + 1 == *b).collect();
    to.any(&ranges, |to, range| {
        let ends = [range.first(), range.last()].map(|end| end.copied().into());
        to.push("a.status BETWEEN ? AND ?", ends);
    });
}

fn name(to: &mut Condition, name: &Name) {
    match name {
        Name::Number(number) => to.push("a.delivery = ?", [(*number).into()]),
        Name::Digits(number, text) => to.push(
            "a.delivery = ? OR d.webhook_id = ?",
            [(*number).into(), text.clone().into()],
        ),
        Name::Prefix(prefix) => to.any(&prefix.ranges(), |to, range| {
            to.push(range.condition, range.values.clone());
        }),
    }
}

fn header(to: &mut Condition, test: &HeaderTest) {
    let value = test.value.as_ref().map(WildMatch::pattern);
    to.push(
        "(SELECT wh_header(?, ?, h.request) FROM heads AS h WHERE h.row = a.row)",
        [test.name.clone().into(), value.into()],
    );
}

fn json(to: &mut Condition, test: &JsonTest) {
    to.push(
        "(SELECT wh_json(?, ?, b.coding, b.data, a.size) FROM bodies AS b WHERE b.number = a.body)",
        [test.pointer.clone().into(), test.value.clone().into()],
    );
}

/// Times are kept to the microsecond: the first one that is not earlier.
fn microsecond(nanoseconds: i128) -> Value {
    let up = -(-nanoseconds).div_euclid(1000);
    Value::from(i64::try_from(up).unwrap_or(i64::MAX))
}

fn number(number: u128) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}
