//! The routes of `wh listen`: whose deliveries come in where.

use crate::cli::context::Context;
use crate::cli::listen::settle;
use crate::report::Check;

use super::{failed, secret};

/// Each route, and the secret that it names.
pub(super) fn checks(context: &Context) -> Vec<Check> {
    const NAME: &str = "listen.route";
    let routes = &context.config.listen.route;
    let check = |(nth, route): (usize, _)| match settle(context, route, &routes[..nth], None) {
        Ok(_) => {
            let (path, provider) = (&route.path, &route.provider);
            let file = route.file.display();
            let found = format!("`{path}` is for `{provider}`, from `{file}`");
            let secret = secret::of_route(route);
            [Some(Check::ok(NAME, found)), secret]
        }
        Err(error) => [Some(failed(NAME, error)), None],
    };
    let checks = routes.iter().enumerate().flat_map(check);
    checks.flatten().collect()
}
