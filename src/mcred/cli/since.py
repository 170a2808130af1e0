"""What a change did: the working tree beside the commit at which HEAD left a revision."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, cached_property

from mcred.baseline import LARGEST as LARGEST_BASELINE
from mcred.baseline import Baseline, parse
from mcred.cli.recorded import Recorded
from mcred.cli.targets import Target, newer
from mcred.diagnostic import PolicyChange, Report, Source
from mcred.document import read
from mcred.document.limits import LARGEST
from mcred.errors import Unreadable
from mcred.history import Repository
from mcred.policy_changes import Judging, Rules, policy_changes
from mcred.record import FRAMEWORK, folder_kind, stem
from mcred.record.kinds import CATALOGUE_FILE
from mcred.settings import Settings, settings
from mcred.validation import (
    Altered,
    Changes,
    Context,
    Entry,
    Misplaced,
    RecordResult,
    Request,
    check_record,
    validate,
)
from mcred.workspace import Workspace

ORGANISATION = "organisation"


class Since:
    """A change: what differs from the merge base of a revision and HEAD, be it committed, staged or neither.

    It is judged by the settings, the policies and the known debts of that commit. A policy or a framework that is new
    in the change counts too, since it takes nothing away from what is judged by others.
    """

    def __init__(self, target: Target, catalogue: Workspace, revision: str) -> None:
        repository = Repository(catalogue.base)
        self._target = target
        self._catalogue = catalogue
        self._base = Recorded(repository, repository.merge_base(revision), catalogue)
        self._results: dict[str, RecordResult] = {}
        self._differ: dict[str, Entry] = {}
        newer(self)

    # --- by what is judged --------------------------------------------------------------------------------------------

    @cached_property
    def rules(self) -> Rules:
        """What was in force at the merge base."""
        own = [entry.source for entry in self._base.entries(FRAMEWORK)]
        return self._rules(own, self._base.read, self._base.whole(self._target.baseline.path, LARGEST_BASELINE))

    @cached_property
    def _rules_now(self) -> Rules:
        own = self._catalogue.sources(self._target.walk, FRAMEWORK)
        return self._rules(own, self._target.again, self._target.baseline.data)

    def _rules(self, own: Iterable[Source], file: Callable[[str], bytes], debts: bytes) -> Rules:
        path = self._catalogue.shown(CATALOGUE_FILE)
        by_id = {stem(source.path): source for source in own}
        return Rules(Source(path, file(path)), by_id, Source(self._target.baseline.path, debts))

    @cached_property
    def settings(self) -> Settings:
        """The settings at the merge base, whatever their faults."""
        return settings(read(self.rules.settings.data).data or {})

    @cached_property
    def context(self) -> Context:
        """What the change is judged by."""
        return self._known(self.settings, {**self._rules_now.own, **self.rules.own})

    def _known(
        self, held: Settings, own: Mapping[str, Source], organisations: Iterable[Source] | None = None
    ) -> Context:
        """What is known under some settings and policies; the organisations are those that there are, or others."""
        return self._catalogue.known(
            held, own.values(), self._organisations if organisations is None else organisations
        )

    @cached_property
    def _organisations(self) -> list[Source]:
        return self._catalogue.sources(self._target.walk, ORGANISATION)

    def _debts(self, now: Baseline) -> Baseline:
        """The known debts that were there before, but for those that the change takes out."""
        before = {(each.fingerprint, each.severity) for each in parse(now.path, self.rules.baseline.data).debts}
        return now._replace(debts=tuple(each for each in now.debts if (each.fingerprint, each.severity) in before))

    # --- what is told -------------------------------------------------------------------------------------------------

    def narrowed(self, request: Request) -> Request:
        """A request for the whole catalogue as one for what differs, and for what comes of it elsewhere."""
        named = request.reported or (lambda path: True)
        placed = {each.path for each in request.misplaced} - {each.path for each in self._misplaced}
        if self.rules.baseline != self._rules_now.baseline:
            placed.add(self.rules.baseline.path)

        @cache
        def before() -> frozenset[str]:
            return self._found_before(request)

        return request._replace(
            entries=self._noted(request),
            reported=lambda path: (path in self._differ or path in placed or self._gone(path)) and named(path),
            caused=lambda found: named(found.path) and found.fingerprint not in before(),
            baseline=self._debts(request.baseline),
            changes=self._changes,
        )

    def _gone(self, path: str) -> bool:
        """Whether a file is there no more, once all were read."""
        return path not in self._results and self._base.blob(path) is not None

    def _changes(self) -> Changes:
        """What differs, once all were read."""
        return Changes(self._altered, self._earlier)

    @cached_property
    def _earlier(self) -> dict[str, Entry]:
        """Of the names that files have which are new, the last files that had them and were deleted before."""
        new = {path for path in self._differ if self._base.blob(path) is None}
        return self._base.earlier(new) if new else {}

    @cached_property
    def _misplaced(self) -> list[Misplaced]:
        return self._catalogue.misplaced(self._base.walk)

    def _noted(self, request: Request) -> Iterator[Entry]:
        """The files as they are, with a note of what the record stage says of each, and of each that differs."""
        for entry in request.entries:
            path = entry.source.path
            result = entry.result or check_record(entry, self.context, request.as_of, request.rules_of)
            # Whoever looked at a file already did not hand its bytes on.
            self._results[path] = result
            with suppress(Unreadable):  # noted: a file that is gone by now, or not as it was
                source = entry.source if entry.result is None else Source(path, request.again(path))
                if not self._as_before(source):
                    self._differ[path] = Entry(source, entry.kind)
            yield entry._replace(result=result)

    def _as_before(self, source: Source) -> bool:
        blob = self._base.blob(source.path)
        if blob is None:
            return False
        # Of what is too large for a record only the beginning is ever read.
        too_large = len(source.data) > LARGEST
        return blob.holds(source.data) or (too_large and source.data.startswith(self._base.read(source.path)))

    @cached_property
    def _altered(self) -> list[Altered]:
        """The files that differ, once all were read."""
        kinds = {self._catalogue.shown(inside): kind for inside, kind in self._base.walk.records}
        wanted = [path for path in kinds if path in self._differ or path not in self._results]
        self._base.fetch(wanted)
        before = {path: Entry(Source(path, self._base.read(path)), kinds[path]) for path in wanted}
        return [Altered(before.get(path), self._differ.get(path)) for path in sorted({*before, *self._differ})]

    def _found_before(self, request: Request) -> frozenset[str]:
        """The fingerprints of what was found at the merge base.

        A file that is as it was is not judged again, unless the change is to what others are judged by.
        """
        before = {each.before.source.path: each.before for each in self._altered if each.before is not None}
        kinds = {entry.kind for each in self._altered for entry in each if entry is not None}
        alike = kinds.isdisjoint((FRAMEWORK, ORGANISATION))
        known = {path: result for path, result in self._results.items() if alike and path not in self._differ}

        def again(path: str) -> bytes:
            try:
                return before[path].source.data if path in before else request.again(path)
            except Unreadable:  # as above
                return b""

        def entries() -> Iterator[Entry]:
            for inside, kind in self._base.walk.records:
                path = self._catalogue.shown(inside)
                yield Entry(Source(path, b"" if path in known else again(path)), kind, known.get(path))

        asked = Request(
            entries=entries(),
            again=again,
            files=self._base.walk.files,
            misplaced=self._misplaced,
            as_of=request.as_of,
            rules_of=request.rules_of,
            most=sys.maxsize,
        )
        people = [entry.source for entry in entries() if entry.kind == ORGANISATION] if not alike else []
        context = self.context if alike else self._known(self.settings, self.rules.own, people)
        report = validate(asked, context)
        held_back = (each.diagnostic for each in report.ignored)
        return frozenset(each.fingerprint for each in (*report.diagnostics, *held_back))

    def policy_changes(self, report: Report, request: Request) -> tuple[PolicyChange, ...]:
        """What the change does to that by which it is judged, once it was judged."""
        by = Judging(self.context, self._known, self._results, self._entry, request.as_of, request.rules_of)
        return policy_changes(self.rules, self._rules_now, self._altered, report.ignored, report.diagnostics, by)

    def _entry(self, path: str) -> Entry:
        kind = folder_kind(self._catalogue.inside_of(path))
        return self._differ.get(path) or Entry(Source(path, self._target.again(path)), kind or "")
