//! JSON that was parsed and written again, by the common writers.

use crate::message::json::{COMPACT, Escapes, Numbers, Order, Spacing, Style};

use super::{Make, Row};

pub(super) const AGAIN: &str = "Sign the bytes that are sent, and verify the bytes that came: the body was parsed and written again between signing and verifying.";
const LAID_OUT: &str = "Sign the bytes that are sent, and verify the bytes that came: the body was laid out anew between signing and verifying (an editor, `jq`, a log).";
pub(super) const JAVASCRIPT: &str = "Verify the bytes that came (`express.raw()`, or `req.rawBody` kept by the `verify` option of `express.json()`; `await req.text()`), and send the very string that is signed: the body was parsed and written again.";
pub(super) const PYTHON: &str = "Verify the bytes that came (`request.get_data()` in Flask, `request.body` in Django, `await request.body()` in FastAPI), and send the very bytes that are signed (`data=`, not `json=`): the body was parsed and written again.";
pub(super) const PHP: &str = "Verify the bytes that came (`file_get_contents('php://input')`, `$request->getContent()`), and send the very string that is signed: the body was parsed and written again.";
pub(super) const GO: &str = "Verify the bytes that came (`io.ReadAll(r.Body)` before anything decodes it), and send the very bytes that are signed: the body was parsed and written again.";

pub(super) const fn lines(indent: &'static str) -> Spacing {
    Spacing::Lines {
        newline: "\n",
        indent,
    }
}

const SPACED: Style = Style {
    spacing: Spacing::Spaced,
    ..COMPACT
};
const LINES_2: Style = Style {
    spacing: lines("  "),
    ..COMPACT
};
const LINES_4: Style = Style {
    spacing: lines("    "),
    ..COMPACT
};
const TABS: Style = Style {
    spacing: lines("\t"),
    ..COMPACT
};
pub(super) const STRINGIFY: Style = Style {
    order: Order::JavaScript,
    escapes: Escapes::PLAIN,
    numbers: Numbers::JavaScript,
    ..COMPACT
};
pub(super) const DUMPS: Style = Style {
    spacing: Spacing::Spaced,
    order: Order::Unique,
    escapes: Escapes::ASCII,
    numbers: Numbers::Python,
    ..COMPACT
};
pub(super) const ENCODE: Style = Style {
    order: Order::Unique,
    escapes: Escapes::PHP,
    numbers: Numbers::Php,
    ..COMPACT
};
const MARSHAL: Style = Style {
    order: Order::Sorted,
    escapes: Escapes::HTML,
    numbers: Numbers::Go,
    ..COMPACT
};

const fn ended(style: Style) -> Style {
    Style { end: "\n", ..style }
}

const fn sorted(style: Style) -> Style {
    Style {
        order: Order::Sorted,
        ..style
    }
}

pub(super) const fn row(
    id: &'static str,
    words: &'static str,
    fix: &'static str,
    style: Style,
) -> Row {
    Row {
        id,
        words,
        fix,
        make: Make::Json(style),
    }
}

/// The common writers, and white space alone; those that are indented alike stand together.
pub(super) const WRITTEN: &[Row] = &[
    row(
        "body-json-compact",
        "the JSON is re-serialised compactly",
        AGAIN,
        COMPACT,
    ),
    row(
        "body-json-javascript",
        "the JSON is re-serialised by `JSON.stringify`",
        JAVASCRIPT,
        STRINGIFY,
    ),
    row(
        "body-json-spaced",
        "the JSON is re-serialised with a space after each comma and colon",
        PYTHON,
        SPACED,
    ),
    row(
        "body-json-python",
        "the JSON is re-serialised by Python's `json.dumps`",
        PYTHON,
        DUMPS,
    ),
    row(
        "body-json-python-utf8",
        "the JSON is re-serialised by Python's `json.dumps` with `ensure_ascii=False`",
        PYTHON,
        Style {
            escapes: Escapes::PLAIN,
            ..DUMPS
        },
    ),
    row(
        "body-json-python-compact",
        "the JSON is re-serialised by Python's `json.dumps` with `separators=(',', ':')`",
        PYTHON,
        Style {
            spacing: Spacing::Compact,
            ..DUMPS
        },
    ),
    row(
        "body-json-compact-newline",
        "the JSON is re-serialised compactly, with a final newline",
        LAID_OUT,
        ended(COMPACT),
    ),
    row(
        "body-json-pretty-2",
        "the JSON is indented by two spaces",
        LAID_OUT,
        LINES_2,
    ),
    row(
        "body-json-pretty-2-newline",
        "the JSON is indented by two spaces, with a final newline",
        LAID_OUT,
        ended(LINES_2),
    ),
    row(
        "body-json-javascript-pretty",
        "the JSON is re-serialised by `JSON.stringify`, indented by two spaces",
        JAVASCRIPT,
        Style {
            spacing: lines("  "),
            ..STRINGIFY
        },
    ),
    row(
        "body-json-python-pretty-2",
        "the JSON is re-serialised by Python's `json.dumps` with `indent=2`",
        PYTHON,
        Style {
            spacing: lines("  "),
            ..DUMPS
        },
    ),
    row(
        "body-json-pretty-4",
        "the JSON is indented by four spaces",
        LAID_OUT,
        LINES_4,
    ),
    row(
        "body-json-pretty-4-newline",
        "the JSON is indented by four spaces, with a final newline",
        LAID_OUT,
        ended(LINES_4),
    ),
    row(
        "body-json-python-pretty-4",
        "the JSON is re-serialised by Python's `json.dumps` with `indent=4`",
        PYTHON,
        Style {
            spacing: lines("    "),
            ..DUMPS
        },
    ),
    row(
        "body-json-php-pretty",
        "the JSON is re-serialised by PHP's `json_encode` with `JSON_PRETTY_PRINT`",
        PHP,
        Style {
            spacing: lines("    "),
            ..ENCODE
        },
    ),
];

/// Writers that put keys in order.
pub(super) const SORTED: &[Row] = &[
    row(
        "body-json-sorted",
        "the JSON is re-serialised compactly with its keys sorted",
        AGAIN,
        sorted(COMPACT),
    ),
    row(
        "body-json-sorted-javascript",
        "the JSON is re-serialised by JavaScript with its keys sorted",
        JAVASCRIPT,
        sorted(STRINGIFY),
    ),
    row(
        "body-json-sorted-spaced",
        "the JSON is re-serialised with its keys sorted and a space after each comma and colon",
        PYTHON,
        sorted(SPACED),
    ),
    row(
        "body-json-sorted-python",
        "the JSON is re-serialised by Python's `json.dumps` with `sort_keys=True`",
        PYTHON,
        sorted(DUMPS),
    ),
    row(
        "body-json-sorted-python-compact",
        "the JSON is re-serialised by Python's `json.dumps` with `sort_keys=True, separators=(',', ':')`",
        PYTHON,
        Style {
            spacing: Spacing::Compact,
            ..sorted(DUMPS)
        },
    ),
    row(
        "body-json-go",
        "the JSON is re-serialised by Go's `json.Marshal`",
        GO,
        MARSHAL,
    ),
    row(
        "body-json-go-newline",
        "the JSON is re-serialised by the `Encoder` of Go's `encoding/json`",
        GO,
        ended(MARSHAL),
    ),
    row(
        "body-json-flask",
        "the JSON is re-serialised by Flask's `jsonify`",
        PYTHON,
        Style {
            spacing: Spacing::Compact,
            end: "\n",
            ..sorted(DUMPS)
        },
    ),
    row(
        "body-json-sorted-pretty-2",
        "the JSON is indented by two spaces with its keys sorted",
        LAID_OUT,
        sorted(LINES_2),
    ),
    row(
        "body-json-sorted-pretty-2-newline",
        "the JSON is indented by two spaces with its keys sorted, with a final newline",
        LAID_OUT,
        ended(sorted(LINES_2)),
    ),
];

/// These are rare.
pub(super) const RARE: &[Row] = &[
    row(
        "body-json-tabs",
        "the JSON is indented by tabs",
        LAID_OUT,
        TABS,
    ),
    row(
        "body-json-tabs-newline",
        "the JSON is indented by tabs, with a final newline",
        LAID_OUT,
        ended(TABS),
    ),
    row(
        "body-json-sorted-pretty-4",
        "the JSON is indented by four spaces with its keys sorted",
        LAID_OUT,
        sorted(LINES_4),
    ),
];
