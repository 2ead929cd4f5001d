//! Paths, each with the providers whose deliveries come in there.

use wildmatch::WildMatchPattern;

use crate::capture::Party;
use crate::capture::judged::{Finding, Judged};
use crate::server::Refusal;

use super::Several;

/// A path, or several by a glob, and whose deliveries come in there.
#[derive(Clone)]
pub(crate) struct Route {
    path: String,
    /// No path has the character that stands for any one character.
    glob: WildMatchPattern<'*', '\0'>,
    several: Several,
}

/// The routes of a listener.
#[derive(Clone)]
pub(crate) struct Routes {
    routes: Vec<Route>,
    /// Whose a delivery is that no route takes.
    stranger: Party,
}

impl Route {
    /// The route of a path, in which `*` stands for any text, slashes too.
    pub(crate) fn new(path: &str, several: Several) -> Self {
        Self {
            path: path.to_owned(),
            glob: WildMatchPattern::new(path),
            several,
        }
    }
}

impl Routes {
    /// These routes; the first one that has a path takes it.
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        Self {
            routes,
            stranger: Party::stranger(),
        }
    }

    /// Whose deliveries come in at a path, as it stands on the wire.
    pub(super) fn of(&self, path: &str) -> Option<&Several> {
        let route = self.routes.iter().find(|route| route.glob.matches(path));
        route.map(|route| &route.several)
    }

    /// What is found of a request that no route takes.
    pub(super) fn astray(&self, refused: Option<Refusal>) -> Judged<'_> {
        let paths = || self.routes.iter().map(|route| route.path.clone()).collect();
        Judged {
            party: &self.stranger,
            finding: refused.map_or_else(|| Finding::Astray(paths()), Finding::Refused),
        }
    }

    /// The parties of every route.
    pub(super) fn every(&self) -> impl Iterator<Item = &Party> {
        let routes = self.routes.iter();
        routes.flat_map(|route| route.several.every())
    }
}

#[cfg(test)]
mod tests {
    use super::{Route, Routes, Several};

    #[test]
    fn the_first_route_that_has_the_path_takes_it() {
        let paths = ["/a", "/hooks/*/in", "/hooks/*", "/a?c", "/b*"];
        let route = |path: &str| Route::new(path, Several::new(Vec::new(), false));
        let routes = Routes::new(paths.into_iter().map(route).collect());
        for (path, expected) in [
            ("/a", Some(0)),
            ("/a/", None),
            ("/A", None),
            ("/%61", None),
            ("/abc", None),
            ("/hooks/x/in", Some(1)),
            ("/hooks/x/y/in", Some(1)),
            ("/hooks/", Some(2)),
            ("/hooks", None),
            ("/b", Some(4)),
            ("/b/c", Some(4)),
            ("", None),
            ("*", None),
        ] {
            let found = routes.of(path).map(std::ptr::from_ref);
            let expected =
                expected.map(|nth: usize| std::ptr::from_ref(&routes.routes[nth].several));
            assert_eq!(found, expected, "{path}");
        }
    }
}
