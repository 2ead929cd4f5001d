//! wh
pub mod message;
pub mod provider;
pub mod retry;
pub mod signature;
#[doc(hidden)]
pub fn run(_: std::env::ArgsOs) -> std::process::ExitCode {
    0.into()
}
