"""The words that a difference is said in, by every format and in documents."""

from collections import Counter

from mcred.diff import Changes, Difference, Event, Ruling, Side, Touched
from mcred.text import plural


def heading(found: Difference) -> str:
    """Of which catalogue."""
    return f"{found.title}: what changed" if found.title else "What changed"


def compared(found: Difference) -> str:
    """Which states were compared, and as of when what follows was reckoned."""
    only = f"; only {', '.join(found.chosen)}" if found.chosen else ""
    return f"From {state(found.before)} to {state(found.after)}{only}; what follows from it as of {found.as_of}"


def state(side: Side) -> str:
    """A state by its name, with its commit and the day of that."""
    if side.commit is None:
        return side.name
    named = side.name if side.commit.startswith(side.name) else f"{side.name}, {side.commit[:12]}"
    return f"{named} of {side.day}" if side.name != str(side.day) else named


def counted(found: Difference) -> str:
    """How many records were added, removed and changed."""
    of = Counter("formal" if each.events and each.formal else each.whole for each in found.records if each.events)
    told = [
        f"{plural(of[name], 'record')} {name if name != 'formal' else 'of which only the formatting changed'}"
        for name in ("changed", "added", "removed", "formal")
        if of[name]
    ]
    return ", ".join(told) or ("nothing changed in what was compared" if found.not_compared else "nothing changed")


def named(each: Changes) -> str:
    """A record by its title, else its id."""
    return each.title or each.record


def about(each: Changes) -> str:
    """Which record it is: its kind, its id, whose, and what it is compared with where that is its own."""
    was = f" (was {each.was})" if each.was else ""
    parts = [f"{each.kind} {each.record}{was}"]
    parts += ["fictional example data"] if each.fictional else []
    parts += ["a summary of what others publish"] if each.observed else []
    parts += [f"since {state(each.since)}"] if each.since is not None else []
    return ", ".join(parts)


def tally(each: Changes) -> str:
    """How much of what changed: `outcome reworded 2, credits changed`."""
    of = Counter(event.kind.replace("-", " ") for event in each.events)
    return ", ".join(name if number == 1 else f"{name} {number}" for name, number in of.items()) or "nothing changed"


def faults(each: Changes) -> str:
    """That a side has faults; nothing where none has."""
    sides = {("before",): "before", ("after",): "now", ("before", "after"): "before and now"}.get(each.faulty)
    return f"it has faults {sides}, and is compared as it is written" if sides else ""


def significant(event: Event) -> str:
    """What its framework says of such a change; nothing where it says nothing."""
    return "significant: its framework asks for a new approval" if event.significant else ""


def ruled(each: Ruling) -> str:
    """A clause that comes to something else."""
    verdicts = f"{each.before.replace('-', ' ')} → {each.after.replace('-', ' ')}"
    if not each.clause:
        return f"{each.summary.rstrip('.')}: {each.before} → {each.after}"
    return f"{each.clause}: {verdicts} ({each.summary})"


def concerns(each: Touched) -> str:
    """Another record, and in which fields one of the two names the other."""
    title = f"{each.title} ({each.record})" if each.title else each.record
    fields = " and ".join(field.replace("_", " ") for field in each.fields)
    return f"{title}, {each.kind}: " + (f"names it in {fields}" if each.how == "names" else f"named in {fields}")


def lists(each: Changes) -> list[tuple[str, list[str]]]:
    """What is told of a record besides its events: headings, each with its lines."""
    told = [
        ("What follows", [one.message for one in each.consequences]),
        ("Clauses", [ruled(one) for one in each.rulings]),
        ("It may concern", [concerns(one) for one in each.touched]),
        ("Significant", [weighed(each)] if weighed(each) else []),
    ]
    return [(heading, lines) for heading, lines in told if lines]


NOTHING_STATED = "nothing that is known of its framework says whether any of this is a significant change"


def weighed(each: Changes) -> str:
    """What is known of how grave the changes are; nothing where there is nothing to weigh."""
    own = [event for event in each.events if event.subject not in ("record", "decision")]
    if not own or not each.framework or any(event.significant for event in own):
        return ""
    return NOTHING_STATED
