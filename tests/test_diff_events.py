"""What a change comes to, event by event: edits of real records, and edits made by chance."""

from copy import deepcopy

from hypothesis import strategies as st

from mcred.diff import events, reworded
from mcred.document import read
from mcred.record import Record
from tests.support import ROOT, holds, real_records

EDITS = ROOT / "tests" / "diff" / "edits.yaml"

RECORDS = {path.rpartition("/")[2].removesuffix(".yaml"): data for path, data in real_records().items()}


def data_of(text):
    found = read(text).data
    assert found is not None
    return found


def edited(data, steps):
    """A record's data after some steps, or None where its file was taken away."""
    data = deepcopy(data)
    for step in steps:
        data = STEPS[next(key for key in step if key in STEPS)](data, step)
    return data


def place(data, text):
    """The list or map that holds what a pointer names, and where in it that is."""
    pointer = Record("micro-credential", "x.yaml", data).resolve(text)
    for part in pointer[:-1]:
        data = data[part]
    return data, pointer[-1]


def set_(data, step):
    holder, at = place(data, step["set"])
    holder[at] = step["to"]
    return data


def take(data, step):
    holder, at = place(data, step["take"])
    del holder[at]
    return data


def append(data, step):
    holder, at = place(data, step["append"])
    holder[at].append(step["value"])
    return data


def insert(data, step):
    holder, at = place(data, step["insert"])
    holder[at].insert(step["at"], step["value"])
    return data


def move(data, step):
    holder, at = place(data, step["move"])
    holder.insert(step["to"], holder.pop(at))
    return data


STEPS = {"set": set_, "take": take, "append": append, "insert": insert, "move": move}


def told(case):
    """The events of a case, a line each."""
    text = RECORDS[case["record"]]
    before = edited(data_of(text), case.get("before", ()))
    first = case["edit"][0]
    if "file" in first:
        sides = (None, before) if first["file"] == "added" else (before, None)
    elif "text" in first:
        old, new = first["text"]
        assert text.decode().count(old) == 1, case["what"]
        sides = before, data_of(text.decode().replace(old, new).encode())
    else:
        sides = before, edited(before, case["edit"])
    return [f"{each.kind} {each.pointer}: {each.message}" for each in events(*sides)]


def test_each_edit_of_a_real_record_gives_exactly_its_events(golden):
    cases = data_of(EDITS.read_bytes())["edits"]
    assert len(cases) >= 40
    lines = []
    for case in cases:
        lines += [f"# {case['what']}", *(told(case) or ["nothing"]), ""]
    golden(EDITS.with_suffix(".out"), "\n".join(lines))


# --- edits by chance --------------------------------------------------------------------------------------------------

WORKED = data_of(RECORDS["worked-example"])
OUTCOMES = ["plan-and-collect", "check-and-report", "third", "fourth"]
WORKED["outcomes"] += [{"id": name, "text": f"Do the {name} thing well.", "credits": 1} for name in OUTCOMES[2:]]

numbers = st.integers(101, 400)  # none of which stands in the record
sentences = st.lists(
    st.sampled_from("water farm sample stream keep label report tell".split()), min_size=4, max_size=9
).map(lambda words: " ".join(["Quite new:", *words]))


def changed(data, at, value):
    holder, last = place(data, at)
    holder[last] = value


def fated(draw, data, expected):
    """The outcomes that are left of a record where chance has each kept, reworded, removed, split or of other credits."""
    fates = {name: draw(st.sampled_from("kept reworded removed split credited".split())) for name in OUTCOMES}
    outcomes = []
    for item in data["outcomes"]:
        name, fate = item["id"], fates[item["id"]]
        if fate == "reworded":
            item["text"] = draw(sentences)
            expected.add(("outcome-reworded", name, "text"))
        if fate == "credited":
            item["credits"] = draw(numbers)
            expected.add(("outcome-changed", name, "credits"))
        if fate == "removed":
            expected.add(("outcome-removed", name, ""))
        elif fate == "split":
            outcomes += [{"id": f"{name}-{part}", "was": [name], "text": draw(sentences)} for part in "ab"]
            expected.add(("outcome-split", name, ""))
        else:
            outcomes.append(item)
    return outcomes


@st.composite
def changes(draw):
    """The worked example after some changes made by chance, and the kind, item and place of each event they come to."""
    data, expected = deepcopy(WORKED), set()
    for name in draw(st.sets(st.sampled_from(["credits", "level"]))):
        changed(data, f"/{name}", draw(numbers))
        expected.add((f"{name}-changed", "", ""))
    for part in draw(st.sets(st.sampled_from(["directed", "workplace"]))):
        changed(data, f"/hours/{part}", draw(numbers))
        expected.add(("hours-changed", "", part))
    if draw(st.booleans()):
        changed(data, "/purpose/statement", draw(sentences))
        expected.add(("purpose-reworded", "", "statement"))
    if draw(st.booleans()):
        data["decisions"].append({"act": "submitted", "date": "2026-11-01", "by": "example-provider"})
        expected.add(("decision-added", "submitted 2026-11-01", ""))
    outcomes = fated(draw, data, expected)
    for name in draw(st.sets(st.sampled_from(["new-one", "new-two"]))):
        outcomes.append({"id": name, "text": draw(sentences)})
        expected.add(("outcome-added", name, ""))
    data["outcomes"] = draw(st.permutations(outcomes))
    return data, expected


@holds(changes(), quick=150, thorough=3000)
def test_changes_made_by_chance_are_named_and_nothing_else(made):
    data, expected = made
    found = events(WORKED, data)
    stays = [each["id"] for each in data["outcomes"] if each["id"] in OUTCOMES]
    moved = {each.item for each in found if each.kind == "outcome-moved"}

    told = [(each.kind, each.item, each.field) for each in found if each.kind != "outcome-moved"]
    assert sorted(told) == sorted(expected)
    # What is not told to have moved stands in the order that it had, and nothing needed to move for that in vain.
    rest = [name for name in stays if name not in moved]
    assert rest == [name for name in OUTCOMES if name in rest]
    assert moved <= set(stays)
    assert bool(moved) == (stays != [name for name in OUTCOMES if name in stays])


@holds(st.randoms(use_true_random=False), st.sampled_from(sorted(RECORDS)), quick=60, thorough=600)
def test_another_order_of_keys_and_another_layout_are_nothing(chance, name):
    def shuffled(value):
        if isinstance(value, dict):
            return {key: shuffled(value[key]) for key in chance.sample(sorted(value), len(value))}
        if isinstance(value, list):
            return [shuffled(each) for each in value]
        return value.replace(" ", chance.choice([" ", "  ", "\n"])) if isinstance(value, str) else value

    data = data_of(RECORDS[name])
    assert events(data, shuffled(data)) == []


texts = st.lists(st.sampled_from(["a", "wai", "ā", " ", " ", ",", ".", "-", "'"]), max_size=20).map("".join)


@holds(texts, texts, quick=200, thorough=5000)
def test_the_words_of_a_reworded_text_are_those_before_and_those_after(before, after):
    pieces = reworded(before, after)
    assert "".join(piece.text for piece in pieces if piece.what != "new") == " ".join(before.split())
    assert "".join(piece.text for piece in pieces if piece.what != "gone") == " ".join(after.split())
    assert all(piece.text for piece in pieces)


def test_words_are_told_in_pieces_that_a_person_reads():
    assert [tuple(each) for each in reworded("Plan, and take samples by a written method.", "Plan, and hand over samples by a published method.")] == [
        ("kept", "Plan, and "), ("gone", "take"), ("new", "hand over"), ("kept", " samples by a "), ("gone", "written"),
        ("new", "published"), ("kept", " method."),
    ]  # fmt: skip
    assert [each.what for each in reworded("one two", "three four")] == ["gone", "new"]
