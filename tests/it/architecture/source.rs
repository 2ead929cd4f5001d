//! A source tree as the rules see it: files, their tokens and the paths they name.

use std::ops::RangeInclusive;
use std::path::Path as FilePath;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One file of the tree, read and taken apart.
pub(super) struct File {
    /// Relative to the package, with `/` between the parts.
    pub(super) path: String,
    pub(super) text: String,
    /// Of a Rust file under `src` or `tests/it`; of any other file, none.
    pub(super) tokens: Vec<Token>,
    /// Every path the tokens name, `use` trees spread out.
    pub(super) paths: Vec<Path>,
}

/// One token; the groups are flattened, so that what a macro is given counts too.
pub(super) struct Token {
    /// `::` is one token, and so is a lifetime.
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) is_ident: bool,
    /// Of an opening delimiter, the index of the closing one; of any other token, its own.
    pub(super) end: usize,
}

/// One path as the source spells it (`["super", "verify", "Verdict"]`).
pub(super) struct Path {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// The module it stands in, from the crate root.
    scope: Vec<String>,
}

/// A module that is compiled for tests only.
pub(super) enum TestModule {
    /// `#[cfg(test)] mod name { … }`, from the line of its attribute to that of its brace.
    Inline { lines: RangeInclusive<usize> },
    /// `#[cfg(test)] mod name;`
    File { name: String },
}

impl File {
    /// Takes a file apart.
    ///
    /// Panics where a Rust file cannot be tokenised.
    pub(super) fn new(path: &str, text: &str) -> Self {
        let is_read = path.starts_with("src/") || path.starts_with("tests/it/");
        let mut tokens = Vec::new();
        if is_read && has_extension(path, &["rs"]) {
            let stream = text
                .parse()
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            flatten(stream, &mut tokens);
        }
        let paths = Paths::of(&tokens, module_of(path));
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
            paths,
        }
    }

    /// The top-level module of a file under `src`; `None` for the crate roots and any other file.
    pub(super) fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        match inside.split_once('/') {
            Some((room, _)) => Some(room),
            None => inside
                .strip_suffix(".rs")
                .filter(|stem| !["lib", "main"].contains(stem)),
        }
    }

    /// The place of a line, for a message.
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }

    /// The folder that holds the files of this module's children.
    pub(super) fn children(&self) -> String {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        match name.strip_suffix(".rs") {
            Some("lib" | "main" | "mod") | None => folder.to_owned(),
            Some(stem) => format!("{folder}/{stem}"),
        }
    }

    /// The names and lines of the modules that the file declares, in any place.
    pub(super) fn modules(&self) -> impl Iterator<Item = (&str, usize)> {
        self.tokens
            .windows(2)
            .filter(|pair| pair[0].text == "mod" && pair[1].is_ident)
            .map(|pair| (pair[1].text.as_str(), pair[1].line))
    }

    /// Whether the file holds `mod name;`.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.tokens.windows(3).any(|line| {
            line.iter()
                .map(|token| token.text.as_str())
                .eq(["mod", name, ";"])
        })
    }

    /// The modules that stand under `#[cfg(test)]` or `#[cfg(all(test, …))]`.
    pub(super) fn test_modules(&self) -> impl Iterator<Item = TestModule> {
        (0..self.tokens.len()).filter_map(|at| self.test_module(at))
    }

    fn test_module(&self, attribute: usize) -> Option<TestModule> {
        let end = self.attribute(attribute)?;
        let inner = self.tokens[attribute + 2..end]
            .iter()
            .map(|token| token.text.as_str())
            .collect::<Vec<_>>();
        if !inner.starts_with(&["cfg", "(", "test", ")"])
            && !inner.starts_with(&["cfg", "(", "all", "(", "test"])
        {
            return None;
        }
        let item = self.after_attributes_and_visibility(end + 1);
        match self.tokens.get(item..item + 3)? {
            [word, _, open] if word.text == "mod" && open.text == "{" => Some(TestModule::Inline {
                lines: self.tokens[attribute].line..=self.tokens[open.end].line,
            }),
            [word, name, _] if word.text == "mod" => Some(TestModule::File {
                name: name.text.clone(),
            }),
            _ => None,
        }
    }

    /// The index of the closing bracket, if an attribute starts at `start`.
    fn attribute(&self, start: usize) -> Option<usize> {
        let mut rest = self.tokens[start..].iter().map(|token| &*token.text);
        match (rest.next()?, rest.next()?, rest.next()) {
            ("#", "[", _) => Some(self.tokens[start + 1].end),
            ("#", "!", Some("[")) => Some(self.tokens[start + 2].end),
            _ => None,
        }
    }

    /// The index of the word that says what the item at `start` is, or the number of tokens.
    pub(super) fn after_attributes_and_visibility(&self, start: usize) -> usize {
        let mut at = start;
        while at < self.tokens.len() {
            if let Some(end) = self.attribute(at) {
                at = end + 1;
            } else if self.tokens[at].text == "pub" {
                at += 1;
                if self.tokens.get(at).is_some_and(|token| token.text == "(") {
                    at = self.tokens[at].end + 1;
                }
            } else {
                break;
            }
        }
        at
    }
}

impl Path {
    /// Where the path leads, from the crate root, if it is one of ours that says so
    /// (`crate::`, `wh::`, `self::`, `super::`).
    pub(super) fn resolved(&self) -> Option<Vec<&str>> {
        let scope = self.scope.iter().map(String::as_str);
        let mut found = match self.segments[0].as_str() {
            "crate" | "wh" => Vec::new(),
            "self" => scope.collect(),
            "super" => scope.take(self.scope.len().saturating_sub(1)).collect(),
            _ => return None,
        };
        for segment in &self.segments[1..] {
            match segment.as_str() {
                "super" => drop(found.pop()),
                "self" => {}
                name => found.push(name),
            }
        }
        Some(found)
    }

    /// Whether these segments stand next to each other in the path.
    pub(super) fn names(&self, wanted: &[&str]) -> bool {
        self.segments
            .windows(wanted.len())
            .any(|part| part.iter().eq(wanted))
    }
}

/// Whether the file's name ends in one of these extensions; a name without one has the empty one.
pub(super) fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let found = FilePath::new(path).extension().unwrap_or_default();
    extensions.iter().any(|wanted| found == *wanted)
}

fn module_of(path: &str) -> Vec<String> {
    let inside = path
        .strip_prefix("src/")
        .or_else(|| path.strip_prefix("tests/it/"))
        .unwrap_or(path);
    inside
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !["lib", "main", "mod"].contains(part))
        .map(str::to_owned)
        .collect()
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let start = tokens.len();
                push(tokens, open.to_owned(), line, false);
                flatten(group.stream(), tokens);
                tokens[start].end = tokens.len();
                push(tokens, close.to_owned(), group.span().end().line, false);
            }
            TokenTree::Ident(ident) => push(tokens, ident.to_string(), line, true),
            TokenTree::Literal(literal) => push(tokens, literal.to_string(), line, false),
            TokenTree::Punct(punct) => {
                let mut text = punct.to_string();
                let is_pair = match (punct.as_char(), trees.peek()) {
                    (':', Some(TokenTree::Punct(next))) => next.as_char() == ':',
                    ('\'', Some(TokenTree::Ident(_))) => true,
                    _ => false,
                };
                if is_pair && punct.spacing() == Spacing::Joint {
                    text.extend(trees.next().map(|next| next.to_string()));
                }
                push(tokens, text, line, false);
            }
        }
    }
}

fn push(tokens: &mut Vec<Token>, text: String, line: usize, is_ident: bool) {
    let end = tokens.len();
    tokens.push(Token {
        text,
        line,
        is_ident,
        end,
    });
}

/// Gathers the paths of one file.
struct Paths<'a> {
    tokens: &'a [Token],
    /// The file's module, then the inline modules around the current token.
    scope: Vec<String>,
    found: Vec<Path>,
}

impl<'a> Paths<'a> {
    fn of(tokens: &'a [Token], module: Vec<String>) -> Vec<Path> {
        let mut paths = Self {
            tokens,
            scope: module,
            found: Vec::new(),
        };
        paths.scan(0, tokens.len());
        paths.found
    }

    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn scan(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let token = &self.tokens[at];
            at = match token.text.as_str() {
                "mod" if self.text(at + 2) == "{" => {
                    let close = self.tokens[at + 2].end;
                    self.scope.push(self.text(at + 1).to_owned());
                    self.scan(at + 3, close);
                    self.scope.pop();
                    close + 1
                }
                "use" => self.tree(at + 1, &[]),
                _ if token.is_ident && self.text(at + 1) == "::" && self.is_start(at) => {
                    self.tree(at, &[])
                }
                _ => at + 1,
            };
        }
    }

    /// Whether a path begins here: no `::` in front, or one that belongs to nothing (`::std`).
    fn is_start(&self, at: usize) -> bool {
        let before = |steps: usize| at.checked_sub(steps).map(|index| &self.tokens[index]);
        match before(1) {
            Some(token) if token.text == "::" => {
                before(2).is_none_or(|owner| !owner.is_ident && owner.text != ">")
            }
            _ => true,
        }
    }

    /// Reads a path or a `use` tree that begins at `start`; returns the index after it.
    fn tree(&mut self, start: usize, prefix: &[String]) -> usize {
        let mut segments = prefix.to_vec();
        let mut at = start;
        while let Some(token) = self.tokens.get(at) {
            match token.text.as_str() {
                "::" => at += 1,
                "{" => return self.branches(at, &segments),
                text if token.is_ident || text == "*" => {
                    segments.push(text.to_owned());
                    at += 1;
                    if self.text(at) != "::" {
                        break;
                    }
                }
                _ => break,
            }
        }
        let line = self.tokens[at.saturating_sub(1)].line;
        if !segments.is_empty() {
            self.found.push(Path {
                segments,
                line,
                scope: self.scope.clone(),
            });
        }
        at.max(start + 1)
    }

    /// Reads the branches between the braces that open at `open`.
    fn branches(&mut self, open: usize, prefix: &[String]) -> usize {
        let close = self.tokens[open].end;
        let mut at = open + 1;
        while at < close {
            at = match self.text(at) {
                "," => at + 1,
                "as" => at + 2,
                _ => self.tree(at, prefix),
            };
        }
        close + 1
    }
}
