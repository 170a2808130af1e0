"""The child process: a script of the standard library, started by confined.py and by nothing else.

It reads a line of JSON that says what to call, then a job a line, and answers each with a line.
"""

import json
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NoReturn

PREPARED = ("difflib", "encodings.unicode_escape", "jinja2.debug", "mcred.listing.fault", "mcred.text", "traceback")
"""Modules that are imported only when they are needed, which is when no file can be opened any more."""

REFUSED = ("ctypes.", "import", "open", "os.", "shutil.", "socket.", "subprocess.")
"""Beginnings of the names of what Python tells its audit hooks of, and what no template has a reason for."""


class Expired(BaseException):
    """The time for a document is over; no template and no filter takes this for a fault of its own."""


def main() -> None:
    start = json.loads(sys.stdin.buffer.readline())
    sys.path.extend(start["path"])
    module, _, name = start["factory"].partition(":")
    function = getattr(import_module(module), name)(start["given"])
    for prepared in PREPARED:
        import_module(prepared)
    limits = start["limits"]
    limited = confine(limits["memory"])
    for line in sys.stdin.buffer:
        answer = json.dumps(answered(function, json.loads(line), limits, limited)).encode()
        if len(answer) > limits["output"] << 20:
            answer = json.dumps(_fault(f"it gives more than {limits['output']} MiB")).encode()
        sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.flush()


def confine(memory: int) -> Callable[[int], None]:
    """Give up what a template has no reason for; returns a function that bounds the seconds of the processor."""
    limited = _bounded(memory)
    sys.addaudithook(_audit)
    return limited


def _bounded(memory: int) -> Callable[[int], None]:
    try:
        import resource
    except ImportError:  # Windows has no such bounds: only the parent's clock is left
        return lambda seconds: None

    def bound(what: int, most: int) -> None:
        with suppress(ValueError, OSError):  # macOS does not take all of them
            resource.setrlimit(what, (most, most))

    with suppress(OSError), Path("/proc/self/statm").open("rb") as statm:
        bound(resource.RLIMIT_AS, int(statm.read().split()[0]) * resource.getpagesize() + (memory << 20))
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        bound(what, 0)
    signal.signal(signal.SIGXCPU, _expire)

    def limited(seconds: int) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]  # whoever started mcred may have set one; nobody can raise it
        most = int(used.ru_utime + used.ru_stime) + 1 + seconds if seconds else hard
        resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))

    return limited


def answered(
    function: Callable[[Any], Any], job: Any, limits: dict[str, int], limited: Callable[[int], None]
) -> dict[str, Any]:
    """What the function gives, or what is wrong with the template."""
    from mcred.listing.fault import TemplateFault
    from mcred.text import plural

    try:
        try:
            limited(limits["cpu"])
            return {"value": function(job)}
        finally:
            limited(0)
    except Expired as expired:
        return _fault(f"it takes more than {plural(limits['cpu'], 'second')}", *_place(expired))
    except MemoryError as error:
        return _fault(f"it needs more than {limits['memory']} MiB of memory", *_place(error))
    except TemplateFault as fault:
        return _fault(fault.reason, fault.template, fault.line)
    except Exception as error:  # noqa: BLE001  whatever a template makes happen is a fault of the template
        template, line = _place(error)
        if template:
            return _fault(str(error) or type(error).__name__, template, line)
        import traceback

        return {"bug": "".join(traceback.format_exception(error))}


def _fault(reason: str, template: str = "", line: int = 0) -> dict[str, Any]:
    return {"reason": reason, "template": template, "line": line}


def _place(error: BaseException) -> tuple[str, int]:
    """The innermost template that a traceback goes through, and its line there."""
    place = ("", 0)
    at: TracebackType | None = error.__traceback__
    while at is not None:
        known = at.tb_frame.f_globals
        if template := known.get("__jinja_template__"):
            place = (template.filename or template.name, template.get_corresponding_lineno(at.tb_lineno))
        elif "__jinja_exception__" in known:  # Jinja has put the template's own line there
            place = (at.tb_frame.f_code.co_filename, at.tb_lineno)
        at = at.tb_next
    return place


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(f"it may not use {event}")


def _expire(number: int, frame: FrameType | None) -> NoReturn:
    raise Expired


if __name__ == "__main__":
    main()
