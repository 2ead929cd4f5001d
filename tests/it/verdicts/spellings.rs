//! How a signature is written: the one right spelling, and how many may stand in one header.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use wh::signature::{Algorithm, Invalid, Verdict};

use super::{BODY, Delivery, MISMATCH, NOW, OTHER, VALID, valid};

const NOT_BARE: &str = "invalid: the signature is not of the form `{sig}` in lower-case hex";
const NOT_WLCRO: &str =
    "invalid: the signature is not of the form `sha256={sig}` in lower-case hex";
const NOT_STRIPE: &str =
    "invalid: the signature is not of the form `t={timestamp},v1={sig}` in lower-case hex";
const NOT_STANDARD: &str = "invalid: the signature is not of the form `v1,{sig}` in base64";

const NO_TIME: &str = "invalid: the timestamp is missing";
const TWO_TIMES: &str = "ambiguous: two timestamps";

/// What the signature header carries (see [`Delivery::spelled`]), and what is found.
type Spellings = &'static [(&'static str, &'static str)];

const WLCRO: Spellings = &[
    ("sha256={hex}", VALID),
    ("sha256={HEX}", NOT_WLCRO),
    ("sha256={Hex}", NOT_WLCRO),
    ("SHA256={hex}", NOT_WLCRO),
    ("Sha256={hex}", NOT_WLCRO),
    ("{hex}", NOT_WLCRO),
    ("", NOT_WLCRO),
    ("sha256", NOT_WLCRO),
    ("sha256={odd}", NOT_WLCRO),
    ("sha256={hex}0", NOT_WLCRO),
    ("sha256={base64}", NOT_WLCRO),
    ("sha256=sha256={hex}", NOT_WLCRO),
    ("sha1={hex}", NOT_WLCRO),
    ("sha512={hex}", NOT_WLCRO),
    ("sha256:{hex}", NOT_WLCRO),
    ("sha256= {hex}", NOT_WLCRO),
    (" sha256={hex}", NOT_WLCRO),
    ("sha256={hex} ", NOT_WLCRO),
    ("sha256={hex}\n", NOT_WLCRO),
    ("sha256={hex}\0", NOT_WLCRO),
    ("sha256=\"{hex}\"", NOT_WLCRO),
    ("sha256=0x{hex}", NOT_WLCRO),
    ("sha256={hex},sha256={hex}", NOT_WLCRO),
    ("sha256={odd}g", NOT_WLCRO),
    ("sha256={odd}\u{ff11}", NOT_WLCRO),
    ("sha256=", NOT_WLCRO),
    ("sha256={hex}00", OTHER),
    ("sha256=00{hex}", OTHER),
    ("sha256={hex}{hex}", OTHER),
    ("sha256={wrong}", OTHER),
];

const CEPRO: Spellings = &[
    ("{hex}", VALID),
    ("{HEX}", NOT_BARE),
    ("sha256={hex}", NOT_BARE),
    ("{base64}", NOT_BARE),
    ("", NOT_BARE),
    ("{wrong}", OTHER),
];

const STRIPE: Spellings = &[
    ("t={now},v1={hex}", VALID),
    ("v1={hex},t={now}", VALID),
    ("t={now},v1={wrong},v1={hex}", VALID),
    ("t={now},v1={hex},v1={wrong}", VALID),
    ("t={now},v0={wrong},v1={hex},what,=,", VALID),
    ("t={now},v0={hex}", NOT_STRIPE),
    ("t={now}, v1={hex}", NOT_STRIPE),
    ("t={now};v1={hex}", NOT_STRIPE),
    ("t={now},V1={hex}", NOT_STRIPE),
    ("t={now},v1={HEX}", NOT_STRIPE),
    ("t={now},v1={hex},v1={HEX}", VALID),
    ("t={now}", NOT_STRIPE),
    ("t={now},v1={wrong}", OTHER),
    ("t=0{now},v1={hex}", OTHER),
    ("v1={hex}", NO_TIME),
    ("T={now},v1={hex}", NO_TIME),
    ("t={now},t={now},v1={hex}", TWO_TIMES),
    ("t={now},t=1,v1={hex}", TWO_TIMES),
];

const STANDARD_WEBHOOKS: Spellings = &[
    ("v1,{base64}", VALID),
    ("v1,{wrong64} v1,{base64}", VALID),
    ("v1a,{wrong64} v2,x v1,{base64}", VALID),
    (" v1,{base64}  ", VALID),
    ("v1,{wrong64} v1,{wrong64}", OTHER),
    ("v1,{hex}", OTHER),
    ("v1,", NOT_STANDARD),
    ("v1,{short64}", OTHER),
    ("v1,{unpadded}", NOT_STANDARD),
    ("v1,{base64}=", NOT_STANDARD),
    ("v1,{urlsafe}", NOT_STANDARD),
    ("v1,{loose}", NOT_STANDARD),
    ("v1,{base64}\n", NOT_STANDARD),
    ("v1,{base64} v1,{urlsafe}", VALID),
    ("v1,{base64},v1,{base64}", NOT_STANDARD),
    ("V1,{base64}", NOT_STANDARD),
    ("v1={base64}", NOT_STANDARD),
    ("v2,{base64}", NOT_STANDARD),
    ("v1a,{base64}", NOT_STANDARD),
    ("{base64}", NOT_STANDARD),
];

impl Delivery {
    /// The bytes of the right signature.
    fn tag(&self) -> Vec<u8> {
        let read = hex::decode(&self.right).or_else(|_| STANDARD_NO_PAD.decode(&self.right));
        read.unwrap()
    }

    /// A value of the signature header with the right signature, or a wrong one, in this spelling.
    pub(super) fn spelled(&self, spelling: &str) -> String {
        let tag = self.tag();
        let (low, base64) = (hex::encode(&tag), STANDARD.encode(&tag));
        let (head, last) = low.split_at(low.len() - 1);
        let mixed = head.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
        // The last digit stands for more bits than are left; those beyond the end must be zero.
        let unpadded = STANDARD_NO_PAD.encode(&tag);
        let (start, digit) = unpadded.split_at(unpadded.len() - 1);
        let loose = format!("{start}{}=", char::from(digit.as_bytes()[0] + 1));
        let wrong = vec![0x5a; tag.len()];
        [
            ("{hex}", low.clone()),
            ("{HEX}", low.to_uppercase()),
            ("{Hex}", format!("{mixed}{last}")),
            ("{odd}", head.to_owned()),
            ("{wrong}", hex::encode(&wrong)),
            ("{base64}", base64.clone()),
            ("{wrong64}", STANDARD.encode(&wrong)),
            ("{short64}", STANDARD.encode(&tag[1..])),
            ("{unpadded}", unpadded.clone()),
            ("{urlsafe}", URL_SAFE.encode(&tag)),
            ("{loose}", loose),
            ("{now}", NOW.to_string()),
        ]
        .iter()
        .fold(spelling.to_owned(), |text, (field, value)| {
            text.replace(field, value)
        })
    }
}

#[test]
fn a_signature_has_one_spelling() {
    for (provider, spellings) in [
        ("cepro", CEPRO),
        ("wlcro", WLCRO),
        ("stripe", STRIPE),
        ("standard-webhooks", STANDARD_WEBHOOKS),
    ] {
        for (spelling, found) in spellings {
            let delivery = Delivery::of(provider);
            let value = delivery.spelled(spelling);
            let verdict = delivery.presenting(value).judge();
            assert_eq!(verdict.to_string(), *found, "{provider}: {spelling:?}");
        }
    }
}

const ALGORITHMS: [Algorithm; 3] = [
    Algorithm::HmacSha1,
    Algorithm::HmacSha256,
    Algorithm::HmacSha512,
];

#[test]
fn a_signature_that_is_cut_short_is_refused_at_every_length() {
    for algorithm in ALGORITHMS {
        let delivery = Delivery::of("cepro").signing(algorithm, BODY);
        assert_eq!(delivery.judge(), valid(0));
        let tag = delivery.tag();
        for length in 1..tag.len() {
            let short = hex::encode(&tag[..length]);
            let verdict = delivery.clone().presenting(short).judge();
            assert_eq!(verdict, MISMATCH, "{algorithm} {length}");
        }
    }
}

#[test]
fn every_bit_of_a_signature_counts() {
    for algorithm in ALGORITHMS {
        let delivery = Delivery::of("cepro").signing(algorithm, BODY);
        let tag = delivery.tag();
        for bit in 0..tag.len() * 8 {
            let mut flipped = tag.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let verdict = delivery.clone().presenting(hex::encode(flipped)).judge();
            assert_eq!(verdict, MISMATCH, "{algorithm} {bit}");
        }
    }
}

#[test]
fn a_header_may_list_sixteen_signatures_and_no_more() {
    let list = |provider: &str, wrong: usize| {
        let (entry, right) = match provider {
            "stripe" => ("v1={wrong},", "t={now},v1={hex}"),
            _ => ("v1,{wrong64} ", "v1,{base64}"),
        };
        let delivery = Delivery::of(provider);
        let value = delivery.spelled(&(entry.repeat(wrong) + right));
        delivery.presenting(value).judge()
    };
    for provider in ["stripe", "standard-webhooks"] {
        assert_eq!(list(provider, 15), valid(0), "{provider}");
        for wrong in [16, 17, 1000] {
            let verdict = list(provider, wrong);
            assert_eq!(verdict, Verdict::Invalid(Invalid::TooMany(wrong + 1)));
        }
    }
    assert_eq!(
        list("stripe", 16).to_string(),
        "invalid: 17 signatures in one header"
    );
    // Entries of another kind do not count.
    let delivery = Delivery::of("stripe");
    let value = delivery.spelled(&("v0={wrong},".repeat(100) + "t={now},v1={hex}"));
    assert_eq!(delivery.presenting(value).judge(), valid(0));
}
