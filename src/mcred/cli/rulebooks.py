"""`mcred frameworks`."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from mcred.cli.frameworks import clause_of, editions_of, guarded, pairs, said_of_classes
from mcred.cli.options import AsOf, At, Debug
from mcred.cli.publishing import put, table
from mcred.cli.records import open_register
from mcred.document import read
from mcred.errors import ExitCode, McredError, UsageError
from mcred.frameworks import Case, Clause, Rulebook, Verdict, framework, judge, rulebook, unknowns
from mcred.frameworks.findings import period
from mcred.frameworks.language import instruments
from mcred.query import shown
from mcred.reporters.tabular import csv, tsv
from mcred.text import as_json, did_you_mean, inert, one_of, plural
from mcred.validation import Context
from mcred.workspace import context, find, read_bytes

ACTIONS = ("list", "show", "coverage", "diff")
FORMATS = ("table", "tsv", "csv", "json")


def frameworks(
    action: Annotated[str, typer.Argument(metavar="ACTION", help=f"{one_of(ACTIONS)}.")] = "list",
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="A framework, a clause, or two files.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"{one_of(FORMATS)}.")] = "table",
    as_of: AsOf = None,
    at: At = None,
    debug: Debug = False,
) -> int:
    """Show frameworks: what they ask, and what of it is covered how.

    \b
    mcred frameworks                         the frameworks and policies in use
    mcred frameworks show nzqcf              its instruments, editions and clauses
    mcred frameworks show nzqcf.credits      one clause, under each edition
    mcred frameworks coverage nzqcf          how each clause is covered
    mcred frameworks diff OLD.yaml NEW.yaml  whose verdict a change of the data changes

    \b
    --as-of and --at are about the records that `diff` judges.
    """  # noqa: D301 - \b keeps click from filling the lines
    if action not in ACTIONS:
        raise UsageError(f"no action '{action}'; there is {one_of(ACTIONS)}" + did_you_mean(action, ACTIONS))
    if format not in FORMATS:
        raise UsageError(f"--format: no format '{format}'; there is {one_of(FORMATS)}" + did_you_mean(format, FORMATS))
    given = names or []
    if action == "diff":
        return _diff(given, format, as_of, at)
    if as_of is not None or at is not None:
        raise UsageError(f"--as-of and --at are about the records that diff judges; {action} looks at none")
    known = frameworks_in_use()
    if action == "list":
        _list(known, format)
    elif not given:
        raise UsageError(f"{action}: name a framework; there is {one_of(known.books)}")
    elif action == "coverage":
        _coverage(_book(known, given[0]), format)
    else:
        put(_show(known, given[0]))
    return ExitCode.OK


def frameworks_in_use() -> Context:
    """The frameworks that come with mcred, and where there is a catalogue those of its own."""
    catalogue = find(Path.cwd())
    return catalogue.context(catalogue.walk("policies")) if catalogue else context()


def clauses_in_use(name: str) -> tuple[Rulebook, Clause]:
    """The clause of an id, in a framework or policy in use here.

    Raises:
        McredError: there is none, or what has it cannot be read.
    """
    known = frameworks_in_use()
    _readable(known, name.partition(".")[0])
    return clause_of(known.books, name)


def _readable(known: Context, name: str) -> None:
    if name in known.broken:
        raise McredError(f"not read: {known.broken[name]} has faults (`mcred validate`)")


def _book(known: Context, name: str) -> Rulebook:
    """A framework with all its layers, or a policy in force by itself."""
    if name in known.books:
        return known.books[name]
    policies = {book.id: book for book in _policies(known)}
    if name in policies:
        return policies[name]
    _readable(known, name)
    if name in known.policies:
        raise McredError(f"the policy '{name}' is not in force: catalogue.yaml does not name it under 'policies'")
    raise McredError(f"no framework '{name}'" + did_you_mean(name, [*known.books, *known.policies]))


def _policies(known: Context) -> Iterator[Rulebook]:
    """Each policy in force with the clauses that it adds and those that it tightens."""
    for book in known.books.values():
        for policy in book.policies:
            name = str(policy["id"])
            layers = (each for clause in book.clauses for each in (clause, *clause.tightened_by))
            own = tuple(each for each in layers if each.framework == name)
            yield Rulebook(name, policy, instruments(policy), own)


def _title(book: Rulebook) -> str:
    """What a framework or policy is called, in its first language."""
    return framework(dict(book.data)).title


def _list(known: Context, format: str) -> None:
    rows = []
    for book in (*known.books.values(), *_policies(known)):
        covered = Counter(clause.covered_by for clause in book.clauses)
        counts = ", ".join(f"{number} {way}" for way, number in covered.items())
        rows.append((book.id, _title(book), counts or "no clauses yet", str(book.data.get("review_by", ""))))
    head = ("id", "title", "clauses", "to be checked by")
    if format == "json":
        put(as_json([dict(zip(("id", "title", "clauses", "review_by"), row, strict=True)) for row in rows]) + "\n")
    else:
        put({"table": table, "tsv": tsv, "csv": csv}[format](head, rows))


def coverage(book: Rulebook) -> dict[str, Any]:
    """How each clause is covered, and all that is not known, as data."""
    keys = ("governs", "from_stage", "severity", "citation", "summary")
    return {
        "framework": book.id,
        "clauses": [
            {
                "id": each.id,
                "covered_by": each.covered_by,
                "basis": each.basis,
                "instrument": each.instrument.id,
                **{key: each.get(key) for key in keys},
                "editions": [line.edition.id for line in each.lines if line.values is not None],
            }
            for clause in book.clauses
            for each in (clause, *clause.tightened_by)
        ],
        "unknown": [each._asdict() for each in unknowns(book.data)],
    }


def _coverage(book: Rulebook, format: str) -> None:
    found = coverage(book)
    if format == "json":
        put(as_json(found) + "\n")
        return
    head = ("id", "covered_by", "basis", "instrument", "citation", "summary")
    rows = [tuple(str(each[key] or "") for key in head) for each in found["clauses"]]
    put({"table": table, "tsv": tsv, "csv": csv}[format](tuple(name.replace("_", " ") for name in head), rows))
    if format == "table" and found["unknown"]:
        lines = ["", "Unknown: looked for and not found, which is never the same as no limit"]
        lines += pairs([(each["at"], inert(each["about"])) for each in found["unknown"]], wide=48)
        put("".join(f"{line}\n" for line in lines))


def _show(known: Context, name: str) -> str:
    if "." in name:
        _readable(known, name.partition(".")[0])
        return "".join(line + "\n" for line in clause_page(*clause_of(known.books, name)))
    book = _book(known, name)
    lines = [f"{book.id}: {_title(book)}", *_beside(book.data), "", "Instruments and their editions"]
    for instrument in book.instruments.values():
        lines += pairs([("-", f"{instrument.title} ({instrument.kind.replace('-', ' ')})")], wide=4)
        for edition in instrument.editions:
            last = "; the last known edition" if edition.last_known else ""
            lines += pairs(
                [(edition.id, f"{period(edition)}{last}; source {edition.data.get('source', 'none')}")],
                indent=6,
                wide=18,
            )
    lines += ["", "Clauses"]
    for clause in book.clauses:
        lines += pairs(
            [(clause.name, f"{clause.text('summary')} ({clause.covered_by}; {clause.text('citation')})")], wide=24
        )
    if differing := book.data.get("disagreements"):
        lines += ["", "Where sources disagree"]
        for each in differing:
            settled = shown(each["settled"]) if each.get("settled") else "not settled yet"
            lines += pairs([(each["id"], f"{shown(each['about'])} {settled}")], wide=24)
    return "".join(inert(line) + "\n" for line in lines)


def _beside(data: Mapping[str, Any]) -> Iterator[str]:
    """How a framework or policy stands to others, and what was said of whole classes of awards."""
    if "extends" in data:
        applies = f", for records whose {guarded(data['applies_to'])}" if data.get("applies_to") else ""
        yield from ("", f"A policy on {data['extends']}{applies}")
    if relations := data.get("relations"):
        yield from ("", "Other frameworks")
        for each in relations:
            words = [each["relation"].replace("-", " "), shown(each["framework"])]
            words += [f"from {each['from']}"] if "from" in each else []
            remarks = f" ({shown(each['remarks'])})" if "remarks" in each else ""
            yield from pairs([("-", f"{' '.join(words)}{remarks}; source {each.get('source', 'none')}")], wide=4)
    yield from said_of_classes(data)


def clause_page(book: Rulebook, clause: Clause) -> list[str]:
    """A clause in full: what it asks under each edition, with dates, sources, and how surely each is known."""
    lines = [f"{clause.id}: {clause.text('summary')}", ""]
    own = [
        ("Instrument", f"{clause.instrument.title}, {clause.text('citation')}"),
        ("Rests on", clause.basis.replace("-", " ")),
        ("Governs", str(clause.get("governs", "content"))),
        ("Covered by", clause.covered_by + (f" ({clause.get('because')})" if clause.get("because") else "")),
        ("Counts from", str(clause.get("from_stage", "submitted"))),
    ]
    if clause.get("question"):
        own.append(("Question", clause.text("question")))
    for key, words in (("when", "Only where"), ("unless", "Not where")):
        for guard in clause.get(key) or ():
            value = f"is one of {', '.join(map(str, guard['one_of']))}" if "one_of" in guard else "is there"
            own.append((words, f"{guard['at']} {value}"))
    if clause.get("remarks"):
        own.append(("Remarks", clause.text("remarks")))
    lines += pairs(own)
    if clause.covered_by in ("requirement", "rule") or clause.get("values"):
        lines += ["", "What it asks, edition by edition", *pairs(list(editions_of(clause)), wide=16)]
    for each in clause.tightened_by:
        lines += ["", f"Tightened by {each.id}: {each.text('summary')}", *pairs(list(editions_of(each)), wide=16)]
    disagreements = book.data.get("disagreements") or () if clause.framework == book.id else ()
    differing = [each for each in disagreements if clause.name in each.get("clauses", ())]
    for each in differing:
        lines += ["", f"Sources disagree: {shown(each['about'])}", *pairs(_disagreement(each), wide=16)]
    sources = {source["id"]: source for source in book.data.get("sources") or ()}
    used = {str(line.edition.data.get("source")) for line in clause.lines}
    used |= {str(line.values.get("source")) for line in clause.lines if line.values}
    used |= {str(position.get("source")) for each in differing for position in each.get("positions", ())}
    cited = [
        (name, f"{sources[name].get('title', '')} {sources[name].get('url', '')}".strip())
        for name in sorted(used)
        if name in sources
    ]
    if cited:
        lines += ["", "Sources", *pairs(cited, wide=16)]
    return [inert(line) for line in lines]


def _disagreement(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Who says what of something that sources disagree about, and how the framework settles it."""
    for position in data.get("positions") or ():
        said = ". ".join(shown(position[key]).rstrip(".") for key in ("says", "remarks") if position.get(key))
        yield position.get("edition") or position.get("source") or "-", said
    yield "Settled", shown(data["settled"]) if data.get("settled") else "not yet"
    if data.get("basis"):
        yield "Rests on", str(data["basis"]).replace("-", " ")


def _diff(names: list[str], format: str, as_of: date | None, at: str | None) -> int:
    """The records whose verdict a change of framework data changes."""
    if len(names) != 2:
        raise UsageError("diff: name two framework files, the old and the new")
    old, new = (_file(Path(name)) for name in names)
    if old.id != new.id:
        raise McredError(f"'{old.id}' and '{new.id}' are two frameworks; diff compares two states of one")
    register = open_register(as_of, at)
    rows = []
    for record in register.records.values():
        if record.framework != old.id or record.kind not in ("micro-credential", "training-scheme", "equivalency"):
            continue
        before, after = (
            _verdicts(Case(record, book, register.context.organisations, register.day, language=register.language))
            for book in (old, new)
        )
        rows += [
            (record.id, clause, before.get(clause, "no such clause"), after.get(clause, "no such clause"))
            for clause in sorted({*before, *after})
            if before.get(clause) != after.get(clause)
        ]
    head = ("record", "clause", "before", "after")
    if format == "json":
        put(as_json([dict(zip(head, row, strict=True)) for row in rows]) + "\n")
        return ExitCode.OK
    looked_at = f"{plural(len(register.records), 'record')} looked at, as of {register.clocks}"
    if rows or format != "table":
        put({"table": table, "tsv": tsv, "csv": csv}[format](head, rows))
        if format == "table" and sys.stdout.isatty():
            put(f"\n{plural(len(rows), 'verdict')} change ({looked_at})\n")
    else:
        put(f"no verdict changes ({looked_at})\n")
    return ExitCode.OK


def _verdicts(case: Case) -> dict[str, str]:
    return {clause.id: _in_words(judge(clause, case).verdict) for clause in case.book.clauses}


def _in_words(verdict: Verdict) -> str:
    because = f", {verdict.because}" if verdict.because else ""
    severity = f" ({verdict.severity})" if verdict.severity else ""
    return f"{verdict.verdict}{because}{severity}"


def _file(path: Path) -> Rulebook:
    try:
        document = read(read_bytes(path))
    except OSError as error:
        raise McredError(f"cannot read {path}: {error.strerror or error}") from error
    if document.data is None or "id" not in document.data:
        raise McredError(f"{path} is no framework: `mcred validate --alone {path}`")
    return rulebook(document.data)
