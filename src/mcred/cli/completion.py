"""`mcred completion`."""

from typing import Annotated

import typer

from mcred.cli.completing import words
from mcred.cli.options import Debug
from mcred.cli.publishing import put
from mcred.errors import ExitCode, UsageError
from mcred.text import did_you_mean, one_of

SHELLS = {
    "bash": 'add to ~/.bashrc:  eval "$(mcred completion bash)"',
    "zsh": 'add to ~/.zshrc, after compinit:  eval "$(mcred completion zsh)"',
    "fish": "write to a file:  mcred completion fish > ~/.config/fish/completions/mcred.fish",
}


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help=f"{one_of(SHELLS)}.", autocompletion=words(SHELLS))],
    debug: Debug = False,
) -> int:
    """Print what makes a shell complete mcred's commands.

    \b
    eval "$(mcred completion bash)"                  in ~/.bashrc
    eval "$(mcred completion zsh)"                   in ~/.zshrc, after compinit
    mcred completion fish > ~/.config/fish/completions/mcred.fish
    """  # noqa: D301 - \b keeps click from filling the lines
    if shell not in SHELLS:
        raise UsageError(f"no shell '{shell}'; there is {one_of(SHELLS)}" + did_you_mean(shell, SHELLS))
    from typer._completion_shared import get_completion_script

    put(f"# {SHELLS[shell]}\n{get_completion_script(prog_name='mcred', complete_var='_MCRED_COMPLETE', shell=shell)}\n")
    return ExitCode.OK
