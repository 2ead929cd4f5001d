//! How writers of JSON write numbers.

use super::traits::Traits;

/// Whose numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// Every number stays as it is.
    Kept,
    /// JavaScript's: all are doubles (ECMA-262 §6.1.6.1.20).
    JavaScript,
    /// Go's `encoding/json` into `any`: all are doubles, and there is a `-0`.
    Go,
    /// Python's `json`: integers of any length, `repr` of a float.
    Python,
    /// Ruby's: integers of any length, `Float#to_s`.
    Ruby,
    /// PHP's: integers of 64 bits, and doubles with `serialize_precision = -1`.
    Php,
    /// Java's: integers of any length, `Double.toString`.
    Java,
    /// Gson's into `Object`: all are doubles, `5` becomes `5.0`.
    Gson,
}

/// The form of a double.
struct Form {
    /// The exponents of ten, of the first digit, at which all digits are written out.
    least: i32,
    most: i32,
    /// What follows a number that is whole.
    whole: &'static str,
    /// What follows the only digit before an exponent.
    single: &'static str,
    /// What begins a positive exponent, and a negative one.
    exponent: [&'static str; 2],
    /// The digits that an exponent has at least.
    digits: usize,
    /// Whether there is a zero with a sign.
    signed_zero: bool,
}

impl Numbers {
    /// The same for a text that has these traits, so that writers which write it alike are equal.
    pub(super) fn reduced(self, facts: Traits) -> Self {
        let all_doubles = self == Self::Gson && facts.meets(Traits::INTEGER);
        if self == Self::Kept || all_doubles || facts.meets(Traits::ODD_NUMBER) {
            return self;
        }
        let is_short = matches!(self, Self::JavaScript | Self::Go | Self::Php);
        match (facts.meets(Traits::WHOLE), facts.meets(Traits::PADDED)) {
            (true, _) if is_short => Self::JavaScript,
            (true, true) => Self::Python,
            (false, true) => Self::JavaScript,
            _ => Self::Kept,
        }
    }

    /// Whether a number with these traits is written otherwise than it stands.
    pub(super) fn change(self, traits: Traits) -> bool {
        let odd = Traits::PADDED.with(Traits::ODD_NUMBER);
        traits.meets(match self {
            Self::Kept => Traits::NONE,
            Self::JavaScript | Self::Go | Self::Php => odd.with(Traits::WHOLE),
            Self::Python | Self::Ruby | Self::Java => odd,
            Self::Gson => odd.with(Traits::INTEGER),
        })
    }

    /// Writes a number of a JSON text.
    pub(super) fn rewrite(self, text: &str, out: &mut Vec<u8>) {
        let is_integer = !text.contains(['.', 'e', 'E']);
        let is_kept = match self {
            Self::Kept => true,
            Self::JavaScript | Self::Go | Self::Gson => false,
            Self::Python | Self::Ruby | Self::Java => is_integer,
            Self::Php => is_integer && text != "-0" && text.parse::<i64>().is_ok(),
        };
        if is_kept {
            // An integer has no sign without a value.
            let text = if is_integer && text == "-0" && self != Self::Kept {
                "0"
            } else {
                text
            };
            out.extend_from_slice(text.as_bytes());
            return;
        }
        match Decimal::read(text) {
            Some(decimal) => decimal.write(&self.form(), out),
            None => out.extend_from_slice(match self {
                Self::JavaScript => b"null",
                Self::Python if text.starts_with('-') => b"-Infinity",
                Self::Python => b"Infinity",
                // They refuse it.
                _ => text.as_bytes(),
            }),
        }
    }

    fn form(self) -> Form {
        let java_script = Form {
            least: -6,
            most: 20,
            whole: "",
            single: "",
            exponent: ["e+", "e-"],
            digits: 1,
            signed_zero: false,
        };
        let python = Form {
            least: -4,
            most: 15,
            whole: ".0",
            digits: 2,
            signed_zero: true,
            ..java_script
        };
        match self {
            Self::Kept | Self::JavaScript => java_script,
            Self::Go => Form {
                signed_zero: true,
                ..java_script
            },
            Self::Python => python,
            Self::Ruby => Form {
                single: ".0",
                ..python
            },
            Self::Php => Form {
                least: -4,
                most: 16,
                single: ".0",
                signed_zero: true,
                ..java_script
            },
            Self::Java | Self::Gson => Form {
                least: -3,
                most: 6,
                single: ".0",
                exponent: ["E", "E-"],
                digits: 1,
                ..python
            },
        }
    }
}

/// The digits of a double: as few as tell it from its neighbours (at most 17), without zeros at
/// either end.
#[derive(Clone, Copy)]
struct Decimal {
    negative: bool,
    digits: [u8; LONGEST],
    length: usize,
    /// The power of ten that the first digit stands for.
    exponent: i32,
}

/// So many digits of any decimal come back from a double: they are the shortest that tell it.
const EXACT: usize = 15;

/// No double needs more digits than these.
const LONGEST: usize = 17;

impl Decimal {
    /// Reads a number of a JSON text; `None` where no double is large enough.
    fn read(text: &str) -> Option<Self> {
        let exact = Self::read_digits(text, EXACT).filter(|read| read.exponent.abs() < 300);
        exact.or_else(|| {
            let value: f64 = text.parse().ok()?;
            Self::read_digits(&shortest(value)?, LONGEST)
        })
    }

    /// Reads the digits as they stand; `None` where there are more than `most`.
    fn read_digits(text: &str, most: usize) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let point = unsigned.find('.').unwrap_or(unsigned.len());
        let (mut digits, mut length, mut leading) = ([0; LONGEST], 0, 0);
        for digit in unsigned.bytes().filter(u8::is_ascii_digit) {
            if length == 0 && digit == b'0' {
                leading += 1;
            } else {
                *digits.get_mut(length).filter(|_| length < most)? = digit;
                length += 1;
            }
        }
        while length > 0 && digits[length - 1] == b'0' {
            length -= 1;
        }
        let place = i32::try_from(point).ok()? - leading - 1;
        Some(Self {
            negative: mantissa.starts_with('-'),
            digits,
            length,
            exponent: if length == 0 {
                0
            } else {
                place.checked_add(exponent)?
            },
        })
    }

    fn write(&self, form: &Form, out: &mut Vec<u8>) {
        let digits: &[u8] = match &self.digits[..self.length] {
            [] => b"0",
            digits => digits,
        };
        if self.negative && (self.length > 0 || form.signed_zero) {
            out.push(b'-');
        }
        if self.exponent < form.least || self.exponent > form.most {
            self.write_exponent(digits, form, out);
        } else if let Ok(before) = usize::try_from(self.exponent + 1)
            && before > 0
        {
            let (whole, fraction) = digits.split_at(before.min(digits.len()));
            out.extend_from_slice(whole);
            out.extend(std::iter::repeat_n(b'0', before - whole.len()));
            if fraction.is_empty() {
                out.extend_from_slice(form.whole.as_bytes());
            } else {
                out.push(b'.');
                out.extend_from_slice(fraction);
            }
        } else {
            out.extend_from_slice(b"0.");
            let zeros = usize::try_from(-1 - self.exponent).unwrap_or_default();
            out.extend(std::iter::repeat_n(b'0', zeros));
            out.extend_from_slice(digits);
        }
    }

    fn write_exponent(&self, digits: &[u8], form: &Form, out: &mut Vec<u8>) {
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        } else {
            out.extend_from_slice(form.single.as_bytes());
        }
        let sign = form.exponent[usize::from(self.exponent < 0)];
        let exponent = self.exponent.unsigned_abs();
        let width = form.digits;
        out.extend_from_slice(format!("{sign}{exponent:0width$}").as_bytes());
    }
}

/// The fewest digits that tell a double from others, and of several the nearest; where two are as
/// near the even one, as ECMA-262 has it (Rust's own formatting takes the upper). `None` of infinity.
fn shortest(value: f64) -> Option<String> {
    let text = value.is_finite().then(|| serde_json::to_string(&value));
    text?.ok()
}

/// Whether a decimal has the digits that tell its double from others, as coordinates have.
fn is_shortest(text: &str) -> bool {
    let value = text.parse::<f64>();
    text.len() <= LONGEST + 3 && value.is_ok_and(|value| shortest(value).as_deref() == Some(text))
}

/// The traits of a number.
pub(super) fn traits(text: &str) -> Traits {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        let is_plain = unsigned.len() <= EXACT && unsigned.bytes().all(|b| b.is_ascii_digit());
        return if is_plain && text != "-0" {
            Traits::INTEGER
        } else {
            Traits::ODD_NUMBER
        };
    };
    let is_zero = |digits: &str| digits.bytes().all(|b| b == b'0');
    // Java is the first to write an exponent: below a thousandth, from ten million.
    let is_small = is_zero(whole) && fraction.starts_with("000") && !is_zero(fraction);
    let has_no_value = is_zero(whole) && is_zero(fraction) && text.starts_with('-');
    let is_long = whole.len() + fraction.len() > EXACT;
    if fraction.contains(['e', 'E']) || is_small || has_no_value || whole.len() > 7 {
        return Traits::ODD_NUMBER;
    }
    if is_long && !is_shortest(text) {
        return Traits::ODD_NUMBER;
    }
    let mut traits = Traits::NONE;
    if is_zero(fraction) {
        traits = traits.with(Traits::WHOLE);
    }
    if fraction.len() > 1 && fraction.ends_with('0') {
        traits = traits.with(Traits::PADDED);
    }
    traits
}

#[cfg(test)]
mod tests;
