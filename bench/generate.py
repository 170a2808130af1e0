"""Writes a catalogue of invented records, to measure with: `python bench/generate.py FOLDER --records 1000`.

The records look like those that people write: the real format, about 2 kB each, macrons, one in ten copied from what
others publish, one in twenty a draft. Record 7 is the same to the byte in a catalogue of 10 and of 100,000, on every
machine and every Python, so that two measurements are of the same thing. Everybody and everything in them is made up.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Dice:
    """Choices that follow from a number and nothing else; `random` may change its mind with a new Python."""

    def __init__(self, number: int, purpose: str = "record") -> None:
        self._name = f"{purpose} {number}"
        self._thrown = 0

    def below(self, end: int) -> int:
        """A number from 0, below `end`."""
        self._thrown += 1
        digest = blake2b(f"{self._name} {self._thrown}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % end

    def between(self, first: int, last: int) -> int:
        """A number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def one(self, choices: Sequence[T]) -> T:
        """One of some choices."""
        return choices[self.below(len(choices))]

    def some(self, choices: Sequence[T], number: int) -> list[T]:
        """Different ones of some choices, in an order of their own."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(min(number, len(left)))]

    def chance(self, percent: int) -> bool:
        """Whether something happens that happens so often in a hundred times."""
        return self.below(100) < percent


# --- what records are about ------------------------------------------------------------------------------------------


class Theme(NamedTuple):
    """A field of work: subjects as NZSCED has them, and words to make sentences of."""

    slug: str
    code: str
    subject: str
    title: str
    mi: str
    """A title in te reo Māori, or nothing."""
    jobs: tuple[str, ...]
    tasks: tuple[str, ...]
    objects: tuple[str, ...]


THEMES = (
    Theme(
        "farm-vehicles",
        "030503",
        "Vehicle Mechanics",
        "Farm Vehicle Checks",
        "",
        ("farm assistant", "workshop assistant", "contract driver"),
        ("Check", "Clean", "Adjust", "Service", "Report on"),
        ("brakes and tyres", "a quad bike before work", "trailer couplings", "hydraulic hoses", "lights and wiring"),
    ),
    Theme(
        "water-sampling",
        "039901",
        "Environmental Engineering",
        "Water Sampling",
        "Te Tiaki Wai",
        ("field technician", "farm assistant", "kaitiaki"),
        ("Sample", "Measure", "Map", "Describe", "Report on"),
        (
            "a stream below a culvert",
            "nitrate in shallow bores",
            "clarity after rain",
            "the mauri of a puna",
            "wetland edges",
        ),
    ),
    Theme(
        "beekeeping",
        "050104",
        "Beekeeping",
        "Hive Inspection",
        "",
        ("beekeeper", "hive assistant", "mānuka honey field worker"),
        ("Inspect", "Move", "Feed", "Treat", "Keep records of"),
        ("hives in spring", "a queenless colony", "hives with varroa", "apiary sites near mānuka", "frames and boxes"),
    ),
    Theme(
        "animal-care",
        "050105",
        "Animal Husbandry",
        "Young Stock Care",
        "Te Tiaki Kararehe",
        ("calf rearer", "shepherd", "farm assistant"),
        ("Feed", "Weigh", "House", "Watch over", "Handle"),
        (
            "calves in their first week",
            "lambs on poor feed",
            "stock before transport",
            "sick animals",
            "shelter and bedding",
        ),
    ),
    Theme(
        "pest-control",
        "059901",
        "Pest and Weed Control",
        "Predator Trapping",
        "",
        ("trapper", "ranger", "reserve volunteer"),
        ("Set", "Check", "Place", "Record", "Plan"),
        (
            "a trap line in podocarp bush",
            "stoat traps beside a nesting place",
            "bait stations",
            "catches by site",
            "weed plots",
        ),
    ),
    Theme(
        "hauora",
        "061304",
        "Hauora (Māori Health)",
        "Work with Whānau",
        "Hauora Whānau",
        ("kaimahi hauora", "community health worker", "whānau support worker"),
        ("Listen to", "Plan with", "Support", "Welcome", "Follow up"),
        ("whānau on a first visit", "kaumātua at home", "rangatahi after a referral", "hapū māmā", "a hui about care"),
    ),
    Theme(
        "matauranga",
        "070116",
        "Te Mātauranga Māori me te Whakangungu",
        "Mātauranga in the Workplace",
        "Te Mātauranga Māori",
        ("trainer", "kaiako", "team leader"),
        ("Explain", "Use", "Share", "Prepare", "Lead"),
        (
            "kōrero of a place with those who hold it",
            "karakia at the start of work",
            "a wānanga",
            "pūrākau for learners",
            "kupu of the trade",
        ),
    ),
    Theme(
        "tikanga",
        "090314",
        "Tikanga – Māori Customs",
        "Tikanga for Visitors' Guides",
        "Ngā Tikanga",
        ("guide", "events assistant", "kaimanaaki"),
        ("Prepare for", "Take part in", "Explain", "Host", "Respect"),
        ("a pōwhiri", "the kawa of a marae", "a whakatau at work", "wāhi tapu on a walking track", "shared kai"),
    ),
    Theme(
        "home-support",
        "090599",
        "Human Welfare Studies and Services n.e.c.",
        "Support at Home",
        "",
        ("support worker", "carer", "night attendant"),
        ("Assist with", "Plan", "Observe", "Write down", "Hand over"),
        ("meals and medicine", "a safe way out of bed", "changes since yesterday", "the wishes of a tūroro", "a shift"),
    ),
)

PLACES = (
    "Kōwhai Valley",
    "Pūriri Bay",
    "Tōtara Flat",
    "Mānuka Hill",
    "Rātā Stream",
    "Example Island",
    "Wairere Point",
    "Kōtuku Road",
)

NEEDS = (
    "In {few} of {many} workplaces each {job} had learnt it by watching somebody.",
    "Of {many} employers who answered, {few} could not find anybody who had learnt it.",
    "{many} people came to the hui; {few} of them wanted it taught in the district and in their own words.",
)

REASONS = (
    ("industry", "Work that is done twice costs more than a course."),
    ("whānau", "Whānau see what was learnt and can ask for it by name."),
    ("community", "Neighbours work in the same way and can stand in for each other."),
    ("iwi", "Iwi have said which places and names matter."),
    ("learners", "It counts towards a certificate for those who want to go on."),
)

METHODS = ("An assessor watches the work.", "The learner reports in writing or in kōrero.")

CONDITIONS = (
    "At work, with the learner's own notes.",
    "In daylight and in ordinary weather; the assessor may stop it for safety.",
    "On a site that the learner has not seen before.",
)

MODERATION = (
    "A second assessor sees every tenth piece of evidence.",
    "Two assessors agree on the first three results of each year.",
    "The developer looks at a sample before learners hear their results.",
)

AUTHORITY = "bench-authority"
BOARD = "bench-board"
PROVIDERS = tuple(f"bench-provider-{number:02}" for number in range(1, 25))
STANDARDS = tuple(f"bench-standard-{number}" for number in range(70001, 70061))
QUALIFICATIONS = tuple(f"bench-certificate-{number:02}" for number in range(1, 13))
LETTERS = tuple(f"documents/letters/letter-{number:02}.md" for number in range(1, 21))


# --- one micro-credential --------------------------------------------------------------------------------------------


def theme(number: int) -> Theme:
    """What record `number` is about."""
    return Dice(number, "theme").one(THEMES)


def record_id(number: int) -> str:
    """The id of record `number`; numbers count from 1."""
    return f"{theme(number).slug}-{number:06}"


def record_path(number: int) -> str:
    """Where record `number` lies below the catalogue's root."""
    return f"micro-credentials/{theme(number).slug}/{record_id(number)}.yaml"


def micro_credential(number: int) -> str:
    """The text of record `number`."""
    dice = Dice(number)
    if dice.chance(10):
        return _text(_observed(number, dice))
    if dice.chance(6):
        return _text(_draft(number, dice))
    return _text(_own(number, dice))


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _draft(number: int, dice: Dice) -> Iterator[str]:
    """A first draft, as it is left for the night."""
    about, place = theme(number), dice.one(PLACES)
    yield from _head(number, about, place)
    yield "stage: draft"
    yield ""
    yield "framework: nzqcf"
    yield f"level: {dice.between(1, 7)}"
    yield f"credits: {dice.one((5, 10, 20))}"
    yield f"developer: {dice.one(PROVIDERS)}"
    yield from _purpose(about, place, dice)
    yield "outcomes:"
    yield f"  - {{id: outcome-1, text: {dice.one(about.tasks)} {dice.one(about.objects)}.}}"
    yield f"endorsements: [{{by: {BOARD}, role: standard-setting-body, outcome: pending}}]"


def _own(number: int, dice: Dice) -> Iterator[str]:
    """A record of one's own: some are brief, few say everything that there is to say."""
    about, place = theme(number), dice.one(PLACES)
    detail = dice.one((0, 0, 0, 0, 10, 40, 90))
    credits = dice.one((5, 5, 10, 10, 10, 15, 20, 40))
    taught = credits * dice.between(3, 6)
    developer = dice.one(PROVIDERS)
    tasks, objects = dice.some(about.tasks, 3), dice.some(about.objects, 3)
    outcomes = [f"{task} {what}" for task, what in zip(tasks, objects, strict=True)]
    outcomes = outcomes[: 1 + dice.chance(detail) * dice.between(1, 2)]
    standards = dice.some(STANDARDS, dice.one((0, 1, 1, 2)))

    yield from _head(number, about, place)
    yield ""
    yield "framework: nzqcf"
    yield f"level: {dice.between(1, 7)}"
    yield f"credits: {credits}"
    yield f"hours: {{directed: {taught}, self_directed: {credits * 9 - taught}, assessment: {credits}}}"
    pace = dice.one(("full-time", "part-time"))
    yield f"duration: [{{amount: {dice.between(2, 20)}, unit: weeks, intensity: {pace}}}]"
    yield f'subjects: [{{scheme: nzsced, code: "{about.code}", path: [{about.subject}]}}]'
    yield f"developer: {developer}"
    yield "ownership: provider"
    yield ""
    yield from _purpose(about, place, dice)
    yield from _relevance(dice.between(1, 3) if dice.chance(detail) else 1, dice)
    yield from _pathways(about, dice.chance(detail), dice)
    if number > 1 and dice.chance(12):
        yield f"requires: [{record_id(number // 2)}]"
    yield ""
    yield from _outcomes(number, outcomes, credits, standards, detail, dice)
    yield from _assessments(len(outcomes), detail, dice)
    used = (f'{{id: {each}, version: "2"}}' for each in standards)
    yield f"standards: [{', '.join(used)}]"
    yield ""
    yield f"entry: {dice.one(('Open.', 'A workplace in which to practise.', 'Six months in such work.'))}"
    yield from _need(about, dice)
    yield from _endorsement(dice)
    years = dice.between(1, 3)
    yield f"review: {{years: {years}, lead: programme-manager, lead_time: 90d}}"
    yield ""
    yield from _decisions(number, developer, place, years, dice)


def _head(number: int, about: Theme, place: str) -> Iterator[str]:
    yield _editor_line("micro-credential", folders=3)
    yield f"id: {record_id(number)}"
    title = f"{about.title}, {place} {number} (Micro-credential)"
    yield from (["title:", f"  en: {title}", f"  mi: {about.mi} {number}"] if about.mi else [f"title: {title}"])
    yield "title_kind: official"


def _purpose(about: Theme, place: str, dice: Dice) -> Iterator[str]:
    yield "purpose:"
    yield "  statement: >-"
    who = dice.one(("or want to", "or are about to", "and for those beside them"))
    yield f"    For people who work as {dice.one(about.jobs)} {who}. Whoever holds it can be left to do the"
    yield f"    work near {place} alone, and knows when to ask."
    yield "  use: [NZ]"


def _relevance(number: int, dice: Dice) -> Iterator[str]:
    yield "  relevance:"
    for who, why in dice.some(REASONS, number):
        yield f"    - {{for: {who}, why: {why}}}"


def _pathways(about: Theme, more: bool, dice: Dice) -> Iterator[str]:
    yield "pathways:"
    yield f"  education: [{{target: {dice.one(QUALIFICATIONS)}, relation: {dice.one(('credit-towards', 'leads-to'))}}}]"
    yield f"  employment: {{occupations: [{', '.join(about.jobs)}]}}"
    if more:
        yield "  cultural: Graduates can take part in the mahi of their marae and hapū."


def _outcomes(
    number: int, outcomes: list[str], credits: int, standards: list[str], detail: int, dice: Dice
) -> Iterator[str]:
    yield "outcomes:"
    share = credits // len(outcomes)
    for place, does in enumerate(outcomes, 1):
        yield f"  - id: outcome-{place}"
        yield f"    text: {does} by written method {number}, and put right what is not as it should be."
        yield f"    credits: {share if place > 1 else credits - share * (len(outcomes) - 1)}"
        if dice.chance(detail):
            yield "    includes:"
            yield '      - {kind: knowledge, text: "What goes wrong most often, and why."}'
            yield f"      - {{kind: skill, text: {does} in the time that the work allows.}}"
        if dice.chance(detail + 20):
            yield "    criteria: [{id: method, text: Each step is followed or its absence is written down.}]"
        if place == 1 and standards:
            yield f"    standards: [{', '.join(standards)}]"
        yield f"    assessed_by: [assessment-{place}]"


def _assessments(number: int, detail: int, dice: Dice) -> Iterator[str]:
    yield "assessments:"
    for place in range(1, number + 1):
        yield f"  - id: assessment-{place}"
        yield f"    method: {dice.one(METHODS)}"
        if dice.chance(detail):
            yield f"    conditions: {dice.one(CONDITIONS)}"
            yield f"    moderation: {dice.one(MODERATION)}"
        yield f"    languages: [{dice.one(('en', 'en', 'en, mi', 'mi'))}]"


def _need(about: Theme, dice: Dice) -> Iterator[str]:
    many = dice.between(12, 60)
    summary = dice.one(NEEDS).format(job=about.jobs[0], many=many, few=many // 3)
    yield "evidence_of_need:"
    who = dice.one(("industry", "iwi", "whānau", "employer"))
    yield f"  - {{from: {who}, kind: survey, date: 2022-{dice.between(1, 12):02}, organisation: {BOARD},"
    yield f'     summary: "{summary}"}}'


def _endorsement(dice: Dice) -> Iterator[str]:
    yield "endorsements:"
    yield f"  - {{by: {BOARD}, role: standard-setting-body, outcome: supported, date: 2023-01-{dice.between(1, 28):02},"
    yield f"     document: {dice.one(LETTERS)}}}"


def _decisions(number: int, developer: str, place: str, years: int, dice: Dice) -> Iterator[str]:
    """A ledger in the order of its days: submitted, approved, perhaps listed, perhaps taught, mostly reviewed."""
    year, month = dice.one((2023, 2024, 2024, 2025)), dice.between(3, 8)
    dates = [f"{year}-{month + later:02}-{dice.between(1, 28):02}" for later in (0, 2, 3)]
    yield "decisions:"
    yield f"  - {{id: submitted-{dates[0]}, act: submitted, date: {dates[0]}, by: {developer}, to: {AUTHORITY},"
    yield '     for: new, version: "1"}'
    yield f"  - {{id: content-approved-{dates[1]}, act: content-approved, date: {dates[1]}, by: {AUTHORITY},"
    yield f'     version: "1", review_years: {years}}}'
    if dice.chance(85):
        yield from _listed(number, developer, place, dates, years, dice)
    yield from _reviews(number, developer, dates[1], years, dice)


def _listed(number: int, developer: str, place: str, dates: Sequence[str], years: int, dice: Dice) -> Iterator[str]:
    yield f'  - {{id: listed-{dates[1]}, act: listed, date: {dates[1]}, by: {AUTHORITY}, version: "1",'
    yield f'     number: "{register_number(number)}", review_years: {years}}}'
    if dice.chance(50):
        yield f"  - id: delivery-approved-{dates[2]}"
        yield "    act: delivery-approved"
        yield f"    date: {dates[2]}"
        yield f"    by: {AUTHORITY}"
        yield f"    provider: {developer}"
        yield f"    sites: [{place} campus]"
        yield f"    modes: [{dice.one(('on-site', 'online', 'on-farm'))}]"
        yield f"    from: {int(dates[2][:4]) + 1}-02-{dice.between(1, 28):02}"


def _reviews(number: int, developer: str, approved: str, years: int, dice: Dice) -> Iterator[str]:
    """A review each time that one was due by 2026; one in twenty was forgotten the last time."""
    due = range(int(approved[:4]) + years, 2027, years)
    for year in due[:-1] if dice.chance(5) else due:
        date = f"{year}{approved[4:]}"
        yield f"  - {{id: review-completed-{date}, act: review-completed, date: {date}, by: {developer},"
        yield f"     reviewer: developer, outcome: continue, input_from: [{BOARD}],"
        yield f'     findings: "Of {dice.between(5, 90)} employers near site {number} most want it to go on."}}'


def _observed(number: int, dice: Dice) -> Iterator[str]:
    about, place = theme(number), dice.one(PLACES)
    task, what = dice.one(about.tasks), dice.one(about.objects)
    yield from _head(number, about, place)
    yield "custody: observed"
    yield ""
    yield "framework: nzqcf"
    yield f"level: {dice.between(1, 7)}"
    yield f"credits: {dice.one((5, 10, 15, 20))}"
    yield f"subjects: [{{scheme: nzsced, path: [{about.subject}]}}]"
    yield f"developer: {dice.one(PROVIDERS)}"
    yield ""
    yield from _purpose(about, place, dice)
    yield "pathways:"
    yield f"  education: [{{target: {{title: Programmes about {about.title.lower()}, reference: TF{number:06}}}}}]"
    yield ""
    yield "outcomes:"
    yield "  - id: outcome-1"
    yield f"    text: {task} {what}."
    yield "    includes:"
    for other in dice.some(about.objects, 3):
        yield f"      - {{kind: knowledge, text: {other[0].upper()}{other[1:]}}}"
    yield ""
    yield f'register_entry: {{number: "{register_number(number)}"}}'
    yield "decisions:"
    yield f"  - {{id: listed, act: listed, under: nz-2023, dated_by: inferred, by: {AUTHORITY}, source: register}}"
    yield "unknown: rest"
    yield "sources:"
    yield f'  - {{id: register, url: "https://register.example/{register_number(number)}", seen: 2026-11}}'


def register_number(number: int) -> int:
    """The number of record `number` in the register of the authority: of four digits, as long as there are any."""
    return 1_000 + number if number < 9_000 else 10_000 + number


def _editor_line(kind: str, folders: int) -> str:
    return f"# yaml-language-server: $schema={'../' * folders}.mcred/schemas/{kind}.schema.json"


# --- faults ----------------------------------------------------------------------------------------------------------


def _first(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


FAULTS: dict[str, Callable[[str], str]] = {
    "unknown-field": _first("\ncredits: ", "\ncerdits: "),
    "wrong-type": _first("\ncredits: ", "\ncredits: about "),
    "not-allowed-value": _first("\nlevel: ", "\nlevel: 3"),
    "missing-field": _first("\nframework: nzqcf", ""),
    "broken-reference": _first("\ndeveloper: bench-", "\ndeveloper: bunch-"),
    "duplicate-key": lambda text: text + "title_kind: official\n",
    "yaml-syntax": _first("\n  use: [NZ]", "\n  use: [NZ"),
    "id-path-mismatch": _first("\nid: ", "\nid: former-"),
}
"""What can be wrong with a record, by the name of the rule that finds it, and how to make it so."""


def fault(number: int, percent: int) -> str:
    """The name of what is wrong with record `number` where so many in a hundred are faulty, or nothing."""
    dice = Dice(number, "fault")
    return dice.one(sorted(FAULTS)) if dice.chance(percent) else ""


# --- what they refer to ----------------------------------------------------------------------------------------------


def companions() -> Iterator[tuple[str, str]]:
    """The path below the catalogue's root, and the text, of everything that the micro-credentials need."""
    yield "catalogue.yaml", _text(_catalogue())
    for path in LETTERS:
        yield path, "# Letter of support\n\nFictional: kei te tautoko mātou.\n"
    kinds = {AUTHORITY: "qualifications-authority", BOARD: "industry-skills-board"}
    kinds |= dict.fromkeys(PROVIDERS, "private-training-establishment")
    for id, kind in kinds.items():
        yield f"organisations/{id}.yaml", _text(_organisation(id, kind))
    for id in STANDARDS:
        yield f"standards/{id}.yaml", _text(_standard(id))
    for id in QUALIFICATIONS:
        yield f"qualifications/{id}.yaml", _text(_qualification(id))


def _catalogue() -> Iterator[str]:
    yield _editor_line("catalogue", folders=1)
    yield "format: 1"
    yield "title: Catalogue to measure with"
    yield "publisher: Nobody"
    yield "timezone: Pacific/Auckland"
    yield "languages: [en, mi]"
    yield "framework: nzqcf"


def _organisation(id: str, kind: str) -> Iterator[str]:
    yield _editor_line("organisation", folders=2)
    yield f"id: {id}"
    yield f"title: {_words(id)}"
    yield "fictional: true"
    yield f"types: [{{type: {kind}, from: 2010-07-01}}]"
    if id in PROVIDERS:
        yield f"registrations: [{{by: {AUTHORITY}, stage: full, date: 2011-04-11}}]"
        yield "roles: [{id: programme-manager, title: Programme manager}]"
    yield "country: NZ"


def _standard(id: str) -> Iterator[str]:
    number = int(id.rpartition("-")[2])
    yield _editor_line("standard", folders=2)
    yield f"id: {id}"
    yield f'number: "{number}"'
    yield "type: skill"
    yield "framework: nzqcf"
    yield "versions:"
    for version, status in (("1", "expired"), ("2", "current")):
        title = f"Do a piece of work of kind {number}"
        yield f'  - {{version: "{version}", title: {title}, level: 3, credits: 5, status: {status}}}'


def _qualification(id: str) -> Iterator[str]:
    yield _editor_line("qualification", folders=2)
    yield f"id: {id}"
    yield f"title: {_words(id)}"
    yield "framework: nzqcf"
    yield "level: 4"
    yield "credits: 60"


def _words(id: str) -> str:
    return id.replace("-", " ").title()


# --- writing it down -------------------------------------------------------------------------------------------------


def write(root: Path, records: int, faulty: int = 0) -> None:
    """Write a catalogue below `root`, of which so many micro-credentials in a hundred are faulty."""
    catalogue = root / "catalogue"
    folders: set[Path] = set()
    for inside, text in _files(records, faulty):
        path = catalogue / inside
        if path.parent not in folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
        path.write_text(text, encoding="utf-8", newline="\n")


def commit(root: Path, records: int, commits: int) -> None:
    """Make a Git repository of the catalogue below `root`: all of it in one commit, and in each further one a change.

    The change is of another record each time, as far as there are some; names and times are always the same.
    """
    if commits == 0:
        return
    _git(root, b"", "init", "--quiet", "--initial-branch", "main")
    _git(root, b"".join(_history(root, records, commits)), "fast-import", "--quiet")
    _git(root, b"", "reset", "--quiet")


def _history(root: Path, records: int, commits: int) -> Iterator[bytes]:
    """The commits as `git fast-import` takes them; the files below `root` are those of the last."""
    files = sorted(path for path in (root / "catalogue").rglob("*") if path.is_file())
    for number in range(commits):
        if number:
            path = root / "catalogue" / record_path(1 + (number * 7919) % records)
            text = path.read_text(encoding="utf-8").partition("\nremarks: ")[0].rstrip("\n")
            path.write_text(f"{text}\nremarks: Looked at in change {number}.\n", encoding="utf-8", newline="\n")
            files = [path]
        subject = f"Change {number}\n"
        yield f"commit refs/heads/main\ncommitter {WHO} {1_700_000_000 + number * 3600} +0000\n".encode()
        yield f"data {len(subject)}\n{subject}".encode()
        for path in files:
            data = path.read_bytes()
            yield f"M 100644 inline {path.relative_to(root).as_posix()}\ndata {len(data)}\n".encode() + data + b"\n"


WHO = "bench <bench@example.org>"
"""Whose the commits are."""


def _git(root: Path, given: bytes, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *arguments], cwd=root, env={**kept, **own}, input=given, check=True)


def _files(records: int, faulty: int) -> Iterator[tuple[str, str]]:
    yield from companions()
    for number in range(1, records + 1):
        text, wrong = micro_credential(number), fault(number, faulty)
        yield record_path(number), FAULTS[wrong](text) if wrong else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a new folder; catalogue/ is made in it")
    parser.add_argument("--records", type=int, default=1000, metavar="N", help="micro-credentials (default: 1000)")
    parser.add_argument(
        "--faulty", type=int, default=0, metavar="PERCENT", help="how many of them are faulty (default: 0)"
    )
    parser.add_argument(
        "--commits", type=int, default=0, metavar="N", help="commits of a Git repository around it (default: none)"
    )
    options = parser.parse_args()
    if (options.folder / "catalogue").exists():
        sys.exit(f"{options.folder / 'catalogue'} is there already")
    write(options.folder, options.records, options.faulty)
    commit(options.folder, options.records, options.commits)


if __name__ == "__main__":
    main()
