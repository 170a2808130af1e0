"""The rows of a list, taken over from an earlier run: the same to the byte."""

import tempfile
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st

from mcred.cli.means import Means
from mcred.cli.rows import Rows
from mcred.record import KINDS
from mcred.workspace import Workspace
from tests.support import AS_OF, CATALOGUE, DRAFT, copied, holds, made, mcred, real_records
from tests.test_cli import COMMAND_LINE, imported
from tests.test_gathering import edited, later

OPTIONS = (
    [],
    ["level=3", "stage=approved", "--format", "json"],
    ["--kind", "organisation", "--columns", "id,types,/successors,website", "--format", "csv"],
    ["--kind", "all", "--columns", "id,kind,title,fictional,/derived/stage"],
    ["--unknown", "/subjects", "--columns", "id,subjects", "--sort", "credits"],
    ["--ends-before", "2030-01-01", "--format", "json"],
    ["title~worked", "/pathways/employment~a", "--columns", "id,pathways,decisions", "--format", "json"],
    ["--kind", "framework"],
    ["levle=3"],
    ["stage=nosuch"],
)


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_whatever_is_asked_the_list_is_the_same(options, tmp_path_factory):
    user = tmp_path_factory.getbasetemp() / "rows"  # one cache for all of them: the first fills it
    ask = lambda *more: mcred("list", "--as-of", AS_OF, *options, *more, cwd=CATALOGUE, XDG_CACHE_HOME=str(user))  # noqa: E731
    plain = ask("--no-cache")
    asked = [ask(), ask(), ask("--no-stat-cache")]
    assert {(ran.code, ran.out, ran.err) for ran in asked} == {(plain.code, plain.out, plain.err)}


def told(root, cache=None, day=AS_OF, **means):
    """Return all that rows say, and what could not be read, as it comes about by some means."""
    rows = Rows(Workspace(root), date.fromisoformat(day), "list", Means(cache, **means))
    found = [
        (
            row.record.id,
            row.record.kind,
            row.record.path,
            row.record.data,
            {n: (d.value, d.uncertain) for n, d in row.derived.items()},
        )
        for row in rows.of(KINDS)
    ]
    return found, rows.unread


WORKED = real_records()["micro-credentials/worked-example.yaml"].decode()
TEXTS = (
    DRAFT,
    DRAFT.replace("title", "titel"),
    "id: a-draft\ntitle: [\n",
    WORKED,
    WORKED.replace("level: 4", "level: 5"),
    "{id: example-marae, title: Other, types: [{type: wananga}], fictional: true}\n",
    "format: 1\ntitle: Another title\nlanguages: [mi]\n",
    None,
)
PLACES = (
    *("micro-credentials/worked-example.yaml", "micro-credentials/below/a-draft.yaml", "groups/a-draft.yaml"),
    *("organisations/example-marae.yaml", "catalogue.yaml"),
)


@holds(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(TEXTS), st.booleans()), min_size=2, max_size=6),
    quick=5,
    thorough=60,
)
def test_after_any_edits_the_rows_are_the_same_as_without_a_cache(edits):
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        root, cache = copied(Path(folder)), Path(folder) / "cache"
        for place, text, by_time in edits:
            edited(root, place, text, next(numbers))
            plain = told(root)
            assert told(root, cache, by_time=by_time, clock=later(next(numbers))) == plain
            assert told(root, cache, by_time=by_time, clock=later(next(numbers))) == plain


def test_another_day_has_rows_of_its_own(tmp_path):
    root, cache = copied(tmp_path), tmp_path / "cache"
    days = ("2023-01-01", AS_OF)
    plain = [told(root, day=day) for day in days]
    assert plain[0] != plain[1]
    assert [told(root, cache, day, clock=later()) for day in days] == plain


def test_of_two_records_with_one_id_the_first_is_listed_whatever_its_kind(tmp_path):
    root = made(
        tmp_path, {"groups/one.yaml": "id: one\ntitle: A\n", "micro-credentials/two.yaml": "id: one\ntitle: B\n"}
    )
    cache = tmp_path / "cache"
    for means in ({}, {"cache": cache, "clock": later()}, {"cache": cache, "clock": later(2)}):
        assert [(id, kind) for id, kind, *_ in told(root, **means)[0]] == [("one", "group")]


def test_of_two_organisations_with_one_id_the_first_counts(tmp_path):
    bodies = {"a": "{id: body, title: A, fictional: true}\n", "b": "{id: body, title: B}\n"}
    files = {f"organisations/{name}.yaml": text for name, text in bodies.items()}
    root = made(tmp_path, {**files, "micro-credentials/a-draft.yaml": DRAFT + "developer: body\n"})
    assert [derived["fictional"] for _, kind, _, _, derived in told(root)[0] if kind == "micro-credential"] == [
        (True, False)
    ]


def test_where_nothing_changed_no_file_is_opened(tmp_path, monkeypatch):
    root, cache = copied(tmp_path), tmp_path / "cache"
    plain = told(root, cache, clock=later())
    monkeypatch.setattr("mcred.cli.gathering.read_bytes", None)
    assert told(root, cache, clock=later(2)) == plain


def test_a_list_of_what_did_not_change_reads_no_yaml_and_imports_no_rules(tmp_path):
    copied(tmp_path)
    surroundings = {"XDG_CACHE_HOME": str(tmp_path.parent / "unchanged")}
    imported("list level=3", tmp_path, **surroundings)
    found = imported("list level=3", tmp_path, **surroundings)
    assert {name for name in found if not name.startswith("mcred.")} == {*COMMAND_LINE, "tzdata"}
    judging = ("mcred.document.reading", "mcred.validation", "mcred.rules", "mcred.frameworks")
    assert [name for name in found if name.startswith(judging)] == []
