//! Why signatures do not match: each cause is brought about, and named.
//!
//! A row is a delivery that one thing is wrong with, or two. It is really signed so; it does not
//! verify, and the explanation names just that.

mod around;
mod bounds;
mod pairs;
mod random;
mod scene;
mod singles;

use scene::Scene;
use wh::signature::explain::Explanation;

/// The provider, the names of the causes, and how they are brought about.
type Row = (&'static str, &'static [&'static str], fn(&mut Scene));

/// Holds every row against its explanation; all that differ are told at once.
fn hold(rows: &[Row]) {
    let mut faults = Vec::new();
    for (nth, (provider, expected, wrong)) in rows.iter().enumerate() {
        let mut scene = Scene::new(provider);
        assert!(
            scene.verdict().is_valid(),
            "{provider}: {}",
            scene.verdict()
        );
        wrong(&mut scene);
        let verdict = scene.verdict();
        let explanation = scene.explain();
        let found: Vec<_> = explanation.causes().iter().map(|cause| cause.id).collect();
        let at = format!("row {nth}, {provider}, {expected:?}");
        if verdict.is_valid() {
            faults.push(format!("{at}: is valid"));
        } else if found != *expected {
            faults.push(format!(
                "{at}: {verdict}: {found:?}: {}",
                explanation.finding()
            ));
        }
        faults.extend(
            scene
                .leaks(&explanation)
                .map(|leak| format!("{at}: shows {leak}")),
        );
        faults.extend(unsaid(&explanation).map(|words| format!("{at}: reads {words}")));
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Sentences that are none.
fn unsaid(explanation: &Explanation) -> Option<String> {
    let finding = explanation.finding();
    let is_sentence = |fix: &&str| fix.ends_with('.') && fix.starts_with(char::is_uppercase);
    let starts = [
        "the signature ",
        "nothing fits: ",
        "nothing could be tried: ",
    ];
    let is_said = starts.iter().any(|start| finding.starts_with(start))
        && !finding.contains("  ")
        && !finding.ends_with(['.', ' ', ':'])
        && explanation.fixes().iter().all(is_sentence);
    (!is_said).then_some(finding)
}
