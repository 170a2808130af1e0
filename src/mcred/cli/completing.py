"""What a shell offers while a command is being typed. It may never fail, and never take long."""

from collections.abc import Callable, Iterable


def ids(incomplete: str) -> list[str]:
    """The ids of records that begin so, from the names of their files."""
    from pathlib import Path

    from mcred.record import stem
    from mcred.workspace import find

    catalogue = find(Path.cwd())
    if catalogue is None:
        return []
    stems = (stem(inside) for inside, kind in catalogue.walk().records if kind != "catalogue")
    return sorted(each for each in stems if each.startswith(incomplete))


def words(*known: Iterable[str]) -> Callable[[str], list[str]]:
    """What offers those of some words that begin so."""

    def offered(incomplete: str) -> list[str]:
        return [word for each in known for word in each if word.startswith(incomplete)]

    return offered


def kinds(incomplete: str) -> list[str]:
    """The kinds of record that begin so."""
    from mcred.record import KINDS

    return words(KINDS)(incomplete)
