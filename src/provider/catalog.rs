//! The providers that are built in.

use super::{Provider, parse};

/// A built-in provider: its id and its file.
type Builtin = (&'static str, &'static str);

/// Every built-in file; a test holds the list against the folder.
const BUILTIN: [Builtin; 5] = [
    ("cepro", include_str!("builtin/cepro.toml")),
    ("cepro-inbound", include_str!("builtin/cepro-inbound.toml")),
    ("wlcro", include_str!("builtin/wlcro.toml")),
    ("tenant", include_str!("builtin/tenant.toml")),
    ("orgjobs", include_str!("builtin/orgjobs.toml")),
];

/// The ids of the built-in providers; the first one is the default.
pub const BUILTIN_IDS: [&str; 5] = ["cepro", "cepro-inbound", "wlcro", "tenant", "orgjobs"];

/// The file of a built-in provider.
#[must_use]
pub fn builtin_text(id: &str) -> Option<&'static str> {
    BUILTIN
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, text)| *text)
}

/// A built-in provider, by id. Every built-in file can be read: a test proves it.
///
/// ```
/// assert_eq!(wh::provider::builtin("wlcro").unwrap().name, "WhiteLabelCRO");
/// ```
#[must_use]
pub fn builtin(id: &str) -> Option<Provider> {
    builtin_text(id).and_then(|text| parse(text).ok())
}

/// What stands for the provider of a delivery that fits none. Its id is one that no file may have.
pub(crate) fn unknown() -> Provider {
    let nobody = parse(include_str!("unknown.toml"));
    let mut provider = nobody.expect("the file is built in, and a test reads it");
    UNKNOWN.clone_into(&mut provider.id);
    provider
}

/// The id of what no provider fits.
const UNKNOWN: &str = "unknown";

/// What stands for every provider, where several may be named.
pub(crate) const AUTO: &str = "auto";

/// The names that mean something else than a provider.
pub(super) const RESERVED: [&str; 2] = [AUTO, UNKNOWN];

/// The file of a provider that is not written yet, with this id.
#[must_use]
pub fn template(id: &str) -> String {
    include_str!("template.toml").replace("@ID@", id)
}

/// The known name that is most like `name`, where one is like it at all.
#[must_use]
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let likeness = |known: &str| {
        let (a, b) = (known.to_ascii_lowercase(), name.to_ascii_lowercase());
        strsim::jaro_winkler(&a, &b).max(if b.len() > 2 && a.contains(&b) {
            0.9
        } else {
            0.0
        })
    };
    let best = known
        .map(|known| (known, likeness(known)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, likeness)| *likeness > 0.75)
        .map(|(known, _)| known)
}
