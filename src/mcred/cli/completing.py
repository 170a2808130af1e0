"""What a shell offers while a command is being typed. It may never fail, and never take long."""

from mcred.record import KINDS
from mcred.workspace import find


def ids(incomplete: str) -> list[str]:
    """The ids of records that begin so, from the names of their files."""
    from pathlib import Path

    catalogue = find(Path.cwd())
    if catalogue is None:
        return []
    stems = (
        inside.rpartition("/")[2].removesuffix(".yaml")
        for inside, kind in catalogue.walk().records
        if kind != "catalogue"
    )
    return sorted(stem for stem in stems if stem.startswith(incomplete))


def kinds(incomplete: str) -> list[str]:
    """The kinds of record that begin so."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]
