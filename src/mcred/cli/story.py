"""`mcred history ID`."""

from typing import Annotated

import typer

from mcred.cli.completing import ids as known_ids
from mcred.cli.line import Line
from mcred.cli.options import Colour, Debug, choice, look, today_there, workspace
from mcred.cli.publishing import outputs, put
from mcred.cli.sides import WORKING_TREE, State
from mcred.cli.targets import newer
from mcred.diff import Side
from mcred.diff.comparing import title
from mcred.diff.recorded import Story
from mcred.diff.recorded import story as told
from mcred.document import read
from mcred.errors import ExitCode, McredError
from mcred.history import Repository
from mcred.record import Record, folder_kind, stem
from mcred.reporters import Look
from mcred.reporters.story import FORMATS, WRITERS
from mcred.text import did_you_mean
from mcred.workspace import Workspace, write


def story(
    id: Annotated[
        str,
        typer.Argument(metavar="ID", help="The record, also one that is no more.", autocompletion=known_ids),
    ],
    format: Annotated[str, choice(FORMATS, "format", "--format", "-f", metavar="FORMAT", help="How to print")] = "text",
    output: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT=FILE", help="Also write it to a file; as often as wanted.")
    ] = None,
    color: Colour = "auto",
    debug: Debug = False,
) -> int:
    """Tell a record's story: what was decided when, and when that was recorded.

    \b
    mcred history worked-example
    mcred history record worked-example      the same
    mcred history worked-example -f md       for a file or a committee

    \b
    A decision has the day on which it was taken, everything the day on which a commit recorded it.
    """  # noqa: D301 - \b keeps click from filling the lines
    files = outputs(output or (), FORMATS)
    appearance = look(color, verbose=False)
    catalogue = workspace()
    newer(catalogue)
    found = _story(catalogue, id)
    for path, text in [(path, WRITERS[name](found, Look())) for name, path in files]:
        write(path, text, overwrite=True)
    put(WRITERS[format](found, appearance))
    return ExitCode.OK


def _story(catalogue: Workspace, id: str) -> Story:
    """The story of the record of an id.

    Raises:
        McredError: there is and was none, its file cannot be read, or the clone lacks what was recorded earlier.
    """
    repository = Repository(catalogue.base)
    repository.refuse_shallow()
    settings = catalogue.settings
    now = State(catalogue, Side(WORKING_TREE))
    line = Line(repository, catalogue, repository.commit("HEAD"))
    path = now.path_of(id) or line.last(id)
    if path is None:
        raise McredError(f"no record '{id}'" + did_you_mean(id, now.by_id))
    # What was moved or renamed and is not committed yet, the commits know by where it was.
    states = line.states(path) or line.states(line.last(id) or path)
    if path in now.paths:
        data = read(now.read(path)).data
        if data is None:
            raise McredError(f"{path} cannot be read: `{catalogue.validating(stem(path))}` says why")
        states.append((None, data))
    elif states and states[-1][1] is not None:
        states.append((None, None))
    last = next((data for _, data in reversed(states) if data is not None), {})
    record = Record(folder_kind(catalogue.inside_of(path)) or "", path, dict(last))
    framework = now.context.frameworks.get(record.framework or "")
    today = today_there(settings.timezone)
    steps = told(states, framework.head if framework else {}, today, settings.language)
    return Story(record.id, record.kind, title(record, settings.language), path, tuple(steps), settings.timezone)
