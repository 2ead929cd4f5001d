//! The `wh` binary: pass the arguments on, return the code.

fn main() -> std::process::ExitCode {
    wh::run(std::env::args_os())
}
