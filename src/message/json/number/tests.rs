//! Numbers as their writers have them.

use super::{Numbers, traits};

/// What each writer makes of a number: of JavaScript and Python by running them (Node 20,
/// Python 3), of the others by their documents.
const WRITTEN: &str = "
    7                        js 7                       py 7                       gson 7.0
    1.50                     js 1.5                     py 1.5                     php 1.5
    2500.00                  js 2500 go 2500            py 2500.0 java 2500.0      php 2500
    250.0                    js 250                     py 250.0 ruby 250.0        gson 250.0
    -1.50                    js -1.5                    py -1.5
    0.0                      js 0                       py 0.0
    -0                       js 0 go -0                 py 0                       php -0
    -0.0                     js 0 go -0                 py -0.0
    1e3                      js 1000                    py 1000.0 java 1000.0      php 1000
    1.0E+2                   js 100                     py 100.0
    9007199254740993         js 9007199254740992        py 9007199254740993        php 9007199254740993
    12345678901234567890     js 12345678901234567000    py 12345678901234567890    php 1.2345678901234567e+19
    100000000000000000000    js 100000000000000000000   py 100000000000000000000   php 1.0e+20
    123456789012345680000.0  js 123456789012345680000   py 1.2345678901234568e+20
    1e21                     js 1e+21                   py 1e+21 ruby 1.0e+21      java 1.0E21
    1e16                     js 10000000000000000       py 1e+16 ruby 1.0e+16
    12345678.9               js 12345678.9              py 12345678.9              java 1.23456789E7
    0.0001                   js 0.0001                  py 0.0001                  java 1.0E-4
    1e-5                     js 0.00001                 py 1e-05 ruby 1.0e-05      php 1.0e-5
    0.00001234               js 0.00001234              py 1.234e-05
    1E-7                     js 1e-7 go 1e-7            py 1e-07
    5e-324                   js 5e-324                  py 5e-324
    1.7976931348623157e308   js 1.7976931348623157e+308 py 1.7976931348623157e+308
    902762495428528.2        js 902762495428528.2       py 902762495428528.2
    0.30000000000000004      js 0.30000000000000004     py 0.30000000000000004
    0.1234567890123456789    js 0.12345678901234568     py 0.12345678901234568
    1e400                    js null                    py Infinity                go 1e400
    -1e99999999999           js null                    py -Infinity
";

#[test]
fn numbers_are_those_of_their_writers() {
    for line in WRITTEN.trim().lines() {
        let mut words = line.split_whitespace();
        let text = words.next().expect("a line has a number");
        while let (Some(writer), Some(want)) = (words.next(), words.next()) {
            let numbers = match writer {
                "js" => Numbers::JavaScript,
                "go" => Numbers::Go,
                "py" => Numbers::Python,
                "ruby" => Numbers::Ruby,
                "php" => Numbers::Php,
                "java" => Numbers::Java,
                "gson" => Numbers::Gson,
                _ => panic!("{writer} is nobody"),
            };
            let mut out = Vec::new();
            numbers.rewrite(text, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), want, "{text} by {writer}");
        }
    }
}

/// Where the traits say that a writer changes nothing, it changes nothing; where two writers
/// are said to be alike, they are.
#[test]
fn what_the_traits_promise_holds() {
    const ALL: [Numbers; 8] = [
        Numbers::Kept,
        Numbers::JavaScript,
        Numbers::Go,
        Numbers::Python,
        Numbers::Ruby,
        Numbers::Php,
        Numbers::Java,
        Numbers::Gson,
    ];
    let written = |numbers: Numbers, text| {
        let mut out = Vec::new();
        numbers.rewrite(text, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    for text in [
        "0",
        "7",
        "-7",
        "-0",
        "123456789012345",
        "1234567890123456",
        "0.5",
        "0.50",
        "5.0",
        "5.00",
        "50.0",
        "-5.0",
        "-0.0",
        "0.0",
        "0.00",
        "0.001",
        "0.0001",
        "0.0010",
        "1234567.5",
        "12345678.5",
        "1.25",
        "123.456789012345",
        "1.2345678901234567",
        "0.30000000000000004",
        "123456.12345678901",
        "1e3",
        "1E3",
        "1.5e0",
    ] {
        let facts = traits(text);
        for numbers in ALL {
            let same = written(numbers, text);
            assert_eq!(
                written(numbers.reduced(facts), text),
                same,
                "{text} by {numbers:?}"
            );
            if !numbers.change(facts) {
                assert_eq!(same, text, "{text} by {numbers:?}");
            }
        }
    }
}
