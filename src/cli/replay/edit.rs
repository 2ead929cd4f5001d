//! The body of a delivery in the user's editor.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::message::Headers;

/// Has a body edited. A newline that the editor put at the end of a body without one is taken off
/// again; otherwise the bytes are those that it left.
pub(super) fn edited(
    context: &mut Context,
    headers: &Headers,
    body: &Bytes,
) -> Result<Bytes, Error> {
    let editor = editor()?;
    let cannot =
        |error: std::io::Error| Error::input(format!("cannot make a file for the editor: {error}"));
    // Nobody else may read it, and it goes when this ends.
    let mut file = tempfile::Builder::new()
        .prefix("wh-")
        .suffix(suffix(headers))
        .tempfile()
        .map_err(cannot)?;
    file.write_all(body).map_err(cannot)?;
    let path = file.into_temp_path();
    let status = command(&editor, &path).status().map_err(|error| {
        let name = editor.to_string_lossy();
        Error::input(format!("cannot run the editor `{name}`: {error}"))
    })?;
    if !status.success() {
        return Err(Error::input(format!(
            "nothing was sent: the editor ended with {status}"
        )));
    }
    let mut new = std::fs::read(&path)
        .map_err(|error| Error::input(format!("cannot read what the editor left: {error}")))?;
    if new.ends_with(b"\n") && !body.ends_with(b"\n") {
        new.truncate(new.len() - if new.ends_with(b"\r\n") { 2 } else { 1 });
        if new != body[..] {
            context.note("the newline that the editor put at the end is taken off again")?;
        }
    }
    if new == body[..] {
        context.note("the body is as it was")?;
    }
    Ok(new.into())
}

/// The editor that the environment names, with its arguments.
fn editor() -> Result<OsString, Error> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    named("VISUAL").or_else(|| named("EDITOR")).ok_or_else(|| {
        Error::input("there is no editor: neither VISUAL nor EDITOR is set")
            .hint("EDITOR=vi wh replay ID --edit")
    })
}

/// The editor on a file; its variable may hold arguments, so the shell reads it, as for `git`.
#[cfg(unix)]
fn command(editor: &OsString, path: &Path) -> Command {
    let mut script = editor.clone();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(editor).arg(path);
    command
}

/// The editor on a file.
#[cfg(not(unix))]
fn command(editor: &OsString, path: &Path) -> Command {
    let mut command = Command::new(editor);
    command.arg(path);
    command
}

/// The ending by which editors know what a body is.
fn suffix(headers: &Headers) -> &'static str {
    let kind = headers.text("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.rsplit(['/', '+']).next() {
        Some("json") => ".json",
        Some("xml") => ".xml",
        Some("html") => ".html",
        _ => ".txt",
    }
}

#[cfg(test)]
mod tests {
    use crate::message::Headers;

    use super::suffix;

    #[test]
    fn the_file_ends_as_its_kind_does() {
        for (kind, ending) in [
            ("application/json", ".json"),
            ("application/cloudevents+json; charset=utf-8", ".json"),
            ("text/xml", ".xml"),
            ("application/x-www-form-urlencoded", ".txt"),
            ("", ".txt"),
        ] {
            let headers: Headers = [("Content-Type", kind)].into_iter().collect();
            assert_eq!(suffix(&headers), ending, "{kind}");
        }
        assert_eq!(suffix(&Headers::new()), ".txt");
    }
}
