"""Changes of records: what was decided, approved or given a name is not made undone by editing a file."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, NamedTuple

from mcred.diagnostic import Anchor, Finding, Pointer, Related
from mcred.record import Record, View, facts, in_effect
from mcred.record.change import Change, aliases
from mcred.record.facts import Facts, folded_title
from mcred.record.reviews import Clock, Due, clock_of, due_of, reviewed
from mcred.rules.reviews import NAMED, TOGETHER
from mcred.rules.rule import change_rule, commit_rule
from mcred.text import plural

Path = tuple[str | int, ...]
Data = Mapping[str, Any]

# --- ids -------------------------------------------------------------------------------------------------------------


@change_rule("id-reused")
def id_reused(change: Change) -> Iterator[Finding]:
    """An id names one thing for ever, so that whoever wrote it down still finds that thing."""
    if change.after is None:
        return
    now, was = change.after.record, change.earlier
    if change.before is not None and reused(change):
        was = change.before.record
    if was is not None and not _one_thing(was, now):
        yield Finding(
            Pointer(("id",)),
            "the id '{id}' was that of {title}, and an id is never used again",
            hint="choose another id for what is new; if it is the same thing, keep its decisions and outcomes",
            id=now.id,
            title=_named(was),
        )


def reused(change: Change) -> bool:
    """Whether something else took the place of a record, so that the two have nothing to be compared in."""
    if change.before is None or change.after is None:
        return False
    was, now = change.before.record, change.after.record
    # A draft that nobody else has seen may become another thing under its author's hands.
    return was.id == now.id and (_sent(was) or was.kind != now.kind) and not _one_thing(was, now)


def _named(record: Record) -> str:
    title = record.data.get("title")
    text = next(iter(title.values()), None) if isinstance(title, dict) else title
    return f"the {record.kind} '{text}'" if isinstance(text, str) else f"another {record.kind}"


def _sent(record: Record) -> bool:
    """Whether others know of it: something was decided about it, or it is a copy of what others publish."""
    return bool(record.decisions) or record.observed


def _one_thing(one: Record, other: Record) -> bool:
    """Whether two records may be one thing: of one kind, with half of the title or something given in common."""
    if one.kind != other.kind:
        return False
    words, others = (set(folded_title(each.data.get("title")).split()) for each in (one, other))
    if len(words & others) * 2 >= max(len(words), len(others)):
        return True
    return not _given(one).isdisjoint(_given(other))


def _given(record: Record) -> set[str]:
    """What a record has of its own besides a title: numbers, decisions, outcomes."""
    found = {number for _, _, number in facts(record).numbers}
    found |= {_entered(each) for each in record.decisions if each is not None}
    return found | {_folded(item.get("text")) for _, item in record.items("outcomes")} - {""}


@change_rule("record-deleted")
def record_deleted(change: Change) -> Iterator[Finding]:
    """Only a draft that was never submitted may be deleted: of all else somebody may ask later what was promised."""
    if change.before is None:
        return
    was = change.before.record
    if change.after is None:
        if was.decisions:
            yield Finding(
                Pointer(),
                "'{id}' is deleted, with {number} about it",
                path=was.path,
                label="deleted",
                hint="bring the file back; what has ended keeps its record, and a `removed` decision hides an entry "
                "that was a mistake",
                id=was.id,
                number=plural(len(was.decisions), "decision"),
            )
        return
    now = change.after.record
    # Where the file has its old name still, that the two differ is what is told.
    renamed = now.id != was.id and now.path != was.path and was.id not in aliases(now)
    if renamed and (was.kind not in WITH_DECISIONS or _sent(was)):
        yield Finding(
            Pointer(("id",)),
            "'{id}' was '{earlier}', and nothing leads from there to here any more",
            hint=f"keep the earlier id: `aliases: [{was.id}]`",
            id=now.id,
            earlier=was.id,
        )


WITH_DECISIONS = ("micro-credential", "training-scheme", "equivalency")
"""The kinds of records that are drafts until something is decided about them."""


# --- the ledger ------------------------------------------------------------------------------------------------------


@change_rule("decision-rewritten")
def decision_rewritten(change: Change) -> Iterator[Finding]:
    """The list of decisions is only added to, so that it still says what was known and done on each day.

    That a decision is given an id later changes nothing of it.
    """
    both = _own(change)
    if both is None:
        return
    was, now = both[0].record, both[1].record
    kept = _kept(was, now)
    left = {place for place in range(len(now.decisions)) if place not in kept.values()}
    for place, decision in enumerate(was.decisions):
        if decision is None or place in kept:
            continue
        other = _rewritten(decision, place, now, left)
        if other is None:
            gone = Pointer(("decisions",)) if "decisions" in now.data else Pointer()
            yield Finding(
                gone,
                "the decision '{act}'{date} is gone",
                anchor=Anchor.MISSING if not gone else Anchor.KEY,
                hint="bring it back; what should not count is said by `mcred decide ID corrected decision=… void=true`",
                act=decision.get("id", decision.get("act")),
                date=f" of {decision['date']}" if "date" in decision else "",
            )
            continue
        left.discard(other)
        yield _altered(decision, now.decisions[other] or {}, other)
    yield from _out_of_order(kept, left)


def _own(change: Change) -> tuple[View, View] | None:
    """A record before and after; None of copies of what others publish, which follow their page, and of two things."""
    before, after = change.before, change.after
    if before is None or after is None or reused(change) or (before.record.observed and after.record.observed):
        return None
    return before, after


def _entered(decision: Data) -> str:
    """A decision as it was entered: an id may be given to it later."""
    return json.dumps({k: v for k, v in decision.items() if k != "id"}, sort_keys=True, default=str)


def _kept(was: Record, now: Record) -> dict[int, int]:
    """The place of each decision that is there as it was, and the one that it had.

    One that is at fault now counts as kept, since that is what is told of it.
    """
    places: dict[str, list[int]] = {}
    for place, decision in enumerate(now.decisions):
        if decision is not None:
            places.setdefault(_entered(decision), []).append(place)
    faulty = {pointer[1] for pointer in now.touched if len(pointer) > 1 and pointer[0] == "decisions"}
    kept: dict[int, int] = {}
    for place, decision in enumerate(was.decisions):
        if decision is None:
            continue
        same = places.get(_entered(decision), [])
        found = next((each for each in same if _one_id(decision, now.decisions[each] or {})), None)
        if found is not None:
            same.remove(found)
            kept[place] = found
        elif place in faulty:
            kept[place] = place
    return kept


def _one_id(was: Data, now: Data) -> bool:
    return "id" not in was or was["id"] == now.get("id")


def _rewritten(was: Data, place: int, now: Record, left: set[int]) -> int | None:
    """The place of what was made of a decision; None where nothing was."""

    def likely(other: int) -> bool:
        found = now.decisions[other] or {}
        if "id" in was and was["id"] == found.get("id"):
            return True
        return (found.get("act"), found.get("date")) == (was.get("act"), was.get("date"))

    return place if place in left else next(filter(likely, sorted(left)), None)


def _altered(was: Data, now: Data, place: int) -> Finding:
    """The first thing that a decision says otherwise than when it was recorded."""
    key = next(key for key in (*was, *now) if was.get(key) != now.get(key))
    at = Pointer(("decisions", place))
    return Finding(
        at / key if key in now else at,
        "'{key}' of the decision '{act}' is {now}; it was recorded as {was}",
        anchor=Anchor.VALUE if key in now else Anchor.MISSING,
        hint="write it as it was; a mistake is put right by `mcred decide ID corrected decision=… set.KEY=VALUE why=…`",
        key=key,
        act=was.get("id", was.get("act")),
        now=_said(now.get(key)),
        was=_said(was.get(key)),
        field=key,
    )


def _said(value: object) -> str:
    """A value as a message tells it."""
    if value is None:
        return "absent"
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _out_of_order(kept: Mapping[int, int], left: set[int]) -> Iterator[Finding]:
    """Where a new decision stands before one that was recorded earlier, or two have changed places."""
    last = max(kept.values(), default=-1)
    places = [kept[place] for place in sorted(kept)]
    moved = [later for earlier, later in pairwise(places) if later < earlier]
    for place in sorted([*moved, *(each for each in left if each < last)])[:1]:
        yield Finding(
            Pointer(("decisions", place)),
            "this decision stands before one that was recorded earlier",
            anchor=Anchor.MISSING,
            hint="the order in the file is the order of recording: put what is new at the end",
        )


# --- versions --------------------------------------------------------------------------------------------------------

CONTENT = (
    "title",
    "framework",
    "level",
    "credits",
    "hours",
    "duration",
    "subjects",
    "purpose",
    "pathways",
    "includes",
    "outcomes",
    "assessments",
    "standards",
    "entry",
    "recognition_of_prior_learning",
    "requires",
    "award_validity",
)
"""What an authority approves, and learners are promised."""


@change_rule("listed-version-changed")
def listed_version_changed(change: Change) -> Iterator[Finding]:
    """What was approved stays as it was approved until a new version is: two learners of one version had the same."""
    both = _own(change)
    if both is None:
        return
    was, now = both[0].record, both[1].record
    approved = [each for each in in_effect(was) if each.decision.get("act") in ("content-approved", "listed")]
    if not approved or _versions(now) > _versions(was):
        return
    same, faulty = _Same(change.language), {pointer[0] for pointer in (*was.touched, *now.touched) if pointer}
    differ = [key for key in CONTENT if key not in faulty and not same(_content(was, key), _content(now, key))]
    if differ:
        approval = next((each for each in reversed(approved) if "version" in each.decision), approved[-1])
        version = str(approval.decision.get("version", ""))
        at = Pointer((differ[0],))
        yield Finding(
            at if differ[0] in now.data else Pointer(),
            "{fields} changed since {version} was approved, and no new version is recorded",
            anchor=Anchor.KEY if differ[0] in now.data else Anchor.MISSING,
            hint="record the `content-approved` of the new version, or `changed` with `kind: minor` and a version; "
            "until it is decided, keep the change on a branch",
            related=(Related("approved here", Pointer(("decisions", kept))),)
            if (kept := _kept(was, now).get(approval.place)) is not None
            else (),
            fields=", ".join(f"'{key}'" for key in differ),
            version=f"version '{version}'" if version else "it",
            field=differ[0],
        )


def _versions(record: Record) -> int:
    """How often a version was approved, or made by a change."""
    return sum(each.decision.get("act") in ("content-approved", "changed") for each in in_effect(record))


def _content(record: Record, key: str) -> Any:
    """What a key holds; of outcomes without their ids, which have a rule of their own."""
    if key != "outcomes":
        return record.data.get(key)
    return [{name: value for name, value in item.items() if name != "id"} for _, item in record.items(key)]


class _Same(NamedTuple):
    """Whether two values say the same: but for the layout of text, the order of items, and languages that are new."""

    language: str

    def __call__(self, was: Any, now: Any) -> bool:
        if isinstance(was, str) and isinstance(now, dict):
            was = {self.language: was}
        if isinstance(was, dict) and isinstance(now, dict):
            keys = was.keys() if _in_languages(now, self.language) else {**was, **now}.keys() - _NAMES
            return all(self(was.get(key), now.get(key)) for key in keys)
        if isinstance(was, list) and isinstance(now, list):
            return len(was) == len(now) and self._items(was, list(now))
        if isinstance(was, str) and isinstance(now, str):
            return was.split() == now.split()
        return bool(was == now)

    def _items(self, was: list[Any], now: list[Any]) -> bool:
        same = Counter(map(_canonical, was)) & Counter(map(_canonical, now))
        was, now = _without(same, was), _without(same, now)
        # What is left differs in more than layout and order: by a language that is new, or in what it says.
        if len(was) > MOST_COMPARED:
            return False
        for item in was:
            place = next((place for place, other in enumerate(now) if self(item, other)), None)
            if place is None:
                return False
            del now[place]
        return True


_NAMES = frozenset(("was", "remarks", "source"))
"""Keys of items that are about the record, and not about what it describes."""


def _canonical(value: Any) -> str:
    """What is alike in all that differs in layout and order alone."""
    if isinstance(value, str):
        return json.dumps(" ".join(value.split()))
    if isinstance(value, list):
        return f"[{','.join(sorted(map(_canonical, value)))}]"
    if isinstance(value, dict):
        return (
            f"{{{','.join(sorted(f'{key}:{_canonical(item)}' for key, item in value.items() if key not in _NAMES))}}}"
        )
    return json.dumps(value, default=str)


def _without(same: Counter[str], items: list[Any]) -> list[Any]:
    """The items but for as many of each as are counted."""
    left, rest = same.copy(), []
    for item in items:
        key = _canonical(item)
        if left[key]:
            left[key] -= 1
        else:
            rest.append(item)
    return rest


_TAG = re.compile("[a-z]{2,3}(-[A-Za-z0-9]+)*")


def _in_languages(value: Data, language: str) -> bool:
    """Whether a map is a text in several languages, the first of them among them."""
    return language in value and all(_TAG.fullmatch(str(key)) and isinstance(text, str) for key, text in value.items())


@change_rule("outcome-id-changed")
def outcome_id_changed(change: Change) -> Iterator[Finding]:
    """The id of an outcome stays when it is moved or reworded: results and maps of learning point to it."""
    both = _own(change)
    if both is None or not _sent(both[0].record):
        return
    was, now = both[0].record, both[1].record
    for pointer, earlier in _renamed(was, now):
        item = now.get(pointer)
        yield Finding(
            pointer / "id",
            "the outcome '{id}' was '{earlier}', and the id of an outcome stays",
            hint=f"write `id: {earlier}`; one that takes the place of others names them in `was`",
            id=item["id"],
            earlier=earlier,
        )


ALIKE = 0.8
"""From what likeness on a text is the other one reworded."""

MOST_COMPARED = 50
"""Items of a list that are compared each with each; of outcomes, their wordings."""


def _renamed(was: Record, now: Record) -> Iterator[tuple[Pointer, str]]:
    """The outcomes that had another id, each with that id."""
    before = {item["id"]: _folded(item.get("text")) for _, item in was.items("outcomes") if "id" in item}
    after = {item["id"]: (pointer, item) for pointer, item in now.items("outcomes") if "id" in item}
    texts = Counter(before.values())
    by_text = {text: id for id, text in before.items() if text and texts[text] == 1}
    gone = [id for id in before if id not in after][:MOST_COMPARED]
    new = {*[id for id in after if id not in before][:MOST_COMPARED]}
    for id, (pointer, item) in after.items():
        text = _folded(item.get("text"))
        if before.get(id) == text or not text:
            continue
        earlier = by_text.get(text)
        if earlier is None and id in new:
            earlier = next((each for each in gone if _alike(before[each], text)), None)
        if earlier is None or earlier == id or earlier in (item.get("was") or ()):
            continue
        # One that still stands there by its own text was not renamed.
        if earlier in after and before[earlier] == _folded(after[earlier][1].get("text")):
            continue
        yield pointer, earlier


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _folded(text: object) -> str:
    """The words of a text in its first language."""
    first = next(iter(text.values()), "") if isinstance(text, dict) else text
    return " ".join(first.casefold().split()) if isinstance(first, str) else ""


# --- languages -------------------------------------------------------------------------------------------------------


@change_rule("translation-stale")
def translation_stale(change: Change) -> Iterator[Finding]:
    """A translation says what the first language says, or those who read it are told something else."""
    both = _own(change)
    if both is None:
        return
    language = change.language
    before = {name: text for name, (_, text) in _texts(both[0].record.data, language)}
    for name, (pointer, text) in _texts(both[1].record.data, language):
        old = before.get(name)
        if old is None or old[language].split() == text[language].split():
            continue
        for tag in text:
            if tag != language and old.get(tag) == text[tag]:
                yield Finding(
                    pointer / tag,
                    "the text in '{language}' changed, and the one in '{other}' is as it was",
                    hint="look whether it still says the same, and reword it where it does not",
                    related=(Related("changed here", pointer / language),),
                    language=language,
                    other=tag,
                )


def _texts(
    value: Any,
    language: str,
    name: Path = (),
    pointer: Pointer = Pointer(),  # noqa: B008 - it never changes
) -> Iterator[tuple[Path, tuple[Pointer, dict[str, str]]]]:
    """The texts in several languages, by where they are with items named by id; decisions are not rewritten."""
    if isinstance(value, dict):
        if _in_languages(value, language):
            yield name, (pointer, value)
            return
        for key, inner in value.items():
            if name or key != "decisions":
                yield from _texts(inner, language, (*name, key), pointer / key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            own = inner.get("id") if isinstance(inner, dict) else None
            yield from _texts(inner, language, (*name, place if own is None else str(own)), pointer / place)


# --- reviews ---------------------------------------------------------------------------------------------------------


@change_rule("period-lengthened-while-overdue")
def period_lengthened_while_overdue(change: Change) -> Iterator[Finding]:
    """A review that was due is done, or put off by whoever may; a longer period only hides that it was due."""
    both = _own(change)
    if both is None:
        return
    was, now = map(_review, both)
    if was is None or now is None or was.due.day is None or was.due.day >= both[0].day:
        return
    # Where the longer period is no answer to a review that was due already, that it is overdue is what is told.
    later = now.due.day is not None and now.due.day > was.due.day
    years, period = was.clock.years, now.clock.period
    longer = years is not None and now.clock.years is not None and now.clock.years > years
    if later and longer and period is not None and len(now.clock.completed) == len(was.clock.completed):
        yield Finding(
            period.at("review_years"),
            "the review period is {now} instead of {was}, while the review due on {due} was not done",
            hint="record the review (`mcred review record ID`) or that it was put off (`mcred decide ID extended`)",
            now=plural(now.clock.years or 0, "year"),
            was=plural(years or 0, "year"),
            due=was.due.written,
        )


class _Review(NamedTuple):
    clock: Clock
    due: Due


def _review(view: View) -> _Review | None:
    if not reviewed(view):
        return None
    return _Review(clock_of(view), due_of(view))


@commit_rule("reviews-bumped-in-one-commit")
def reviews_bumped_in_one_commit(changes: Sequence[Change]) -> Iterator[Finding]:
    """Many reviews that are put off at once, without a word on what was found, were hardly done."""
    found = [(both[1].record, at) for each in changes if (both := _own(each)) is not None and (at := _bumped(*both))]
    told = Counter((review.by, review.date, review.says) for record, _ in found for review in facts(record).reviews)
    # Those of one day with the same words are told as such, whether they came in one change or in several.
    rest = [(record, at) for record, at in found if not _told(facts(record), at, told)]
    if len(rest) < TOGETHER:
        return
    *others, (record, at) = sorted(rest, key=lambda each: each[0].id)
    yield Finding(
        at,
        "this change puts off {number} reviews, and says of none of them what was found",
        anchor=Anchor.MISSING,
        hint="say of each what was found (`mcred review record ID`), or why it was put off (`why=…`)",
        related=tuple(
            Related(f"'{other.id}'", pointer, other.path, Anchor.MISSING) for other, pointer in others[:NAMED]
        ),
        path=record.path,
        number=len(rest),
    )


def _told(facts: Facts, at: Pointer, together: Mapping[tuple[str, str, str], int]) -> bool:
    return any(
        review.pointer == at[:2] and together[review.by, review.date, review.says] >= TOGETHER
        for review in facts.reviews
    )


EXPLAINED = ("findings", "input_from", "checked", "report", "why", "document")
"""The keys of a decision that say what a date rests on."""


def _bumped(before: View, after: View) -> Pointer | None:
    """Where the next review was put off by decisions that do not say why; None where it was not."""
    was, now = _review(before), _review(after)
    if was is None or now is None or was.due.day is None or now.due.day is None or now.due.day <= was.due.day:
        return None
    known = {_entered(each) for each in before.record.decisions if each is not None}
    made = [(place, each) for place, each in enumerate(after.record.decisions) if each and _entered(each) not in known]
    about = [(place, each) for place, each in made if each.get("act") in PUTTING_OFF]
    if not about or any(each.get(key) for _, each in made for key in EXPLAINED):
        return None
    return Pointer(("decisions", about[-1][0]))


PUTTING_OFF = ("review-completed", "review-decided", "extended")
"""The acts that move the day of the next review. Where a date or a period was assigned, each is told by itself."""
