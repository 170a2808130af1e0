"""`mcred reconcile`: a saved list of the published register beside the catalogue."""

import json

import pytest

from mcred.decide import Refused
from mcred.reconcile import Held, Line, columns, day_of, differences, saved
from mcred.record import Derived, Record
from tests.support import made, mcred

AUTHORITY = "id: an-authority\ntitle: An Authority\ntypes: [{type: qualifications-authority}]\n"
PROVIDER = (
    "id: toi-awa\ntitle: Toi Awa\nother_titles: [Awa Training]\ntypes: [{type: private-training-establishment}]\n"
)
WATER = """\
id: farm-water
title: {en: Farm Water, mi: Wai Pāmu}
framework: nzqcf
developer: toi-awa
decisions:
  - {id: a, act: content-approved, date: 2026-02-12, by: an-authority, version: "1", review_years: 2}
  - {id: l, act: listed, date: 2026-02-12, by: an-authority, version: "1", number: "0451", review_years: 2}
  - {id: d, act: delivery-approved, date: 2026-02-12, by: an-authority, provider: toi-awa, from: 2026-02-12}
"""
BEES = (
    WATER.replace("farm-water", "farm-bees").replace("{en: Farm Water, mi: Wai Pāmu}", "Bees").replace("0451", "9002")
)
DRAFT = "id: a-draft\ntitle: A Draft\nframework: none\n"
FILES = {
    "micro-credentials/farm-water.yaml": WATER,
    "micro-credentials/farm-bees.yaml": BEES,
    "micro-credentials/a-draft.yaml": DRAFT,
    "organisations/an-authority.yaml": AUTHORITY,
    "organisations/toi-awa.yaml": PROVIDER,
}
GOOD = """\
Register Number,Title,STATUS,Version,Provider,Next review date,Region
0451,Farm Water,Current,1,Toi Awa,12/02/2028,North
9002,bees,current,1,toi-awa,2028-02,South
"""


COMPARED = "compared by number: title, status, version, providers, next review; passed over: Region"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return made(tmp_path_factory.mktemp("reconcile"), FILES)


def told(catalogue, text, *options, name="list.csv"):
    """What the program says of a list."""
    (catalogue / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return mcred("reconcile", name, "--as-of", "2026-11-22", *options, cwd=catalogue)


def brief(catalogue, text, **more):
    return [
        (each["about"], each["number"], each["here"], each["there"], each["place"])
        for each in told(catalogue, text, "--format", "json", **more).json["differences"]
    ]


def test_a_list_that_agrees(catalogue):
    ran = told(catalogue, GOOD)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"0 differences, 2 entries in the list (as of 2026-11-22)\n{COMPARED}\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t").replace("\n", "\r\n"),
        GOOD.replace("0451", '"=""0451"""'),
        GOOD.replace("0451", "'0451"),
        GOOD.replace("0451", "451"),
        GOOD.replace("Farm Water", "Wai Pāmu").replace("Toi Awa", "Awa Training"),
        json.dumps(
            {
                "items": [
                    {"number": "0451", "name": "Farm Water", "provider": [{"name": "Toi Awa"}], "status": "current"},
                    {"number": 9002, "name": "Bees", "provider": ["toi-awa"], "status": "current"},
                ]
            }
        ),
    ],
)
def test_how_a_list_is_written_is_no_difference(catalogue, text):
    assert brief(catalogue, text) == []


@pytest.mark.parametrize(
    ("old", "new", "about", "here", "there", "line"),
    [
        ("0451,Farm Water", "0451,Farm Waters", "title", "Farm Water", "Farm Waters", 2),
        ("0451,Farm Water,Current", "0451,Farm Water,Expiring", "status", "current", "Expiring", 7),
        ("Current,1", "Current,2", "version", "1", "2", 6),
        ("Toi Awa,", "Toi Awa; Toi Roto,", "providers", "toi-awa", "Toi Awa; Toi Roto", 8),
        ("Toi Awa,", ",", "providers", "toi-awa", None, 8),
        ("12/02/2028", "12/03/2028", "next_review", "2028-02-12", "12/03/2028", 6),
    ],
)
def test_a_difference_stands_where_the_catalogue_says_so(catalogue, old, new, about, here, there, line):
    assert GOOD.count(old) == 1
    found = brief(catalogue, GOOD.replace(old, new))

    assert found == [(about, "0451", here, there, f"catalogue/micro-credentials/farm-water.yaml:{line}")]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Toi Awa,", "Toi Roto,", "providers are 'toi-awa' here, and 'Toi Roto' in the list"),
        ("12/02/2028", "soon", "next review is '2028-02-12' here, and 'soon' in the list, which is no date such as"),
        (
            "Current,1",
            "Open,1",
            "status is 'current' here, and 'Open' in the list, which is none of the statuses current,",
        ),
        ("Current,1", "Discontinued,1", "status is 'current' here, and 'Discontinued' in the list\n"),
    ],
)
def test_what_the_list_has_that_can_be_none(catalogue, old, new, why):
    assert why in told(catalogue, GOOD.replace(old, new)).out


def test_what_only_one_of_them_has(catalogue):
    text = GOOD.replace("9002,bees", "9003,Wasps") + "9003,Wasps,,,,,\n,Nameless,,,,,\n"

    assert brief(catalogue, text) == [
        ("only-there", "9003", None, "Wasps", "list.csv:3"),
        ("twice", "9003", None, "Wasps", "list.csv:4"),
        ("unnumbered", "", None, "Nameless", "list.csv:5"),
        ("only-here", "9002", "Bees", None, "catalogue/micro-credentials/farm-bees.yaml:7"),
    ]


def test_the_formats(catalogue):
    text = GOOD.replace("0451,Farm Water", "0451,Farm | Waters")
    place = "catalogue/micro-credentials/farm-water.yaml:2"

    assert told(catalogue, text).out == (
        f"{place}: title is 'Farm Water' here, and 'Farm | Waters' in the list\n\n"
        f"1 difference, 2 entries in the list (as of 2026-11-22)\n{COMPARED}\n"
    )
    head = "about\tnumber\trecord\tin the catalogue\tin the list\tplace\n"
    row = f"title\t0451\tfarm-water\tFarm Water\tFarm | Waters\t{place}\n"
    assert told(catalogue, text, "-f", "table").out == told(catalogue, text, "-f", "tsv").out == head + row
    assert told(catalogue, text, "-f", "csv").out == (head + row).replace("\t", ",")
    assert told(catalogue, text, "-f", "md").out.splitlines()[2] == (
        f"| title | 0451 | farm-water | Farm Water | Farm \\| Waters | {place} |"
    )
    assert told(catalogue, text).code == 1


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("Title\nBees\n", 2, "no column of register numbers; it is called one of number, register number"),
        ("number,number\n1,2\n", 2, "line 1: two columns are named 'number'"),
        ("[1]", 2, "a list in JSON is a list of objects"),
        ("[{", 2, "it is not JSON"),
        ("", 2, "no column of register numbers"),
        (b"number\n\xff\n", 3, "is not UTF-8 text: save it as CSV UTF-8"),
    ],
)
def test_what_is_no_list(catalogue, text, code, why):
    ran = told(catalogue, text)

    assert (ran.code, ran.out) == (code, "")
    assert why in ran.err


def test_a_file_that_is_not_there_and_a_format_that_is_not(catalogue):
    assert mcred("reconcile", "nowhere.csv", cwd=catalogue).err.startswith("mcred: cannot read nowhere.csv: ")
    assert "did you mean 'json'?" in told(catalogue, GOOD, "-f", "jsn").err


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-06", "2027-06-01", "2027-06-30"),
        ("30/6/2027", "2027-06-30", "2027-06-30"),
        ("30.06.2027", "2027-06-30", "2027-06-30"),
        ("1st June 2027", "2027-06-01", "2027-06-01"),
        ("Jun 2027", "2027-06-01", "2027-06-30"),
        ("2027-06-30T00:00:00", "2027-06-30", "2027-06-30"),
        ("31/02/2027", "0001-01-01", "9999-12-31"),
        ("soon", "0001-01-01", "9999-12-31"),
    ],
)
def test_dates_as_lists_write_them(text, first, last):
    assert tuple(map(str, day_of(text))) == (first, last)


def test_headings():
    assert columns([" Register_Number ", "Região", "", "STATUS"]) == ["number", "?1 Região", "", "status"]
    # What says so best is meant; what is left is passed over, and two of one name are told apart by nobody.
    assert columns(["id", "Name", "Number", "Title", "No"]) == ["?0 id", "?1 Name", "number", "title", "?4 No"]
    assert saved("id,Number,Notes,Notes,Staus\n7,0451,,,x\n")[:2] == (["number"], ["id", "Notes", "Notes", "Staus"])
    with pytest.raises(Refused, match=r"^line 1: two columns are named 'status'$"):
        saved("number,Status,status\n1,,\n")
    with pytest.raises(Refused):
        saved("region\nx\n")


def test_a_list_in_json_as_it_comes():
    entries = [{"id": 7, "number": 451, "providers": [{"id": 1}, {"name": "Toi Awa"}, None], "title": {"no": "name"}}]
    for text in (json.dumps(entries), json.dumps({"columns": ["a"], "total": 1, "results": entries})):
        assert saved(text) == (
            ["number", "title", "providers"],
            ["id"],
            [Line(1, {"?0 id": "7", "number": "451", "providers": "1; Toi Awa"})],
        )
    deep = "[" * 400 + "]" * 400
    assert saved(f'[{{"number": "1", "title": {deep}}}]').entries == [Line(1, {"number": "1"})]


def test_a_number_that_two_records_have_and_a_filter(catalogue):
    assert told(catalogue, GOOD, "framework=nzqcf").code == 0
    found = told(catalogue, GOOD, "title~bees", "-f", "json").json["differences"]
    assert [each["about"] for each in found] == ["only-there"]
    ran = told(catalogue, GOOD, "titel=x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("did you mean 'title'?\n")

    held = [Held(Record("micro-credential", f"{id}.yaml", {"id": id}), {"number": Derived("7")}) for id in ("a", "b")]
    assert [(each.record.id, each.message) for each in differences(saved("number\n7\n"), held, lambda _: ())] == [
        ("b", "number 7 is also that of 'a', and only that one is compared")
    ]


def test_what_is_not_known_or_not_sure_is_said_to_be_so():
    data = {"id": "a", "custody": "observed", "register_entry": {"status": "Open"}}
    derived = {"number": Derived("7"), "version": Derived("2", uncertain=True)}
    held = [Held(Record("micro-credential", "a.yaml", data), derived)]

    def messages(text):
        return [each.message for each in differences(saved(text), held, lambda _: ())]

    assert messages("number,status,version,next review\n7,closed,1,2027\n") == [
        "status is 'Open' here, and 'closed' in the list",
        "version is '2' (not certain) here, and '1' in the list",
        "next review is not known here, and '2027' in the list",
    ]
    assert messages("number,status\n7,open\n") == []
