"""What `mcred validate` does with its options: once, or again whenever a file is saved."""

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mcred.baseline import Baseline
from mcred.cli import targets
from mcred.cli.options import known_clauses, today_there
from mcred.cli.progress import with_progress
from mcred.cli.publishing import publish, summarise
from mcred.diagnostic import Report, Severity, Source
from mcred.errors import ExitCode, UsageError
from mcred.reporters import Look
from mcred.text import inert, one_of
from mcred.validation import Context, Request, validate
from mcred.workspace import Workspace, context

if TYPE_CHECKING:
    from mcred.cli.examining import Examination
    from mcred.cli.since import Since


class Checking(NamedTuple):
    """The options of `mcred validate`: what is looked at, by what it is judged, with what means, and how it is told."""

    named: Sequence[Path]
    given: Source | None
    alone: bool
    changed_since: str | None
    fail_on_policy_change: bool
    at: str | None
    as_of: date | None
    rules_of: date | None
    select: frozenset[str]
    no_baseline: bool
    jobs: int | None
    no_cache: bool
    no_stat_cache: bool
    format: str
    files: Sequence[tuple[str, Path]]
    look: Look
    quiet: bool
    fail_on: str

    def once(self, spare: Path | None = None) -> int:
        """Look at the catalogue as it is now and tell what is wrong in it; the exit code.

        `spare` is a folder in which may be kept what helps the next time, where there is no cache.
        """
        target = self._target()
        since = self._since(target)
        known = since.context if since is not None else target.context or context()
        judged_on = self.as_of or today_there(since.settings.timezone if since is not None else target.timezone)
        examination = self._examination(target, known, judged_on, since is None, spare)
        request = self._request(target, examination, judged_on)
        known_clauses(self.select, known)
        report = validate(since.narrowed(request) if since is not None else request, known)
        report = report._replace(recorded=target.workspace.recorded if target.workspace is not None else None)
        if examination is not None:
            examination.save()
        if since is not None:
            report = report._replace(policy_changes=since.policy_changes(report, request))
        return self._tell(report, target)

    def _target(self) -> targets.Target:
        """What is looked at."""
        if self.alone:
            return targets.alone(list(self.named), self.given, self._prepare)
        return targets.whole(list(self.named), self.given, self.at, self._prepare)

    def _prepare(self, catalogue: Workspace) -> None:
        """What is done with a catalogue before anything is read of it."""
        if not self.no_cache:
            from mcred.cli.recalling import recalled

            recalled(catalogue)

    def _since(self, target: targets.Target) -> "Since | None":
        """The change that is judged, if it is one."""
        if self.changed_since is None:
            if self.fail_on_policy_change:
                raise UsageError("--fail-on-policy-change goes with --changed-since REV")
            return None
        if target.workspace is None:
            raise UsageError("--changed-since looks at the whole catalogue, and --alone does not")
        from mcred.cli.since import Since

        return Since(target, target.workspace, self.changed_since)

    def _examination(
        self, target: targets.Target, known: Context, judged_on: date, keeps: bool, spare: Path | None
    ) -> "Examination | None":
        """How a catalogue on disk is looked at; what a commit holds has no times, and is read in one go."""
        if target.workspace is None or self.at is not None:
            return None
        from mcred.cli.examining import Days, Examination
        from mcred.cli.means import Means

        days = Days(judged_on, self.rules_of, asked=bool(self.as_of or self.rules_of))
        # An editor that hands in a text runs many checks; it would not thank for more processes.
        jobs = 1 if self.given is not None else self.jobs
        means = Means.given(target.workspace, not self.no_cache, not self.no_stat_cache, jobs)
        # A change is judged by what was in force before it, for which nothing is kept.
        means = means._replace(cache=means.cache or spare if keeps else None)
        return Examination(target.workspace, target.walk, known, days, means, target.again, target.instead)

    def _request(self, target: targets.Target, examination: "Examination | None", judged_on: date) -> Request:
        """What the engine is asked."""
        entries = examination.entries() if examination is not None else target.entries
        return Request(
            entries=with_progress(entries, "checking", "file"),
            again=examination.again if examination is not None else target.again,
            files=target.walk.files,
            misplaced=target.misplaced,
            alone=self.alone,
            reported=target.reported,
            select=self.select,
            as_of=judged_on,
            rules_of=self.rules_of,
            baseline=Baseline() if self.no_baseline else target.baseline,
            unreadable=target.walk.unreadable,
            places=examination.places if examination is not None else None,
        )

    def _tell(self, report: Report, target: targets.Target) -> int:
        """Write the report, and beside it what could not be done; the exit code."""
        anything = bool(self.changed_since is not None or report.checked.files or report.diagnostics)
        if anything or self.format != "text":
            publish(report, self.format, self.files, self.look, self.quiet)
            # A step of GitHub has a summary beside its log.
            if self.format == "github" and (step := os.environ.get("GITHUB_STEP_SUMMARY")):
                summarise(report, Path(step))
        # Only now: of a file that is gone by the time its lines are shown the walk knows no sooner.
        problems = [*target.problems, *(f"cannot read {path}: {why}" for path, why in sorted(target.walk.unreadable))]
        if not anything and not problems:
            problems = [f"nothing to check: no record in {one_of(map(str, self.named))}"]
        for problem in problems:
            sys.stderr.write(f"mcred: {inert(problem)}\n")
        fails = report.fails(None if self.fail_on == "never" else Severity(self.fail_on))
        found = ExitCode.FINDINGS if fails or (self.fail_on_policy_change and report.policy_changes) else ExitCode.OK
        return ExitCode.FAILED if problems else found
