//! JSON as it is written with other escapes, numbers and values.

use crate::message::json::{COMPACT, Escapes, Nothing, Numbers, Order, Spacing, Style};

use super::Row;
use super::json::{AGAIN, DUMPS, ENCODE, GO, JAVASCRIPT, PHP, PYTHON, STRINGIFY, row};

const RUBY: &str = "Verify the bytes that came (`request.raw_post`, `request.body.read`), and send the very string that is signed: the body was parsed and written again.";
const JAVA: &str = "Verify the bytes that came (take `@RequestBody byte[]`, not an object), and send the very bytes that are signed: the body was parsed and written again.";
const DOTNET: &str = "Verify the bytes that came (read `Request.Body` before it is bound to a model), and send the very bytes that are signed: the body was parsed and written again.";

const RAILS: Style = Style {
    order: Order::Unique,
    escapes: Escapes::HTML,
    numbers: Numbers::Ruby,
    ..COMPACT
};
const JACKSON: Style = Style {
    order: Order::Unique,
    escapes: Escapes::PLAIN,
    numbers: Numbers::Java,
    ..COMPACT
};

/// Escapes, numbers and values that writers differ in.
pub(super) const ROWS: &[Row] = &[
    row(
        "body-json-ascii",
        "the JSON is re-serialised compactly with `\\u` escapes for what is not ASCII",
        AGAIN,
        Style {
            escapes: Escapes::ASCII,
            ..COMPACT
        },
    ),
    row(
        "body-json-utf8",
        "the JSON is re-serialised compactly with `\\u` escapes written out",
        AGAIN,
        Style {
            escapes: Escapes::PLAIN,
            ..COMPACT
        },
    ),
    row(
        "body-json-php",
        "the JSON is re-serialised by PHP's `json_encode`",
        PHP,
        ENCODE,
    ),
    row(
        "body-json-php-slashes",
        "the JSON is re-serialised by PHP's `json_encode` with `JSON_UNESCAPED_SLASHES`",
        PHP,
        Style {
            escapes: Escapes::PHP_SLASHES,
            ..ENCODE
        },
    ),
    row(
        "body-json-php-unicode",
        "the JSON is re-serialised by PHP's `json_encode` with `JSON_UNESCAPED_UNICODE`",
        PHP,
        Style {
            escapes: Escapes::PHP_UNICODE,
            ..ENCODE
        },
    ),
    row(
        "body-json-php-both",
        "the JSON is re-serialised by PHP's `json_encode` with `JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE`",
        PHP,
        Style {
            escapes: Escapes::PLAIN,
            ..ENCODE
        },
    ),
    row(
        "body-json-php-arrays",
        "the JSON is re-serialised by PHP, which makes `[]` of `{}` in `json_decode($body, true)`",
        PHP,
        Style {
            nothing: Nothing::EmptyArrays,
            ..ENCODE
        },
    ),
    row(
        "body-json-php-arrays-both",
        "the JSON is re-serialised by PHP with `JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE`, and `[]` for `{}`",
        PHP,
        Style {
            nothing: Nothing::EmptyArrays,
            escapes: Escapes::PLAIN,
            ..ENCODE
        },
    ),
    row(
        "body-json-laravel",
        "the JSON is re-serialised by Laravel, which makes `null` of `\"\"`",
        PHP,
        Style {
            nothing: Nothing::Nulls,
            ..ENCODE
        },
    ),
    row(
        "body-json-html",
        "the JSON is re-serialised with `\\u003c`, `\\u003e` and `\\u0026` for `<`, `>` and `&`, as Go writes a struct",
        GO,
        Style {
            escapes: Escapes::HTML,
            numbers: Numbers::Go,
            ..COMPACT
        },
    ),
    row(
        "body-json-rails",
        "the JSON is re-serialised by Rails' `to_json`",
        RUBY,
        RAILS,
    ),
    row(
        "body-json-ruby",
        "the JSON is re-serialised by Ruby's `JSON.generate`",
        RUBY,
        Style {
            escapes: Escapes::PLAIN,
            ..RAILS
        },
    ),
    row(
        "body-json-java",
        "the JSON is re-serialised by Java's Jackson",
        JAVA,
        JACKSON,
    ),
    row(
        "body-json-gson",
        "the JSON is re-serialised by Java's Gson",
        JAVA,
        Style {
            escapes: Escapes::GSON,
            ..JACKSON
        },
    ),
    row(
        "body-json-dotnet",
        "the JSON is re-serialised by .NET's `System.Text.Json`",
        DOTNET,
        Style {
            escapes: Escapes::DOTNET,
            ..COMPACT
        },
    ),
    row(
        "body-json-numbers-javascript",
        "the numbers are written as JavaScript writes them (`2500` for `2500.00`)",
        AGAIN,
        Style {
            spacing: Spacing::Kept,
            numbers: Numbers::JavaScript,
            ..COMPACT
        },
    ),
    row(
        "body-json-numbers-python",
        "the numbers are written as Python writes them (`2500.0` for `2500.00`)",
        AGAIN,
        Style {
            spacing: Spacing::Kept,
            numbers: Numbers::Python,
            ..COMPACT
        },
    ),
    row(
        "body-json-escapes-written-out",
        "the JSON's `\\u` escapes are written out",
        AGAIN,
        Style {
            spacing: Spacing::Kept,
            escapes: Escapes::PLAIN,
            ..COMPACT
        },
    ),
    row(
        "body-json-escapes-added",
        "what is not ASCII in the JSON's strings is written as `\\u` escapes",
        AGAIN,
        Style {
            spacing: Spacing::Kept,
            escapes: Escapes::ASCII,
            ..COMPACT
        },
    ),
    row(
        "body-json-without-nulls",
        "the JSON is re-serialised compactly without members that are `null`",
        "A model left its empty members out when it was written: verify the bytes that came, and send the very bytes that are signed.",
        Style {
            nothing: Nothing::NoNulls,
            ..COMPACT
        },
    ),
];

/// These are rare.
pub(super) const RARE: &[Row] = &[
    row(
        "body-json-gson-doubles",
        "the JSON is re-serialised by Java's Gson from a `Map`, with `5.0` for `5`",
        JAVA,
        Style {
            escapes: Escapes::GSON,
            numbers: Numbers::Gson,
            ..JACKSON
        },
    ),
    row(
        "body-json-dotnet-pretty",
        "the JSON is indented by two spaces, with CRLF line ends",
        DOTNET,
        Style {
            spacing: Spacing::Lines {
                newline: "\r\n",
                indent: "  ",
            },
            ..COMPACT
        },
    ),
    row(
        "body-json-without-nulls-javascript",
        "the JSON is re-serialised by JavaScript without members that are `null`",
        JAVASCRIPT,
        Style {
            nothing: Nothing::NoNulls,
            ..STRINGIFY
        },
    ),
    row(
        "body-json-without-nulls-python",
        "the JSON is re-serialised by Python's `json.dumps` without members that are `null`",
        PYTHON,
        Style {
            nothing: Nothing::NoNulls,
            ..DUMPS
        },
    ),
];
