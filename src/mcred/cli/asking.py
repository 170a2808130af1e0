"""Questions at a terminal about a review that is to be recorded."""

import sys
from collections.abc import Mapping
from typing import Any

from mcred.cli.publishing import put
from mcred.query import shown
from mcred.record import View
from mcred.record.offerings import name_of
from mcred.review.recording import ANSWERS, ASKED, KEYS, Fault, questions, understood, usual
from mcred.text import inert, one_of


def at_terminal() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def asked(view: View, act: str, given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What was given, and the answers to what was not; an empty answer skips what need not be there.

    Raises:
        KeyboardInterrupt: whoever was asked wants to stop.
    """
    _say(f"A review of {view.record.id}: {shown(view.record.data.get('title'), language)}")
    _say(
        "An empty answer skips what is optional or takes what stands in brackets; Ctrl-C stops, and nothing is written."
    )
    made = dict(given)
    for key in ASKED[act]:
        if key == "checked":
            made[key] = _checked(view, made, language)
        elif key not in made:
            made[key] = _one(view, key, made)
        if key == "reviewer":
            made[key] = understood(key, made[key], view)
    return {key: value for key, value in made.items() if value}


def _one(view: View, key: str, made: Mapping[str, Any]) -> Any:
    what = KEYS[key]
    default = name_of(usual(view, made)) if key == "by" else None
    if what.words:
        hint = f" ({one_of(what.words)}{'' if what.needed else '; optional'})"
    else:
        hint = f" [{default}]" if default else "" if what.needed else " (optional)"
    while True:
        answer = _ask(what.question + hint)
        if not answer and (default is not None or not what.needed):
            return None
        given = [part.strip() for part in answer.split(";") if part.strip()] if key == "input_from" else answer
        try:
            understood(key, given, view)
        except Fault as fault:
            _say(f"  {fault}" if answer else "  it has to be answered")
            continue
        return given


def _checked(view: View, made: Mapping[str, Any], language: str) -> dict[str, str]:
    """The framework's questions to the reviewer that were not answered yet."""
    found = dict(made.get("checked", {}))
    for name, question in questions(view.head, made["reviewer"]).items():
        while name not in found:
            answer = _ask(f"{shown(question, language)} ({one_of(ANSWERS)}; optional)")
            if not answer:
                break
            try:
                understood("checked", {name: answer}, view)
            except Fault as fault:
                _say(f"  {fault}")
                continue
            found[name] = answer
    return found


def _ask(question: str) -> str:
    try:
        return input(f"{inert(question)}: ").strip()
    except EOFError:
        raise KeyboardInterrupt from None


def _say(text: str) -> None:
    put(f"{inert(text)}\n")
