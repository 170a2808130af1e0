"""Which commit a revision or a date names, and the day on which one was made."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TypeVar

from mcred.dates import PATTERN, day_of, days, end_of
from mcred.errors import McredError, UsageError
from mcred.history import Repository

T = TypeVar("T")


def revision(repository: Repository, text: str, timezone: str, option: str) -> str:
    """The commit that a revision names, or a date: the last of HEAD's first-parent line by its end in a time zone.

    `option` asked for it.

    Raises:
        McredError: it names none.
        UsageError: it is a date that does not exist.
    """
    found = _named(repository, text, timezone, option)
    if found is None:
        raise McredError(f"{text}: nothing was recorded by then: the first commit is younger")
    return found


def start(repository: Repository, since: str | None, timezone: str) -> str | None:
    """The commit after which to begin; None for all of them: no `since` is named, or a date before the first one.

    Raises:
        McredError: there is no such revision, or the clone lacks what would tell.
        UsageError: it is a date that does not exist.
    """
    if since is None:
        repository.refuse_shallow()
        return None
    return _named(repository, since, timezone, "--since")


def _named(repository: Repository, text: str, timezone: str, option: str) -> str | None:
    """The commit that a revision or a date names; None where a date is before the first one."""
    if not PATTERN.fullmatch(text):
        return repository.commit(text)
    try:
        last = days(text).last
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error
    try:
        return repository.by(_in(timezone, lambda zone: end_of(last, zone)))
    except McredError as error:
        raise McredError(f"{text}: {error}") from error


def made_on(repository: Repository, commit: str, timezone: str) -> date:
    """The day on which a commit was made, in a time zone."""
    return day_at(repository.about(commit).time, timezone)


def day_at(time: int, timezone: str) -> date:
    """The day of a time, in seconds since 1970, in a time zone."""
    return _in(timezone, lambda zone: day_of(time, zone))


def _in(timezone: str, of: Callable[[str], T]) -> T:
    """What holds in a time zone; in one that nobody knows, which is a finding of catalogue.yaml, by UTC."""
    with suppress(ValueError):
        return of(timezone)
    return of("UTC")
