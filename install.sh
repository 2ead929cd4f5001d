#!/bin/sh
# Builds wh and installs it for one user. Never needs root, never edits a profile file.
# shellcheck disable=SC2016 # the backticks in the messages quote commands
set -eu
unset CDPATH

usage() {
    cat <<'TEXT'
Builds `wh` and installs it with its completions and its manual page.

Usage: ./install.sh [--prefix DIR] [--demo] [--uninstall] [--help]

  --prefix DIR  where to install (default: $HOME/.local)
  --demo        run `wh demo` afterwards
  --uninstall   remove what this script installs under the prefix
  --help        print this text

Needs cargo and a C compiler. Installs, under the prefix:

  bin/wh
  share/man/man1/wh.1
  share/bash-completion/completions/wh
  share/zsh/site-functions/_wh             (this directory must be in `fpath`)
  share/fish/vendor_completions.d/wh.fish

Completions for PowerShell and Elvish stay in `completions/`: `_wh.ps1` and `wh.elv`.
Exit codes: 0 done, 1 failed (nothing is left half installed), 2 usage.
TEXT
}

# fail MESSAGE HINT
fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 1
}

# misuse MESSAGE
misuse() {
    printf 'error: %s\nhint: see `./install.sh --help`\n' "$1" >&2
    exit 2
}

# absolute PATH: seen from the directory the user stands in
absolute() {
    case $1 in
        /*) printf '%s\n' "$1" ;;
        *) printf '%s/%s\n' "$(pwd)" "$1" ;;
    esac
}

# each_file COMMAND [ARG…]: COMMAND ARG… MODE SOURCE TARGET for every file that is installed
each_file() {
    "$@" 755 "$binary" "$prefix/bin/wh"
    "$@" 644 completions/wh.1 "$prefix/share/man/man1/wh.1"
    "$@" 644 completions/wh.bash "$prefix/share/bash-completion/completions/wh"
    "$@" 644 completions/_wh "$prefix/share/zsh/site-functions/_wh"
    "$@" 644 completions/wh.fish "$prefix/share/fish/vendor_completions.d/wh.fish"
}

check_cargo() {
    command -v cargo >/dev/null && return
    if [ -x "${HOME-}/.cargo/bin/cargo" ]; then
        fail '`cargo` is installed but not on PATH' 'run `. "$HOME/.cargo/env"` and try again'
    fi
    fail '`cargo` was not found' 'install Rust with rustup (see rustup), open a new shell and try again'
}

check_rust() {
    wanted=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml)
    found=$(rustc --version 2>/dev/null) ||
        fail '`rustc --version` failed' 'run `rustup default stable`, or install Rust again with rustup'
    found=${found#rustc }
    found=${found%% *}
    is_older "$found" "${wanted:-0.0}" || return 0
    fail "Rust $found is too old: wh needs $wanted" \
        "run \`rustup update stable\`; if Rust came from your system's packages, install rustup instead"
}

# is_older FOUND WANTED: by major and minor version
is_older() {
    rest=${1#*.}
    wanted_rest=${2#*.}
    [ "${1%%.*}" -lt "${2%%.*}" ] && return
    [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${rest%%.*}" -lt "${wanted_rest%%.*}" ]
}

check_compiler() {
    # Without its tools macOS still has a `cc`, which fails.
    cc --version >/dev/null 2>&1 && return
    case $(uname -s) in
        Darwin) hint='run `xcode-select --install`' ;;
        *) hint='install one: `apt-get install build-essential` on Debian and Ubuntu, the package `gcc` elsewhere' ;;
    esac
    fail 'no C compiler: `cc` was not found or does not run' "$hint"
}

# check_file MODE SOURCE TARGET: before the build, so that nobody waits for a failure
check_file() {
    [ -z "$2" ] || [ -f "$2" ] || fail "\`$2\` is missing here" 'get the sources again, all of them'
    [ ! -d "$3" ] || fail "\`$3\` is a directory" 'move it away, or choose another place with `--prefix DIR`'
    place=${3%/*}
    while [ ! -e "$place" ] && [ -n "$place" ]; do place=${place%/*}; done
    place=${place:-/}
    [ -d "$place" ] || fail "\`$place\` is not a directory" 'choose another place with `--prefix DIR`'
    [ -w "$place" ] || fail "\`$place\` is not writable" 'choose a directory of your own with `--prefix DIR`'
}

# stage MODE SOURCE TARGET: the copy under a temporary name in the target's own directory
stage() {
    mkdir -p "${3%/*}" && cp "$2" "$3$temporary" && chmod "$1" "$3$temporary" && return
    fail "cannot write to \`${3%/*}\`" 'nothing was installed; is the disk full? `--prefix DIR` chooses another place'
}

# activate MODE SOURCE TARGET
activate() {
    mv -f "$3$temporary" "$3" || fail "cannot replace \`$3\`" 'run this again once it can be written'
}

# show MODE SOURCE TARGET
show() {
    printf '  %s\n' "$3"
}

# unstage MODE SOURCE TARGET
unstage() {
    rm -f "$3$temporary"
}

# Removes the directories under the prefix that are empty, and the prefix if it is: never anything above.
remove_empty_directories() {
    for directory in bin share/man/man1 share/man share/bash-completion/completions share/bash-completion \
        share/zsh/site-functions share/zsh share/fish/vendor_completions.d share/fish share; do
        rmdir "$prefix/$directory" 2>/dev/null || :
    done
    rmdir "$prefix" 2>/dev/null || :
}

# remove MODE SOURCE TARGET
remove() {
    [ -e "$3" ] || [ -h "$3" ] || return 0
    rm -f "$3" || fail "cannot remove \`$3\`" 'its directory is not writable: run this as its owner'
    printf 'removed %s\n' "$3"
    removed=1
}

uninstall() {
    removed=
    each_file remove
    if [ -n "$removed" ]; then remove_empty_directories; else printf 'nothing to remove under %s\n' "$prefix"; fi
}

# Sets `binary`. Cargo names what it built, wherever its configuration puts it.
build() {
    messages=$(cargo build --release --locked --bin wh --message-format=json-render-diagnostics) ||
        fail '`cargo build` failed; nothing was installed' 'the reason stands above; the first build needs a network'
    binary=$(printf '%s\n' "$messages" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
    [ -f "$binary" ] || fail '`cargo build` named no binary' 'look at the `[build]` table of your cargo configuration'
}

install() {
    temporary=.new.$$
    trap 'each_file unstage' EXIT
    trap 'exit 1' HUP INT PIPE TERM
    each_file stage
    version=$("$prefix/bin/wh$temporary" --version) ||
        fail "the new binary does not run in \`$prefix/bin\`" 'nothing was installed; is that place mounted `noexec`?'
    each_file activate
    printf 'installed %s\n' "$version"
    each_file show
}

# Says what to add where the shell would not find this `wh`.
check_path() {
    case :$PATH: in
        *:"$prefix/bin":*)
            first=$(command -v wh)
            [ "$first" = "$prefix/bin/wh" ] || printf 'hint: `%s` comes first on PATH\n' "$first" >&2
            return
            ;;
    esac
    quoted=$(printf '%s\n' "$prefix/bin" | sed 's/[\\"$`]/\\&/g')
    case ${SHELL-} in
        */fish) line="fish_add_path \"$quoted\"" ;;
        *) line="export PATH=\"$quoted:\$PATH\"" ;;
    esac
    printf 'hint: `%s` is not on PATH; add this line to the profile of your shell:\n  %s\n' "$prefix/bin" "$line" >&2
}

prefix=${HOME:+$HOME/.local}
demo=
action=install
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -gt 1 ] || misuse '`--prefix` needs a directory'
            prefix=$2
            [ -n "$prefix" ] || misuse '`--prefix` needs a directory'
            shift
            ;;
        --prefix=?*) prefix=${1#*=} ;;
        --demo) demo=1 ;;
        --uninstall) action=uninstall ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) misuse "unexpected argument \`$1\`" ;;
    esac
    shift
done
[ -n "$prefix" ] || misuse '`HOME` is not set: `--prefix DIR` is needed'
[ -z "$demo" ] || [ "$action" = install ] || misuse '`--demo` and `--uninstall` exclude each other'
prefix=$(absolute "$prefix")
prefix=${prefix%/}
binary=

if [ "$action" = uninstall ]; then
    uninstall
    exit 0
fi
[ -z "${CARGO_TARGET_DIR-}" ] || CARGO_TARGET_DIR=$(absolute "$CARGO_TARGET_DIR")
# Cargo and rustup look for their settings from here upwards.
cd -- "$(dirname -- "$0")"
check_cargo
check_rust
check_compiler
each_file check_file
build
install
check_path
if [ -n "$demo" ]; then
    "$prefix/bin/wh" demo || fail '`wh demo` failed' '`wh` is installed all the same'
fi
