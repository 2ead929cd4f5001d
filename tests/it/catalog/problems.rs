//! Provider files with something wrong in them, and all that is told of it, with the place.

mod delivery;

use wh::provider::parse;

/// The least that is a provider; what follows it starts at line 11.
const LEAST: &str = r#"[provider]
id = "mine"

[signature]
algorithm = "hmac-sha256"
signs = "{body}"
encoding = "hex"
header = "X-Sig"
value = "{sig}"

"#;

/// What is found in a text, each problem as it is shown.
fn problems(text: &str) -> Vec<String> {
    let found = parse(text).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

/// A part of [`LEAST`], what stands there instead, and what is told.
type Replaced = (&'static str, &'static str, &'static [&'static str]);

const REPLACED: &[Replaced] = &[
    // keys that are unknown or missing
    (
        "encoding",
        "encodng",
        &[
            "4:1: `signature.encoding` is missing",
            "7:1: unknown key `signature.encodng`; did you mean `encoding`?",
        ],
    ),
    (
        "[provider]",
        "[providr]",
        &[
            "1:1: `provider` is missing",
            "1:2: unknown key `providr`; did you mean `provider`?",
        ],
    ),
    (
        "id = \"mine\"",
        "name = \"Mine\"\nwhatever = 1",
        &[
            "1:1: `provider.id` is missing",
            "3:1: unknown key `provider.whatever`",
        ],
    ),
    (
        "algorithm = \"hmac-sha256\"\nsigns = \"{body}\"\nencoding = \"hex\"\nheader = \"X-Sig\"\nvalue = \"{sig}\"\n",
        "",
        &[
            "4:1: `signature.algorithm` is missing",
            "4:1: `signature.encoding` is missing",
            "4:1: `signature.header` is missing",
            "4:1: `signature.signs` is missing",
            "4:1: `signature.value` is missing",
        ],
    ),
    // wrong types
    (
        "\"mine\"",
        "5",
        &["2:6: `provider.id` must be a string, not integer"],
    ),
    (
        "\"X-Sig\"",
        "[\"X-Sig\"]",
        &["8:10: `signature.header` must be a string, not array"],
    ),
    (
        "\"hmac-sha256\"",
        "true",
        &["5:13: `signature.algorithm` must be a string, not boolean"],
    ),
    (
        "[provider]\n",
        "provider = 1\n[x]\n",
        &[
            "1:12: `provider` must be a table, not integer",
            "2:2: unknown key `x`",
        ],
    ),
    // values
    (
        "mine",
        "Mine!",
        &["2:6: `provider.id` may have lower-case letters, digits and `-` only"],
    ),
    (
        "mine",
        "",
        &["2:6: `provider.id` may have lower-case letters, digits and `-` only"],
    ),
    (
        "hmac-sha256",
        "ed25519",
        &[
            "5:13: `signature.algorithm` is `ed25519`; it may be `hmac-sha1`, `hmac-sha256`, `hmac-sha512`, `token`",
        ],
    ),
    (
        "\"hex\"",
        "\"HEX\"",
        &["7:12: `signature.encoding` is `HEX`; it may be `hex`, `base64`"],
    ),
    (
        "X-Sig",
        "X Sig",
        &["8:10: `signature.header` is not a header name"],
    ),
    (
        "X-Sig",
        "",
        &["8:10: `signature.header` is not a header name"],
    ),
    (
        "\"X-Sig\"",
        "\"X-Sig\"\naliases = [\"X-A\", \"X-É\", 5]",
        &[
            "9:19: `signature.aliases` is not a header name",
            "9:26: `signature.aliases` must be a list of strings, not integer",
        ],
    ),
    (
        "{sig}",
        "a\\r\\nb: {sig}",
        &["9:9: `signature.value` has a control character, which no header line can carry"],
    ),
    (
        "\"{sig}\"",
        "\"{sig}\"\nquery = \"allow\"",
        &["10:9: `signature.query` is `allow`; it may be `refuse`"],
    ),
    (
        "\"{sig}\"",
        "\"{sig}\"\nkey = { decode = \"base32\", stripp = \"x\", required = \"no\" }",
        &[
            "10:18: `signature.key.decode` is `base32`; it may be `utf8`, `base64`, `hex`",
            "10:28: unknown key `signature.key.stripp`; did you mean `strip`?",
            "10:53: `signature.key.required` must be true or false, not string",
        ],
    ),
    // templates
    (
        "{body}",
        "{body",
        &["6:9: `signature.signs` has a brace without its other half"],
    ),
    (
        "{body}",
        "body}",
        &["6:9: `signature.signs` has a brace without its other half"],
    ),
    (
        "{body}",
        "{body}{body}",
        &["6:9: `signature.signs` has `{body}` more than once"],
    ),
    (
        "{body}",
        "{bod}",
        &[
            "6:9: `signature.signs` has no field `{bod}`; it may have `{body}` `{timestamp}` `{id}` `{url}` `{method}` `{header}`",
        ],
    ),
    (
        "{body}",
        "{header:X Y}",
        &[
            "6:9: `signature.signs` has no field `{header:X Y}`; it may have `{body}` `{timestamp}` `{id}` `{url}` `{method}` `{header}`",
        ],
    ),
    (
        "{sig}",
        "{signature}",
        &[
            "9:9: `signature.value` has no field `{signature}`; it may have `{sig}` `{secret}` `{timestamp}`",
        ],
    ),
    (
        "{sig}",
        "sha256=",
        &["9:9: `signature.value` has the entry `sha256=`, which does not have exactly one field"],
    ),
    (
        "{sig}",
        "t={timestamp},v1={sig}",
        &[
            "9:9: `signature.value` has the entry `t={timestamp},v1={sig}`, which does not have exactly one field",
        ],
    ),
    (
        "{sig}",
        "t={timestamp}",
        &["9:9: `signature.value` has neither `{sig}` nor `{secret}`"],
    ),
    // what one key says must be possible by the others
    (
        "{body}",
        "{id}.{timestamp}.{body}",
        &[
            "4:1: `signature.signs` has `{id}`, and there is no `id.from`",
            "4:1: `signature.signs` has `{timestamp}`, and there is no [timestamp]",
        ],
    ),
    (
        "\"{sig}\"",
        "\"t={timestamp},v1={sig}\"\nseparator = \",\"",
        &[
            "4:1: `timestamp.from = \"signature\"` and `{timestamp}` in `signature.value` go together",
        ],
    ),
    (
        "{sig}",
        "Bearer {secret}",
        &["4:1: `signature.value` has `{secret}` where a token is sent, else `{sig}`"],
    ),
    (
        "hmac-sha256",
        "token",
        &[
            "4:1: `signature.signs` is there, and a token covers nothing",
            "4:1: `signature.value` has `{secret}` where a token is sent, else `{sig}`",
        ],
    ),
    // what is assumed
    (
        "\n\n",
        "\nassumed = [\"delivery.retr\", \"id\", \"headers.X-None\", 5, \"\"]\n\n",
        &[
            "3:12: `assumed` names `delivery.retr`, which is no key; did you mean `delivery`?",
            "3:35: `assumed` names `headers.X-None`, which is no key; did you mean `headers`?",
            "3:53: `provider.assumed` must be a list of strings, not integer",
            "3:56: `assumed` names ``, which is no key",
        ],
    ),
    // what is no TOML
    (
        "\"hex\"",
        "hex",
        &["7:12: string values must be quoted, expected literal string"],
    ),
    (
        "\"hex\"",
        "\"hex",
        &["7:16: invalid basic string, expected `\"`"],
    ),
    (
        "[signature]",
        "[signature",
        &["4:11: unclosed table, expected `]`"],
    ),
    ("id = ", "id ", &["2:4: key with no value, expected `=`"]),
    (
        "\"hex\"",
        "\"hex\"\nencoding = \"hex\"",
        &["8:1: duplicate key"],
    ),
    (
        "id = \"mine\"\n\n[signature]",
        "id \"mine\"\n\n[signature",
        &[
            "2:4: key with no value, expected `=`",
            "4:11: unclosed table, expected `]`",
        ],
    ),
];

/// A table after [`LEAST`], and what is told.
type Added = (&'static str, &'static [&'static str]);

const ADDED: &[Added] = &[
    (
        "[delivry]",
        &["11:2: unknown key `delivry`; did you mean `delivery`?"],
    ),
    (
        "[event]\n[attempt]\nform = \"header:X-A\"",
        &[
            "11:1: `event.from` is missing",
            "12:1: `attempt.from` is missing",
            "13:1: unknown key `attempt.form`; did you mean `from`?",
        ],
    ),
    (
        "[event]\nfrom = \"header:X A\"",
        &["12:8: `event.from` must be `header:NAME` or `body:/pointer`"],
    ),
    (
        "[timestamp]\nfrom = \"body\"",
        &[
            "11:1: `timestamp.format` is missing",
            "12:8: `timestamp.from` must be `header:NAME`, `body:/pointer` or `signature`",
        ],
    ),
    (
        "[timestamp]\nformat = \"seconds\"\ntolerance = \"5m\"",
        &[
            "11:1: `timestamp.from` is missing",
            "12:10: `timestamp.format` is `seconds`; it may be `unix`, `unix-ms`, `rfc3339`, `rfc3339-ms`",
            "13:13: `timestamp.tolerance` must be a table, not string",
        ],
    ),
    (
        "[timestamp]\nfrom = \"header:X-T\"\nformat = \"unix\"\ntolerance = { past = \"off\", future = \"never\", ahead = \"1s\" }",
        &[
            "14:22: `timestamp.tolerance.past` is wrong: `off` is not a duration: write for example `300s`, `5m`, `2h` or `1d`, or `any`",
            "14:38: `timestamp.tolerance.future` is wrong: `never` is not a duration: write for example `300s`, `5m`, `2h` or `1d`, or `any`",
            "14:47: unknown key `timestamp.tolerance.ahead`",
        ],
    ),
    (
        "[timestamp]\nfrom = \"signature\"\nformat = \"unix\"",
        &[
            "4:1: `timestamp.from = \"signature\"` and `{timestamp}` in `signature.value` go together",
        ],
    ),
    (
        "[headers]\n\"X Y\" = \"a\"\nX-Z = 5\nX-A = \"{body}\"\nX-B = { value = \"x\", when = \"never\" }\nX-C = { when = \"retry\" }\nX-D = { value = \"x\", wen = \"retry\" }\nX-E = \"a\\nb\"\nx-d = \"y\"",
        &[
            "12:1: `headers.X Y` is not a header name",
            "13:1: `headers.X-Z` must be a string, or `{ value = \"…\", when = \"retry\" }`",
            "14:1: `headers.X-A` has no field `{body}`; it may have `{event}` `{attempt}` `{retry}` `{id}` `{timestamp}`",
            "15:29: `headers.X-B.when` is `never`; it may be `always`, `retry`",
            "16:1: `headers.X-C` must be a string, or `{ value = \"…\", when = \"retry\" }`",
            "17:22: unknown key `headers.X-D.wen`; did you mean `when`?",
            "18:1: `headers.X-E` has a control character, which no header line can carry",
            "19:1: `headers.x-d` is there twice",
        ],
    ),
    (
        "[[events]]\nname = \"a\"\nsample = \"{}\"\n[[events]]\nname = \"a\"\nsample = \"{}\"",
        &["14:1: the event `a` is there twice"],
    ),
    (
        "[[events]]\n[[events]]\nname = \"\"\nsample = 5\n[[events]]\nname = \"a\"\nsample = \"{}\"\nreplaced_by = \"b\"\nlegacy = 1",
        &[
            "11:1: `events.name` is missing",
            "11:1: `events.sample` is missing",
            "13:8: `events.name` is empty",
            "14:10: `events.sample` must be a string, not integer",
            "15:1: `a` is replaced by `b`, which is no event",
            "19:10: `events.legacy` must be true or false, not integer",
        ],
    ),
    (
        "[any_event]\n[test]\nevent = 1",
        &[
            "11:1: `any_event.sample` is missing",
            "12:1: `test.sample` is missing",
            "13:9: `test.event` must be a string, not integer",
        ],
    ),
];

#[test]
fn the_least_file_is_right() {
    assert_eq!(problems(LEAST), [""; 0]);
    let array = LEAST.replace("[signature]", "[[signature]]");
    assert_eq!(problems(&array), [""; 0]);
}

#[test]
fn a_wrong_part_is_told_with_its_place() {
    for (part, instead, told) in REPLACED {
        assert!(LEAST.contains(part), "{part}");
        let text = LEAST.replacen(part, instead, 1);
        assert_eq!(problems(&text), *told, "{text}");
    }
}

#[test]
fn a_wrong_table_is_told_with_its_place() {
    for (table, told) in ADDED.iter().chain(delivery::ADDED) {
        assert_eq!(problems(&format!("{LEAST}{table}\n")), *told, "{table}");
    }
}

#[test]
fn a_text_without_anything_lacks_the_two_tables_that_must_be() {
    let lacks = ["1:1: `provider` is missing", "1:1: `signature` is missing"];
    for text in ["", "\n\n", "# only a comment"] {
        assert_eq!(problems(text), lacks, "{text:?}");
    }
}

/// Columns count characters, not bytes.
#[test]
fn a_place_is_one_that_an_editor_shows() {
    let text = LEAST.replace(
        "id = \"mine\"",
        "id = \"mine\"\n\"größe\" = 1\nname = [\"é\", ü]",
    );
    assert_eq!(
        problems(&text),
        ["4:14: string values must be quoted, expected literal string"]
    );
    let text = LEAST.replace("id = \"mine\"", "id = \"mine\"\nnotes = [\"é\", 5]");
    assert_eq!(
        problems(&text),
        ["3:15: `provider.notes` must be a list of strings, not integer"]
    );
}
