"""What is kept between runs of the files that records are judged by, so that nobody has to read YAML for them."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcred.store import digest, noted, room
from mcred.workspace import Workspace, cache_folder, program_digest

if TYPE_CHECKING:
    from mcred.workspace.shipped import Recall


def cache_of(catalogue: Workspace) -> Path | None:
    """The user's cache; not where it lies in the repository, since what is in there may come from a stranger."""
    folder = cache_folder()
    if folder is None or Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(catalogue.base)):
        return None
    return folder


def recalled(catalogue: Workspace) -> None:
    """Let the cache keep what the settings of a catalogue, and the frameworks that it goes by, say."""
    folder = cache_of(catalogue)
    if folder is not None:
        catalogue.recall = _notes(folder, catalogue.root)


@cache  # a run that checks again and again is to be known to go by the same notes
def _notes(folder: Path, root: Path) -> "Recall":
    """What was made of some bytes for the catalogue of a root, each kept below a folder under a name."""

    def recall(name: str, data: bytes, make: Callable[[], Any]) -> Any:
        place = room(folder, f"{root} {name}")
        return noted(place, f"{program_digest()} {digest(data).hex()}", make)

    return recall
