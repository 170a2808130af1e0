"""`list` and `show` as people run them: what is chosen, in which form, and that no text of a record acts."""

import csv
import fcntl
import gc
import io
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

import pytest

from mcred.cli.card import card as lines_of
from mcred.cli.records import open_register
from mcred.query import Row
from mcred.record import derive
from tests.support import AS_OF, PROGRAM, ROOT, copied, environment, made, mcred

EXAMPLE = "{id: example, title: Example School, fictional: true, types: [{type: institute}]}\n"
REAL = "{id: real, title: {en: Real School, mi: Te Kura Tūturu}, types: [{type: institute, until: 2023-12-31}]}\n"

RECORDS = {
    "organisations/example.yaml": EXAMPLE,
    "organisations/real.yaml": REAL,
    "organisations/authority.yaml": "{id: authority, title: Authority}\n",
    "micro-credentials/compost.yaml": """\
id: compost
aliases: [compost-making, the-heap]
title: {en: Making Compost, mi: Te Hanga Wairākau}
framework: nzqcf
level: 2
credits: 5
developer: real
x-shelf: B2
purpose: {statement: For gardeners., use: [NZ, AU]}
subjects: [{scheme: nzsced, code: "050301", path: [Horticulture]}]
decisions:
  - {id: sent, act: submitted, date: 2023-11-01, by: real, version: "1"}
  - {id: approved, act: content-approved, date: 2024-01-10, by: authority, version: "1", review_years: 2}
  - {id: listed, act: listed, date: 2024-02-01, by: authority, version: "1", number: "71"}
  - {id: wrong, act: listed, date: 2024-02-08, by: authority, version: "1", number: "72"}
  - {act: corrected, date: 2024-02-09, by: authority, decision: wrong, void: true, why: Listed twice.}
  - {act: corrected, date: 2024-02-10, by: authority, decision: listed, set: {number: "73"}, why: Mistyped.}
  - {id: offered, act: delivery-approved, date: 2024-03-01, by: authority, provider: real}
  - {act: status-assigned, date: 2025-01-15, by: authority, status: expiring, until: 2026-01-14}
""",
    "micro-credentials/pruning.yaml": """\
id: pruning
title: Pruning Fruit Trees
framework: nzqcf
level: 3
credits: 12
developer: example
decisions:
  - {act: content-approved, date: 2024-05, by: authority, version: "1"}
  - {act: listed, date: 2024-06-03, by: authority, version: "1", number: "80"}
""",
    "micro-credentials/seeds.yaml": """\
id: seeds
title: "=SUM(A1:A9)+Seeds"
framework: nzqcf
level: 10
stage: draft
credits: {none: Not said.}
developer: real
unknown: [/subjects, /purpose/use]
""",
    "micro-credentials/copied-one.yaml": """\
id: copied-one
title: Weeding
title_kind: description
custody: observed
framework: unknown
unknown: rest
sources: [{id: page, title: A page, seen: 2026-11}]
""",
    "micro-credentials/mizu.yaml": """\
id: mizu
title: {en: "@水質調査の基礎と応用", mi: Ngā Wai Pūkenga}
framework: nzqcf
level: 3
stage: proposed
""",
    "groups/four-awards.yaml": """\
id: four-awards
title: Four Awards
custody: observed
count: 4
credits: {min: 2, max: 8}
""",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("list"), RECORDS)


def listed(catalogue, *arguments):
    """The ids that a list has, in its order; and what it says on standard error."""
    ran = mcred("list", *arguments, "--columns", "id", "--as-of", AS_OF, cwd=catalogue)
    assert ran.code == 0, ran.err
    head, *ids = ran.out.splitlines()
    assert head == "id" or head.startswith("id\t")
    return [line.split("\t")[0] for line in ids]


# --- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ((), ["compost", "copied-one", "mizu", "pruning", "seeds"]),
        (("level=3",), ["mizu", "pruning"]),
        (("level=2,10",), ["compost", "seeds"]),
        (("level>=3", "level<10"), ["mizu", "pruning"]),
        (("stage=approved",), ["compost", "pruning"]),
        (("stage!=approved", "custody=own"), ["mizu", "seeds"]),
        (("effective_status=may-not-be-offered",), ["compost"]),
        (("status=expiring",), ["compost"]),
        (("number=73",), ["compost"]),
        (("fictional=yes",), ["pruning"]),
        (("developer=real",), ["compost", "seeds"]),
        (("developer_types=institute",), ["pruning"]),
        (("title~te hanga wairākau",), ["compost"]),
        (("title~TREES",), ["pruning"]),
        (("/purpose/use=AU",), ["compost"]),
        (("subjects=050301",), ["compost"]),
        (("credits=none",), ["seeds"]),
        (("credits>=1",), ["compost", "pruning"]),
        (("/derived/stage=proposed",), ["mizu"]),
        (("stage=Proposed",), ["mizu"]),
        (("custody=observed", "title_kind=description"), ["copied-one"]),
        (("listed_on<=2024-02",), ["compost"]),
        (("listed_on>2024",), []),
        (("x-shelf=B2",), ["compost"]),
        (("custody=observed",), ["copied-one"]),
        (("level=3", "level=2"), []),
    ],
)
def test_filters(catalogue, filters, ids):
    assert listed(catalogue, *filters) == ids


def test_the_day_asked_for_decides(catalogue):
    def on(day, *filters):
        ran = mcred("list", "id=compost", "--columns", "stage,status,developer_types", "--as-of", day, cwd=catalogue)
        return ran.out.splitlines()[1].split("\t")

    assert on("2023-10-31") == ["draft", "", "institute"]
    assert on("2024-01-09")[0] == "submitted"
    assert on("2024-01-10")[:2] == ["approved", ""]
    assert on("2024-02-01")[:2] == ["approved", "current"]
    assert on("2026-01-14")[1] == "expiring"


def test_what_is_not_certain_has_a_mark(catalogue):
    def on(day):
        ran = mcred("list", "id=pruning", "--columns", "id,stage", "--as-of", day, cwd=catalogue)
        return ran.out.splitlines()[1].split("\t")[:2]

    assert on("2024-05-31") == ["pruning", "approved"]
    assert on("2024-05-15") == ["pruning", "approved ?"]


@pytest.mark.parametrize(
    ("pointer", "ids"),
    [
        ("/subjects", ["copied-one", "seeds"]),
        ("/purpose/use", ["copied-one", "seeds"]),
        ("/level", ["copied-one"]),
        ("/title", []),
    ],
)
def test_unknown(catalogue, pointer, ids):
    assert listed(catalogue, "--unknown", pointer) == ids


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["levl=3"], "no field 'levl'; did you mean 'level'?"),
        (["stag=draft"], "no field 'stag'; did you mean 'stage'?"),
        (["/derived/stag=draft"], "no field '/derived/stag'; did you mean 'stage'?"),
        (["stage=approved,aproved"], "'stage' is never 'aproved'; it is 'proposed', 'draft', 'submitted', "),
        (["stage=approved,aproved"], "'approved', 'removed' or 'unknown'; did you mean 'approved'?"),
        (["custody!=owned"], "'custody' is never 'owned'; it is 'own' or 'observed'; did you mean 'own'?"),
        (["--kind", "all", "title_kind=offical"], "did you mean 'official'?"),
        (["level"], "'level' is no filter such as level=3, status!=current or title~water"),
        (["--columns", "id,titel"], "no field 'titel'; did you mean 'title'?"),
        (["--sort", "credit"], "no field 'credit'; did you mean 'credits'?"),
        (["--unknown", "/listing"], "no field '/listing'"),
        (["--unknown", "/derived/stage"], "no field '/derived/stage'"),
        (["--unknown", "/subjcts"], "did you mean 'subjects'?"),
        (["--kind", "organization"], "did you mean 'organisation'?"),
        (["--format", "cvs"], "did you mean 'csv'?"),
        (["--as-of", "2026-02-30"], "30 February 2026 does not exist"),
        (["--as-of", "2026-02"], "write one such as 2026-02-28"),
        (["--colums", "id"], "no option '--colums'; did you mean '--columns'?"),
    ],
)
def test_what_there_is_not_is_refused_in_one_plain_line(catalogue, arguments, message):
    ran = mcred("list", *arguments, cwd=catalogue)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.startswith("mcred: ")
    assert ran.err.count("\n") == 1


def test_a_pointer_may_go_without_its_slash_or_is_refused(catalogue):
    ran = mcred("list", "--unknown", "subjects", "--columns", "id", cwd=catalogue)

    assert ran.code == 2 or [line.split("\t")[0] for line in ran.out.splitlines()] == ["id", "copied-one", "seeds"]


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("level", ["compost", "mizu", "pruning", "seeds", "copied-one"]),
        ("credits", ["compost", "pruning", "seeds", "copied-one", "mizu"]),
        ("title", ["seeds", "mizu", "compost", "pruning", "copied-one"]),
        ("listed_on", ["compost", "pruning", "copied-one", "mizu", "seeds"]),
    ],
)
def test_sorted_by_number_then_text_then_what_is_missing_then_id(catalogue, field, ids):
    assert listed(catalogue, "--sort", field) == ids


def test_other_kinds(catalogue):
    assert listed(catalogue, "--kind", "organisation") == ["authority", "example", "real"]
    assert listed(catalogue, "--kind", "group", "credits>=8") == ["four-awards"]
    assert listed(catalogue, "--kind", "group", "credits=5") == ["four-awards"]
    assert listed(catalogue, "--kind", "all", "kind=group,organisation", "custody=observed") == ["four-awards"]
    assert listed(catalogue, "--kind", "standard") == []


def test_a_filter_of_another_kind_s_field_is_refused(catalogue):
    ran = mcred("list", "--kind", "organisation", "level=3", cwd=catalogue)

    assert ran.code == 2
    assert "no field 'level'" in ran.err


# --- formats ---------------------------------------------------------------------------------------------------------


def test_piped_a_table_is_separated_by_tabs_and_whole(catalogue):
    ran = mcred("list", "--as-of", AS_OF, cwd=catalogue)
    rows = [line.split("\t") for line in ran.out.splitlines()]

    assert ran.err == ""
    assert rows[0] == ["id", "title", "level", "credits", "stage", "effective_status", "developer", "custody"]
    assert {len(row) for row in rows} == {8}
    assert rows[1] == ["compost", "Making Compost", "2", "5", "approved", "may-not-be-offered", "real", "own"]
    assert mcred("list", "--as-of", AS_OF, "--format", "tsv", cwd=catalogue).out == ran.out


def test_the_language_of_the_catalogue_is_the_one_of_the_cells(tmp_path):
    files = RECORDS | {"catalogue.yaml": "format: 1\nlanguages: [mi, en]\n"}
    ran = mcred("list", "id=compost", "--columns", "title", cwd=made(tmp_path, files))

    assert ran.out == "title\nTe Hanga Wairākau\n"


def test_csv_is_read_back_and_no_cell_is_a_formula(catalogue):
    ran = mcred("list", "--format", "csv", "--as-of", AS_OF, cwd=catalogue)
    rows = list(csv.reader(io.StringIO(ran.out, newline="")))

    assert "\r" not in ran.out
    assert rows[0][:2] == ["id", "title"]
    assert {len(row) for row in rows} == {8}
    titles = {row[0]: row[1] for row in rows}
    assert titles["seeds"] == "'=SUM(A1:A9)+Seeds"
    assert titles["mizu"] == "'@水質調査の基礎と応用"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_json(catalogue):
    ran = mcred("list", "--format", "json", "--as-of", "2024-05-15", "--columns", "id,stage,credits", cwd=catalogue)
    document = ran.json

    assert set(document) == {"schema", "as_of", "recorded_at", "records"}
    assert (document["schema"], document["as_of"]) == ("mcred-list/1", "2024-05-15")
    found = {record["id"]: record for record in document["records"]}
    assert list(found) == ["compost", "copied-one", "mizu", "pruning", "seeds"]
    assert found["pruning"] == {
        "id": "pruning",
        "kind": "micro-credential",
        "fictional": True,
        "stage": "approved",
        "credits": 12,
        "uncertain": ["stage"],
    }
    assert found["seeds"]["credits"] == {"none": "Not said."}
    assert found["copied-one"]["credits"] is None


def test_nothing_found_is_an_empty_table_and_no_fault(catalogue):
    assert mcred("list", "level=9", "--columns", "id,level", cwd=catalogue).out == "id\tlevel\n"
    assert mcred("list", "level=9", "--format", "json", cwd=catalogue).json["records"] == []


@pytest.mark.parametrize("format", ["table", "tsv", "csv", "json"])
@pytest.mark.parametrize("columns", [None, "id,title"])
def test_fictional_records_say_so_in_every_format_whatever_the_columns(catalogue, format, columns):
    chosen = ["--columns", columns] if columns else []
    ran = mcred("list", "--format", format, *chosen, cwd=catalogue)

    if format == "json":
        assert {record["id"]: record["fictional"] for record in ran.json["records"]} == {
            "compost": False,
            "copied-one": False,
            "mizu": False,
            "pruning": True,
            "seeds": False,
        }
    else:
        assert [line for line in ran.out.splitlines()[1:] if "fictional" in line] == [
            line for line in ran.out.splitlines()[1:] if line.startswith("pruning")
        ]
        assert ran.out.count("fictional") >= 1


def test_a_file_that_cannot_be_read_is_left_out_and_that_is_said(tmp_path):
    root = made(tmp_path, RECORDS | {"micro-credentials/broken.yaml": "id: broken\n  title: [\n"})
    ran = mcred("list", cwd=root)

    assert ran.code == 0
    assert [line.split("\t")[0] for line in ran.out.splitlines()[1:]] == [
        "compost",
        "copied-one",
        "mizu",
        "pruning",
        "seeds",
    ]
    assert ran.err == "mcred: 1 file could not be read and is left out: `mcred validate`\n"


def test_text_of_a_record_does_not_act(tmp_path):
    group = 'id: odd\ntitle: "##vso[task.complete] [bold]loud[/] \\u2019tis"\ncount: 2\n'
    award = 'id: hidden\ntitle: "\\e[31mred"\nframework: nzqcf\nstage: draft\ndeveloper: {title: "##[group]x"}\n'
    root = made(tmp_path, {"groups/odd.yaml": group, "micro-credentials/hidden.yaml": award})

    for arguments in (
        ("list", "--kind", "group"),
        ("list", "--kind", "group", "-f", "csv"),
        ("list",),
        ("show", "odd"),
        ("show", "hidden"),
        ("stats",),
    ):
        ran = mcred(*arguments, cwd=root)
        assert ran.code == 0, ran.err
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]|##vso\\[|##\\[", ran.out), arguments
    assert "task.complete] [bold]loud[/] \u2019tis" in mcred("show", "odd", cwd=root).out


def test_outside_a_catalogue(tmp_path):
    for command in (["list"], ["show", "x"], ["stats"], ["config"]):
        ran = mcred(*command, cwd=tmp_path)
        assert (ran.code, ran.out) == (3, "")
        assert "no catalogue here" in ran.err


# --- on a terminal ---------------------------------------------------------------------------------------------------


def terminal(*arguments, cwd, columns=80, **env):
    """What the program writes to a terminal of so many columns."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=environment(cwd, TERM="xterm", **env),
        stdin=subprocess.DEVNULL,
        stdout=side,
        stderr=subprocess.STDOUT,
    )
    os.close(side)
    out = b""
    try:
        while piece := os.read(main, 65536):
            out += piece
    except OSError:  # what Linux gives at the end of a terminal
        pass
    finally:
        os.close(main)
    assert process.wait(20) == 0, out.decode()
    return out.decode().replace("\r\n", "\n")


def plain(text):
    return re.sub("\x1b\\[[0-9;]*m", "", text)


def wide(line):
    """Columns of a line on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("columns", [80, 60, 132])
def test_a_table_fits_its_terminal_and_loses_no_word(catalogue, columns):
    text = plain(terminal("list", "--as-of", AS_OF, cwd=catalogue, columns=columns))
    joined = re.sub(r"\s+", "", text)

    assert max(wide(line.rstrip()) for line in text.splitlines()) <= columns
    for word in ("compost", "Making", "Compost", "approved", "Pruning", "Fruit", "Trees", "fictional", "observed"):
        assert word in text, word
    assert "title" in text
    assert "may-not-be-offered"[:5] in joined
    assert "5 records (as of 2026-11-22)" in text


def test_a_table_of_the_real_catalogue_loses_no_title(tmp_path):
    ids = ["forestry-environment", "worked-example", "chainsaw-use"]
    text = plain(terminal("list", f"id={','.join(ids)}", "--as-of", AS_OF, cwd=ROOT))

    assert max(wide(line.rstrip()) for line in text.splitlines()) <= 80
    for word in (*ids, "Forestry", "environment", "Farm", "Water", "Sampling", "Chainsaw", "fictional", "observed"):
        assert word in text, word


def test_wide_characters_stay_in_their_columns(catalogue):
    text = plain(terminal("list", "level=3", "--columns", "id,title,stage", "--as-of", AS_OF, cwd=catalogue))
    lines = [line for line in text.splitlines() if line.startswith(("id", "mizu", "pruning"))]
    begins = {
        wide(line[: line.index(word)]) for line, word in zip(lines, ("stage", "proposed", "approved"), strict=True)
    }

    assert len(lines) == 3
    assert len(begins) == 1


def test_colour_only_on_a_terminal_that_wants_it(catalogue):
    assert "\x1b[" in terminal("list", cwd=catalogue)
    assert "\x1b[" not in terminal("list", cwd=catalogue, NO_COLOR="1")
    assert "\x1b[" not in mcred("list", cwd=catalogue).out


def test_a_card_on_a_terminal_is_not_wider_than_it(catalogue):
    text = plain(terminal("show", "compost", "--as-of", AS_OF, cwd=catalogue))

    assert max(wide(line) for line in text.splitlines()) <= 80
    assert "Making Compost" in text


@pytest.mark.parametrize("id", ["worked-example", "education-assessment-pilot", "te-pukenga"])
def test_a_card_of_the_real_catalogue_is_as_wide_as_its_terminal_but_for_addresses(id):
    lines = plain(terminal("show", id, "--as-of", AS_OF, cwd=ROOT)).splitlines()

    assert [line for line in lines if wide(line) > 80 and "://" not in line] == []
    words = " ".join(lines).split()
    assert words == card(ROOT, id, "--as-of", AS_OF).split()


# --- show ------------------------------------------------------------------------------------------------------------


def card(catalogue, *arguments):
    ran = mcred("show", *arguments, cwd=catalogue)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_a_card(catalogue):
    out = card(catalogue, "compost", "--as-of", AS_OF)

    assert out.startswith("Making Compost\nTe Hanga Wairākau (mi)\ncompost, micro-credential\n")
    for name, value in {
        "Level": "2",
        "Stage": "approved",
        "Listing": "listed",
        "Register number": "73",
        "Status": "expiring",
        "Status until": "2026-01-14",
        "Effective status": "may-not-be-offered",
        "Version in force": "1",
        "Listed on": "2024-02-01",
        "Developer": "Real School (real)",
        "Review period": "2 years",
    }.items():
        assert re.search(rf"^  {name} +{re.escape(value)}$", out, re.MULTILINE), name
    assert re.search(r"^  Who may deliver +nobody$", out, re.MULTILINE)
    assert out.endswith("catalogue/micro-credentials/compost.yaml\n")


def ledger(out):
    """The lines of a card below `Decisions`."""
    return out.partition("\nDecisions\n")[2].partition("\n\n")[0].splitlines()


def test_the_ledger_marks_what_is_void_and_what_is_corrected(catalogue):
    lines = ledger(card(catalogue, "compost", "--as-of", AS_OF))

    assert [line for line in lines if line.endswith("[void]")] == [
        line for line in lines if line.split()[:2] == ["2024-02-08", "listed,"]
    ]
    assert [line for line in lines if line.endswith("[corrected]")] == [
        line for line in lines if line.split()[:2] == ["2024-02-01", "listed,"]
    ]
    assert len(lines) == 8


def test_a_day_hides_what_was_decided_after_it(catalogue):
    out = card(catalogue, "compost", "--as-of", "2024-01-31")
    lines = ledger(out)

    assert [line.split()[0] for line in lines[:2]] == ["2023-11-01", "2024-01-10"]
    assert lines[2].strip() == "(6 later than 2024-01-31 not shown)"
    assert "As of 2024-01-31" in out
    assert "expiring" not in out
    assert "Register number" not in out
    assert "2026-01-14" not in out


@pytest.mark.parametrize("alias", ["compost-making", "the-heap"])
def test_an_earlier_id_finds_the_record(catalogue, alias):
    assert card(catalogue, alias) == card(catalogue, "compost")


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("compst", "mcred: no record 'compst'; did you mean 'compost'?\n"),
        ("Compost", "mcred: no record 'Compost'; did you mean 'compost'?\n"),
        ("qqqqqqqq", "mcred: no record 'qqqqqqqq'\n"),
        ("a\x1b[31mb", "mcred: no record 'a<U+001B>[31mb'\n"),
    ],
)
def test_an_id_that_nothing_has(catalogue, id, message):
    ran = mcred("show", id, cwd=catalogue)

    assert (ran.code, ran.out, ran.err) == (3, "", message)


def test_a_record_that_cannot_be_read_is_not_said_to_be_missing(tmp_path):
    root = made(tmp_path, {"micro-credentials/broken.yaml": "id: broken\n  title: [\n"})
    ran = mcred("show", "broken", cwd=root)

    assert ran.code == 3
    assert "no record 'broken'" not in ran.err
    assert "broken.yaml" in ran.err


def test_a_fictional_record_and_an_observed_one_say_so_in_the_heading(catalogue):
    fictional, observed, own = (card(catalogue, id).splitlines() for id in ("pruning", "copied-one", "compost"))

    assert fictional[1] == "pruning, micro-credential; fictional example data"
    assert observed[1] == "copied-one, micro-credential; a summary of what others publish, not the register"
    assert own[2] == "compost, micro-credential"
    assert re.search(r"Not known +whatever is not here", "\n".join(observed))


def test_a_framework_gives_its_own_word(tmp_path):
    root = made(tmp_path, {"micro-credentials/reef.yaml": "id: reef\ntitle: Reefs\nframework: pqf\n"})

    assert "reef, micro-qualification\n" in card(root, "reef")


def test_every_kind_has_a_card(catalogue):
    assert card(catalogue, "four-awards").startswith(
        "Four Awards\nfour-awards, group; a summary of what others publish"
    )
    assert "- institute (until 2023-12-31)" in card(catalogue, "real")


COPY = """\
id: tide-walks
title: {en: Tide Walks, mi: Te Hīkoi Tai}
title_kind: reported
custody: observed
codes: [{scheme: course, value: "0451-2"}]
framework: nzqcf
credits: {none: It is not for credit.}
duration: [{amount: {min: 2, max: 3}, unit: weeks, intensity: part-time, remarks: Said of the family.}]
subjects: [{scheme: nzsced, path: ["Agriculture, Environment", Coasts]}]
developer: real
developed_with: [{organisation: authority, for: the shore}, {organisation: {title: A club, reference: "77"}}]
offered_by: [{organisation: real, modes: [online, on-site]}]
purpose: {statement: {en: To walk., mi: Hei hīkoi.}, use: [NZ]}
pathways:
  education: [{target: seeds, relation: prerequisite-for}, {target: {title: A diploma}}]
  cultural: {none: Nobody was asked.}
requires: []
outcomes:
  - id: walk
    text: {en: Walk safely., mi: Hīkoi.}
    credits: 4
    includes: [{kind: knowledge, text: Tides}, {kind: autonomy, text: Alone}]
entry: {requirements: [seeds, Good boots.]}
rights: {holder: {title: The hapū}, conditions: "Its waiata are taonga, and not to be reproduced."}
x-shelf: B2
decisions:
  - {act: content-approved, date: 2024-05, date_is: assumed, dated_by: ceremony, by: authority}
  - {act: listed, under: nz-2018, dated_by: inferred, by: authority}
unknown: rest
sources: [{id: page, title: The page, url: "https://example.org/tide", seen: 2026-11}]
"""


TIDE_WALKS = """\
Tide Walks
Te Hīkoi Tai (mi)
tide-walks, micro-credential; a summary of what others publish, not the register

  Kind of title            reported
  Codes                    - 0451-2 (scheme course)
  Framework                nzqcf
  Credits                  none: It is not for credit.
  Duration                 - 2-3 weeks part-time (remarks Said of the family.)
  Subjects                 - Agriculture, Environment > Coasts (scheme nzsced)
  Developed with           - Authority (authority) (for the shore)
                           - A club, 77
  Offered by               - Real School (real)
                             modes: online, on-site
  Purpose                  To walk.
                           Hei hīkoi. (mi)
                           use: NZ
  Pathways                 education:
                             - =SUM(A1:A9)+Seeds (seeds) (relation prerequisite-for)
                             - A diploma
                           cultural: none: Nobody was asked.
  Requires                 none
  Outcomes                 - Walk safely. (credits 4)
                             Hīkoi. (mi)
                             includes:
                               - Tides (kind knowledge)
                               - Alone (kind autonomy)
  Entry                    requirements: seeds, Good boots.
  Rights                   The hapū
                           conditions: Its waiata are taonga, and not to be reproduced.
  Sources                  - The page https://example.org/tide (seen 2026-11)
  x-shelf                  B2

As of 2026-11-22 (what stands above is as the file says it today)
  Stage                    approved
  Listing                  listed
  Status                   current (not certain)
  Effective status         current (not certain)
  First approved on        2024-05 (date assumed, dated by ceremony)
  Content approved on      2024-05 (date assumed, dated by ceremony)
  Listed on                between 2018-08-22 and 2023-01-31 (inferred)
  Developer                Real School (real)

Decisions
  2024-05      content-approved, by authority, date assumed, dated by ceremony
  under nz-2018 listed, by authority, inferred

  Not known                whatever is not here

catalogue/micro-credentials/tide-walks.yaml
"""


HEADING = ("id", "custody", "stage", "fictional", "decisions", "unknown")


def told(value, at=()):
    """The values of a record, each with where it stands, but for ids and what only holds the file together."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from told(inner, (*at, key))
    elif at[0] not in HEADING and at[-1] not in ("id", "source") and not str(at[-1]).endswith("_source"):
        yield at, {True: "yes", False: "no"}[value] if isinstance(value, bool) else " ".join(str(value).split())


def test_no_card_of_the_catalogue_leaves_out_what_its_record_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    register = open_register(None)
    gc.enable()  # a command is over before it would collect anything
    missed = []
    for record in register.records.values():
        view = register.view(record)
        text = " ".join(" ".join(lines_of(register, Row(record, derive(view)), view)).split())
        missed += [(record.id, at, value) for at, value in told(record.data) if value not in text]

    assert len(register.records) > 150
    assert missed == []


def test_a_card_leaves_nothing_out_that_its_record_says(tmp_path):
    root = made(tmp_path, RECORDS | {"micro-credentials/tide-walks.yaml": COPY})

    assert card(root, "tide-walks", "--as-of", AS_OF) == TIDE_WALKS


def test_a_card_as_json(catalogue):
    document = json.loads(card(catalogue, "pruning", "--format", "json", "--as-of", "2024-05-15"))

    assert document["schema"] == "mcred-record/1"
    assert (document["as_of"], document["kind"]) == ("2024-05-15", "micro-credential")
    assert document["path"] == "catalogue/micro-credentials/pruning.yaml"
    assert document["record"]["title"] == "Pruning Fruit Trees"
    assert document["derived"]["stage"] == "approved"
    assert document["derived"]["fictional"] is True
    assert document["from"]["stage"] == ["/decisions/0"]
    assert "stage" in document["uncertain"]
    assert set(document["from"]) == set(document["derived"])


def test_a_decision_known_by_its_regime_or_not_at_all(tmp_path):
    text = """\
id: old
title: Old
custody: observed
framework: nzqcf
decisions:
  - {act: content-approved, under: nz-2018, by: nzqa}
  - {act: delivery-approved, date_is: unknown, provider: {title: A School}}
"""
    lines = ledger(card(made(tmp_path, {"micro-credentials/old.yaml": text}), "old", "--as-of", AS_OF))

    assert lines[0].split(", ")[0].split() == ["under", "nz-2018", "content-approved"]
    assert lines[1].split(", ")[0].split() == ["day", "unknown", "delivery-approved", "(accreditation)"]


def test_the_worked_example(tmp_path):
    root = copied(tmp_path)
    card_now = card(root, "worked-example", "--as-of", AS_OF)

    assert card(root, "farm-water-sampling", "--as-of", AS_OF) == card_now
    assert "fictional example data" in card_now
    assert re.search(r"Version in force +2$", card_now, re.MULTILINE)
    earlier = card(root, "worked-example", "--as-of", "2026-04-01")
    assert re.search(r"Version in force +1\.1$", earlier, re.MULTILINE)
    assert re.search(r"Submitted on +2023-12-04$", earlier, re.MULTILINE)


# --- what was in force on a day --------------------------------------------------------------------------------------

BEFORE_DELIVERY = """\
Under which rules
  4 December 2023, submitted
    What the authority publishes that a micro-credential must be (req-2023, from some day in January 2023)
  12 February 2024, content approved
    What the authority publishes that a micro-credential must be (req-2023, from some day in January 2023)
    What the authority's pages advise (guidance-2023, from some day in January 2023)
    Micro-credential Approval and Accreditation Rules (aar-2022, from some day in January 2023 to 18 January 2026)
    Qualification and Micro-credential Listing and Operational Rules (lor-2022, from some day in January 2023)
"""


def test_a_card_answers_who_could_deliver_it_under_which_rules_in_which_version():
    then, now = (card(ROOT, "worked-example", "--as-of", day) for day in ("2024-05-01", AS_OF))
    rules = then.partition("\n\nUnder which rules\n")[2].partition("\n\n")[0]

    assert re.search("^  Who may deliver +nobody$", then, re.MULTILINE)
    assert re.search("^  Version in force +1$", then, re.MULTILINE)
    assert f"\n\n{BEFORE_DELIVERY}  12 February 2024, listed\n" in then
    assert [line for line in rules.splitlines() if line[2] != " "] == [
        "  4 December 2023, submitted",
        "  12 February 2024, content approved",
        "  12 February 2024, listed",
    ]
    assert re.search(r"^  Who may deliver +Example Provider \(example-provider\)$", now, re.MULTILINE)
    assert re.search("^  Version in force +2$", now, re.MULTILINE)
    assert "\n  18 May 2026, content approved\n" in now
    assert "    Micro-credential Approval and Accreditation Rules (aar-2026, from 19 January 2026)\n" in now


def test_json_has_the_rules_act_by_act():
    told = mcred("show", "worked-example", "--as-of", "2024-05-01", "--format", "json", cwd=ROOT).json

    assert [(each["act"], each["day"], each["by"]) for each in told["rules"]] == [
        ("submitted", ["2023-12-04", "2023-12-04"], "date"),
        ("content-approved", ["2024-02-12", "2024-02-12"], "date"),
        ("listed", ["2024-02-12", "2024-02-12"], "date"),
    ]
    assert told["rules"][0]["editions"] == [
        {
            "id": "req-2023",
            "instrument": "published-requirements",
            "title": "What the authority publishes that a micro-credential must be",
        }
    ]


def test_what_is_not_decided_is_under_the_rules_of_the_day_and_a_copy_is_judged_by_none():
    def rules(id, day):
        return mcred("show", id, "--as-of", day, "--format", "json", cwd=ROOT).json["rules"]

    (told,) = rules("planting-beside-streams", "2026-01-18")
    assert (told["act"], told["day"], told["by"]) == (None, ["2026-01-18", "2026-01-18"], "as-of")
    assert [each["id"] for each in told["editions"] if each["id"].startswith("aar")] == ["aar-2022"]
    (told,) = rules("planting-beside-streams", "2026-01-19")
    assert [each["id"] for each in told["editions"] if each["id"].startswith("aar")] == ["aar-2026"]
    assert rules("chainsaw-use", AS_OF) == []
    assert rules("example-provider", AS_OF) == []
