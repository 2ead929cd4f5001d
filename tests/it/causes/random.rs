//! Signatures that are nobody's: nothing is found in them.

use fastrand::Rng;

use super::Scene;
use super::scene::base64;

/// A random code as one of the platforms writes it; most are whole, some are cut.
fn written(rng: &mut Rng, is_base64: bool) -> String {
    let length = [32, 32, 32, 32, 20, 64, 48, 16, 31, 33][rng.usize(..10)];
    let bytes: Vec<u8> = (0..length).map(|_| rng.u8(..)).collect();
    match (is_base64, rng.u8(..6)) {
        (_, 0) => hex::encode_upper(bytes),
        (true, _) | (false, 1) => base64(&bytes),
        (false, _) => hex::encode(bytes),
    }
}

/// So many random signatures, several to a header where the scheme has a list; none is explained.
fn none_is_found(provider: &str, seed: u64, headers: usize, entries: usize) {
    let mut rng = Rng::with_seed(seed);
    let bodies: [&[u8]; 4] = [b"{}", br#"{"a":1}"#, b"", b"a=b"];
    for nth in 0..headers {
        let mut scene = Scene::new(provider);
        scene.body = bodies[nth % bodies.len()].to_vec();
        let is_base64 = ["standard-webhooks", "square"].contains(&provider);
        let entry = |rng: &mut Rng| written(rng, is_base64);
        scene.value = match provider {
            "stripe" => {
                let entries: Vec<_> = (0..entries)
                    .map(|_| format!("v1={}", entry(&mut rng)))
                    .collect();
                format!("t={{timestamp}},{}", entries.join(","))
            }
            "standard-webhooks" => {
                let entries: Vec<_> = (0..entries)
                    .map(|_| format!("v1,{}", entry(&mut rng)))
                    .collect();
                entries.join(" ")
            }
            "cepro-inbound" => format!("Bearer {}", entry(&mut rng)),
            "wlcro" => format!("sha256={}", entry(&mut rng)),
            _ => entry(&mut rng),
        };
        scene.add_noise();
        let explanation = scene.explain();
        assert_eq!(explanation.causes(), [], "{}", scene.value);
        assert!(explanation.finding().starts_with("nothing fits: tried "));
    }
}

#[test]
fn nothing_is_found_in_4800_random_entries_of_lists_in_hex() {
    none_is_found("stripe", 1, 300, 16);
}

#[test]
fn nothing_is_found_in_4800_random_entries_of_lists_in_base64() {
    none_is_found("standard-webhooks", 2, 300, 16);
}

#[test]
fn nothing_is_found_in_400_random_signatures_and_tokens() {
    for (seed, provider) in ["cepro", "wlcro", "square", "cepro-inbound"]
        .into_iter()
        .enumerate()
    {
        none_is_found(provider, seed as u64, 100, 1);
    }
}
