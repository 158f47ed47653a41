//! `ottavo completions`: what a shell completes.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _, ValueEnum};

use crate::arguments::Arguments;
use crate::failure::Result;
use crate::output;

#[derive(Args, Debug)]
#[command(
    after_help = "bash: ottavo completions bash > ~/.local/share/bash-completion/completions/ottavo
zsh:  ottavo completions zsh > ~/.zfunc/_ottavo, with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc
fish: ottavo completions fish > ~/.config/fish/completions/ottavo.fish"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

pub(crate) fn run(completions: Completions) -> Result<ExitCode> {
    let shell = match completions.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ottavo", &mut script);
    output::data(&script);
    Ok(ExitCode::SUCCESS)
}
