"""Fingerprints, for any record: they outlive every edit that leaves the fault alone, and no edit of the fault.

A record with faults of many kinds is written in two ways, which differ in the order of keys, of items with ids and of
plain lists, in style, quotes, comments and line ends, and in what stands beside the faults.
"""

from datetime import date

from hypothesis import strategies as st

from mcred.baseline import Baseline, debt
from tests.support import AS_OF, checked, holds

WORDS = st.sampled_from(["ten", "six", "some more", "ōne", "wai 水"])


@st.composite
def faulty(draw):
    """The data of a record with faults, at most a few of each kind."""
    names = draw(st.lists(st.sampled_from(["plan", "act", "look", "tell"]), unique=True, max_size=3))
    record = {"id": "a-draft", "title": "A Draft", "framework": "none", "credits": draw(WORDS)}
    record |= dict.fromkeys(draw(st.lists(st.sampled_from(["levle", "colour"]), unique=True)), draw(WORDS))
    record["outcomes"] = [{"id": name, "credits": draw(WORDS)} for name in names]
    record["sources"] = [{"id": name, "titel": draw(WORDS), "seen": "2026-02-30"} for name in names[:2]]
    record["subjects"] = draw(st.lists(st.fixed_dictionaries({"scheme": st.just("nzsced"), "cod": WORDS}), max_size=3))
    record["requires"] = draw(st.lists(st.sampled_from(["nobody", "nothing", "no-one"]), unique=True, max_size=3))
    record["codes"] = [{"scheme": word} for word in draw(st.lists(WORDS, max_size=2))]
    return {key: value for key, value in record.items() if value != []}


@st.composite
def written(draw, record):
    """The record as an author might write it, with things that are right beside its faults."""
    record = {**record, **draw(st.sampled_from([{}, {"remarks": "new"}, {"x-ours": [1, 2]}]))}
    more = {"outcomes": {"id": "new"}, "sources": {"id": "new"}, "subjects": {"scheme": "x", "code": "0399"}}
    for key in (
        draw(st.sets(st.sampled_from(sorted(record.keys() & more.keys())))) if record.keys() & more.keys() else ()
    ):
        record[key] = [more[key], *record[key]]
    lists = {key: draw(st.permutations(value)) for key, value in record.items() if isinstance(value, list)}
    keys = draw(st.permutations(list(record)))
    lines = [line for key in keys for line in draw(entry(key, lists.get(key, record[key])))]
    text = "".join(f"{line}\n" for line in lines)
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@st.composite
def entry(draw, key, value):
    """The lines of a key and its value."""
    before = draw(st.sampled_from([[], [], ["# a remark"], [""]]))
    if not isinstance(value, list):
        return [*before, f"{key}: {draw(scalar(value))}"]
    if draw(st.booleans()):
        return [*before, f"{key}: [{', '.join([draw(flow(item)) for item in value])}]"]
    lines = [*before, f"{key}:"]
    for item in value:
        if not isinstance(item, dict) or draw(st.booleans()):
            lines.append(f"  - {draw(flow(item))}")
            continue
        pairs = [f"{name}: {draw(scalar(item[name]))}" for name in draw(st.permutations(list(item)))]
        lines += [f"{'    ' if number else '  - '}{pair}" for number, pair in enumerate(pairs)]
    return lines


@st.composite
def flow(draw, item):
    """An item in flow style."""
    if not isinstance(item, dict):
        return draw(scalar(item))
    return "{" + ", ".join([f"{name}: {draw(scalar(item[name]))}" for name in draw(st.permutations(list(item)))]) + "}"


def scalar(value):
    """A value in one of the quotes."""
    if not isinstance(value, str) or value == "none":
        return st.just(str(value))
    return st.sampled_from([f"'{value}'", f'"{value}"', *([] if value == "0399" else [value])])


def report(text, name="a-draft", **more):
    return checked({f"micro-credentials/{name}.yaml": text}, as_of=date.fromisoformat(AS_OF), **more)


def prints(text):
    found = report(text).diagnostics
    all_ = [each.fingerprint for each in found]
    assert len(all_) == len(set(all_))
    return set(all_)


@st.composite
def two_ways(draw):
    record = draw(faulty())
    return draw(written(record)), draw(written(record))


@holds(two_ways(), quick=60, thorough=1500)
def test_writing_a_record_in_another_way_keeps_its_fingerprints(texts):
    first, second = map(prints, texts)

    assert first == second
    assert first


@holds(faulty(), st.data(), quick=30, thorough=500)
def test_another_value_is_another_fault(record, data):
    before = prints(data.draw(written(record)))
    key = data.draw(st.sampled_from(sorted(record.keys() & {"credits", "levle", "colour"})))
    after = prints(data.draw(written({**record, key: "eleven"})))

    assert len(before - after) == len(after - before) == 1


@holds(two_ways(), quick=30, thorough=500)
def test_a_renamed_record_owes_what_it_owed(texts):
    old, new = texts
    known = Baseline("b", tuple(debt(each) for each in report(old).diagnostics))
    renamed = new.replace("a-draft", "another") + "aliases: [a-draft]\n"
    found = report(renamed, "another", baseline=known)

    assert found.diagnostics == ()
    assert {each.record for each in found.baseline} == {"another"}
    assert len(found.baseline) == len(known.debts)


@holds(two_ways(), quick=30, thorough=500)
def test_a_known_fault_more_is_one_fault_told(texts):
    old, new = texts
    *kept, last = [debt(each) for each in report(old).diagnostics]
    found = report(new, baseline=Baseline("b", tuple(kept)))

    assert [each.fingerprint for each in found.diagnostics] == [last.fingerprint]
