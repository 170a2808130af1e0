"""Outcomes: that each can be assessed and is, that their credits add up, and that no other award has the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from math import fsum, isclose
from typing import Any

from mcred.diagnostic import Anchor, Finding, Pointer, Related, Severity
from mcred.record import Catalogue, Facts, Record
from mcred.record.facts import outcome_words
from mcred.rules.phrases import LEAD_IN, VAGUE
from mcred.rules.rule import catalogue_rule, record_rule


def _while_writing(record: Record) -> Severity | None:
    """Of what is still being written, what is not there yet is only noted."""
    return None if record.decisions else Severity.NOTE


def _once_approved(record: Record) -> Severity | None:
    """What was approved is reworded only with a change, so advice on its wording is only noted."""
    approved = any(decision.get("act") == "content-approved" for _, decision in record.items("decisions"))
    return Severity.NOTE if approved else None


@record_rule("outcome-not-assessed")
def outcome_not_assessed(record: Record) -> Iterator[Finding]:
    """Every outcome is assessed by at least one assessment; that there is none at all is for the framework to say."""
    if record.observed or not record.data.get("assessments"):
        return
    for pointer, outcome in record.items("outcomes"):
        if not outcome.get("assessed_by") and record.known(pointer / "assessed_by"):
            yield Finding(
                pointer / "id",
                "outcome '{outcome}' is not assessed",
                hint="name in its `assessed_by` the assessment that assesses it, or take the outcome out",
                severity=_while_writing(record),
                outcome=outcome.get("id"),
            )


@record_rule("assessment-of-nothing")
def assessment_of_nothing(record: Record) -> Iterator[Finding]:
    """An assessment assesses an outcome. Where one is not assessed, that is told, and this may be the one it lacks."""
    named = {name for _, outcome in record.items("outcomes") for name in outcome.get("assessed_by") or ()}
    there = {assessment.get("id") for _, assessment in record.items("assessments")}
    # A name that is misspelt is told too, and may mean any of them.
    if there <= named or not named <= there or record.observed or _may_name_another(record):
        return
    for pointer, assessment in record.items("assessments"):
        if assessment.get("id") not in named:
            yield Finding(
                pointer / "id",
                "assessment '{assessment}' assesses no outcome",
                hint="name it in `assessed_by` of the outcomes that it assesses, or take it out",
                severity=_while_writing(record),
                assessment=assessment.get("id"),
            )


def _may_name_another(record: Record) -> bool:
    """Whether an outcome may be assessed by something that none of them names here."""
    outcomes = [outcome for _, outcome in record.items("outcomes")]
    return not outcomes or not _all_there(record) or any(not outcome.get("assessed_by") for outcome in outcomes)


def _all_there(record: Record) -> bool:
    """Whether the outcomes are all that there are: none is unknown or at fault."""
    return None not in record.data.get("outcomes", ()) and record.known(Pointer(("outcomes", "-")))


@record_rule("credits-sum")
def credits_sum(record: Record) -> Iterator[Finding]:
    """The credits of the outcomes come to those of the award; while one is not known, the others come to no more."""
    total = record.data.get("credits")
    stated = [outcome["credits"] for _, outcome in record.items("outcomes") if "credits" in outcome]
    if not isinstance(total, (int, float)) or not stated:
        return
    sum_of = fsum(stated)
    if isclose(sum_of, total):
        return
    whole = bool(record.decisions) and _all_there(record) and len(stated) == len(record.data["outcomes"])
    if whole or sum_of > total:
        yield Finding(
            Pointer(("credits",)),
            "'credits' is {total}, and the credits of the outcomes come to {sum_of}",
            hint="put right the number that is wrong",
            total=f"{total:g}",
            sum_of=f"{sum_of:g}",
        )


@record_rule("vague-outcome-verb")
def vague_outcome_verb(record: Record) -> Iterator[Finding]:
    """An outcome begins with what an assessor can see or hear done."""
    if record.observed:
        return
    for pointer, outcome in record.items("outcomes"):
        for at, tag, text in _in_languages(pointer / "text", outcome.get("text")):
            if (verb := _vague_verb(tag, text)) is not None:
                yield Finding(
                    at,
                    "the outcome begins with '{verb}', which nobody can see or hear done",
                    hint="begin with what an assessor can judge, such as explain, compare or plot",
                    severity=_once_approved(record),
                    verb=verb,
                )


def _in_languages(pointer: Pointer, text: Any) -> Iterator[tuple[Pointer, str, str]]:
    """A text in each of its languages: where, the language if it is said, the text."""
    if isinstance(text, dict):
        yield from ((pointer / tag, tag.partition("-")[0], each) for tag, each in text.items())
    elif text is not None:
        yield pointer, "", text


def _vague_verb(tag: str, text: str) -> str | None:
    """The vague verb that a text begins with, after words such as `learners will be able to`."""
    said = " ".join(text.casefold().split())
    lead_in = LEAD_IN.match(said)
    vague = _VAGUE.get(tag)
    verb = vague.match(said, lead_in.end() if lead_in else 0) if vague is not None else None
    return verb[0] if verb is not None else None


def _any_of(verbs: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(verbs)})\b")


_VAGUE = {tag: _any_of(verbs) for tag, verbs in VAGUE.items()} | {"": _any_of(chain(*VAGUE.values()))}
"""The vague verbs of each language, and of a text that does not say its language those of all."""


@record_rule("duplicate-outcome")
def duplicate_outcome(record: Record) -> Iterator[Finding]:
    """Two outcomes in the same words are one outcome, or one of them was never finished."""
    first: dict[str, Pointer] = {}
    for (pointer, outcome), words in zip(record.items("outcomes"), outcome_words(record), strict=True):
        earlier = first.setdefault(" ".join(words), pointer) if words else pointer
        if earlier is not pointer:
            yield Finding(
                pointer / "text",
                "outcome '{outcome}' has the same words as '{other}'",
                hint="reword the one that means something else, or take it out and add up their credits",
                label="second",
                related=(Related("first here", earlier / "text"),),
                outcome=outcome.get("id"),
                other=record.get((*earlier, "id")),
            )


MANY = 20
"""Records with one outcome or standard with which another is compared; what is in more of them tells nothing."""

SHARED = 2
"""Outcomes and standards that two awards have to share at least; and half of those of one of them."""


@catalogue_rule("overlapping-credential")
def overlapping_credential(catalogue: Catalogue) -> Iterator[Finding]:
    """Two awards that share much of what they assess teach one thing twice, unless they say how they differ."""
    having: dict[str, list[Facts]] = {}
    for facts in sorted(catalogue.records, key=lambda facts: facts.id):
        own = _assessed(facts)
        # By their paths: an id that stands twice is told elsewhere, and is still of two records here.
        others = {other.path: other for each in own for other in having.get(each, ())}
        shared = Counter(other.path for each in own for other in having.get(each, ()))
        for path, number in sorted(shared.items(), key=lambda each: (-each[1], others[each[0]].id, each[0])):
            other = others[path]
            if number < SHARED or number * 2 < min(len(own), len(_assessed(other))) or _told_apart(facts, other):
                continue
            yield Finding(
                Pointer(("outcomes",) if facts.outcomes else ("standards",)),
                "{number} of its outcomes and standards are those of '{other}' too",
                anchor=Anchor.KEY,
                hint="if it is another thing, say so: `distinct_from: [{target: …, why: …}]`; if it takes the place of "
                "the other, `replaces` says so",
                related=(Related("the other", Pointer(("id",)), other.path),),
                path=facts.path,
                number=number,
                other=other.id,
            )
            break
        for each in own:
            if len(of_all := having.setdefault(each, [])) < MANY:
                of_all.append(facts)


def _assessed(facts: Facts) -> frozenset[str]:
    """What an award assesses: its outcomes by their wording, and its standards."""
    if facts.kind != "micro-credential":
        return frozenset()
    return frozenset((*facts.outcomes, *(use.standard for use in facts.uses)))


def _told_apart(one: Facts, other: Facts) -> bool:
    """Whether one of two records names the other, so that its author knew of both; copies are nobody's to change."""
    named = any(reference.target == other.id for reference in one.references)
    return (
        named or any(reference.target == one.id for reference in other.references) or (one.observed and other.observed)
    )
