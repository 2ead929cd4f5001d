//! What is told of a wrong `[delivery]`.

use super::Added;

pub(super) const ADDED: &[Added] = &[
    (
        "[delivery]\ntimeout = \"5 parsecs\"\nconnect_timeout = 10\ndedupe_window = \"-1s\"",
        &[
            "12:11: `delivery.timeout` is wrong: `5 parsecs` is not a duration: write for example `300s`, `5m`, `2h` or `1d`",
            "13:19: `delivery.connect_timeout` must be a string, not integer",
            "14:17: `delivery.dedupe_window` is wrong: `-1s` is not a duration: write for example `300s`, `5m`, `2h` or `1d`",
        ],
    ),
    (
        "[delivery]\nretry = [\"10s\", \"soon\", 5]",
        &[
            "12:17: `delivery.retry` is wrong: `soon` is not a duration: write for example `300s`, `5m`, `2h` or `1d`",
            "12:25: `delivery.retry` must be a list of strings, not integer",
        ],
    ),
    (
        "[delivery]\nretry = 5",
        &["12:9: `delivery.retry` must be a list of strings, not integer"],
    ),
    (
        "[delivery]\nretry = { base = \"1s\" }",
        &[
            "12:9: `delivery.retry.cap` is missing",
            "12:9: `delivery.retry.factor` is missing",
            "12:9: `delivery.retry.max` is missing",
        ],
    ),
    (
        "[delivery]\nretry = { base = \"1s\", factor = 1.5, cap = \"1h\", max = -1, more = 1 }",
        &[
            "12:33: `delivery.retry.factor` must be a whole number, not float",
            "12:56: `delivery.retry.max` must be 0 to 4294967295, not -1",
            "12:60: unknown key `delivery.retry.more`",
        ],
    ),
    (
        "[delivery]\njitter_percent = 101",
        &["11:1: `delivery.jitter_percent` is more than 100"],
    ),
    (
        "[delivery]\nsuccess = [200, true]\nstop = { status = \"9xx\" }",
        &[
            "12:17: `delivery.success` must be strings and whole numbers, not boolean",
            "13:19: `delivery.stop.status` is wrong: `9xx` is not a status: write a code (`409`), a class (`4xx`), or several with commas",
        ],
    ),
    (
        "[delivery]\nstop = {}",
        &["12:8: `delivery.stop` is empty; it may have `status`, `header`"],
    ),
    (
        "[delivery]\nstop = { haeder = \"X-Stop\" }",
        &["12:10: unknown key `delivery.stop.haeder`; did you mean `header`?"],
    ),
    (
        "[delivery]\nstop = { status = 410, header = [\"X Y: 1\", \"X-A:\", \": 1\", 5, \"X-B: a\\nb\", \"X-C: d: e\"] }",
        &[
            "12:34: `delivery.stop.header` is `X Y: 1`; write `NAME: value`, or `NAME` for any value",
            "12:44: `delivery.stop.header` is `X-A:`; write `NAME: value`, or `NAME` for any value",
            "12:52: `delivery.stop.header` is `: 1`; write `NAME: value`, or `NAME` for any value",
            "12:59: `delivery.stop.header` must be a list of strings, not integer",
            "12:62: `delivery.stop.header` is `X-B: a\nb`; write `NAME: value`, or `NAME` for any value",
        ],
    ),
    (
        "[delivery]\nstop = \"410\"",
        &["12:8: `delivery.stop` must be a table, not string"],
    ),
    (
        "[delivery]\nretry_after = \"maybe\"\nlive_only = \"yes\"",
        &[
            "12:15: `delivery.retry_after` is `maybe`; it may be `honour`, `ignore`",
            "13:13: `delivery.live_only` must be true or false, not string",
        ],
    ),
    (
        "[delivery]\nbreaker = { failures = 0 }",
        &["12:11: `delivery.breaker.failures` must be 1 or more"],
    ),
    (
        "[delivery]\nbreaker = { unit = \"hour\", action = \"explode\" }",
        &[
            "12:11: `delivery.breaker.failures` is missing",
            "12:20: `delivery.breaker.unit` is `hour`; it may be `attempt`, `delivery`",
            "12:37: `delivery.breaker.action` is `explode`; it may be `disable`, `pause`, `delete`",
        ],
    ),
    (
        "[delivery]\nurl = { https = \"always\", private = true, mesage = \"\" }",
        &[
            "12:17: `delivery.url.https` is `always`; it may be `required`, `except-dev`, `any`",
            "12:37: `delivery.url.private` must be a string, not boolean",
            "12:43: unknown key `delivery.url.mesage`; did you mean `message`?",
        ],
    ),
    (
        "[delivery]\ndedupe = \"X-Id\"\n[id]\nfrom = \"signature\"\nmake = 5",
        &[
            "12:10: `delivery.dedupe` must be `header:NAME` or `body:/pointer`",
            "14:8: `id.from` must be `header:NAME` or `body:/pointer`",
            "15:8: `id.make` must be a string, not integer",
        ],
    ),
];
