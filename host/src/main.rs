//! The porch of the executable: parse, hand to `cli`.

fn main() -> std::process::ExitCode {
    stoa::cli::run()
}
