"""Templates of a stranger, in a child process: refused with template and line, whatever they try, and in bounded time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mcred.listing.fault import TemplateFault
from mcred.processes import child
from mcred.processes.confined import Confined, Limits, path

FACTORY = "mcred.listing.rendering:confined"
LIMITS = Limits(cpu=1, wall=20, memory=128, output=1)
PATH = "templates/listing.html.j2"

JOB = {"name": "listing", "values": {"framework": None, "title": "<b>ā</b>"}}


def confined(template, limits=LIMITS, **others):
    """Return what renders a template; `others` are templates beside it."""
    texts = {"listing.html.j2": template, **{f"{name}.html.j2": text for name, text in others.items()}}
    given = {
        "templates": {name: [text, f"templates/{name}"] for name, text in texts.items()},
        "forms": {},
        "months": {"en": {}, "mi": {}},
        "languages": ["en"],
    }
    return Confined(FACTORY, given, limits)


def test_what_a_template_gives_comes_back():
    with confined("<p>{{ title }}</p>") as render:
        assert render(PATH, JOB) == "<p>&lt;b&gt;ā&lt;/b&gt;</p>"


SLOW = "it takes more than 1 second"
LARGE = "it needs more than 128 MiB of memory"

REFUSED = {
    "a long loop": ("\n{% for i in range(10**9) %}{% endfor %}", 2, "Range too big"),
    "loops in loops": ("\n{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", 2, SLOW),
    "a number that grows": ("{% set n = namespace(x=9) %}\n{% for i in range(99) %}{% set n.x = n.x*n.x %}{% endfor %}", 2, ""),
    "a power": ("\n{{ 3**(10**9) }}", 2, SLOW),
    "a long text": ("\n{{ 'x'*300000000 }}", 2, LARGE),
    "a long format": ("\n\n{{ '%0999999999d' % 1 }}", 3, LARGE),
    "a list of long texts": ("\n{{ (['x'*1000]*1000000)|join }}", 2, LARGE),
    "more than a document has": ("<p>{{ 'x'*2000000 }}</p>", 0, "it gives more than 1 MiB"),
    "itself": ("\n{% include 'listing.html.j2' %}", 2, "maximum recursion depth exceeded"),
    "a macro in itself": ("{% macro m() %}\n{{ m() }}{% endmacro %}{{ m() }}", 2, "maximum recursion depth exceeded"),
    "a file": ("\n{% include '/etc/passwd' %}", 2, "there is no template '/etc/passwd'"),
    "a file above": ("\n{% include '../catalogue.yaml' %}", 2, "there is no template '../catalogue.yaml'"),
    "a class": ("\n{{ ''.__class__ }}", 2, "access to attribute '__class__' of 'str' object is unsafe."),
    "a class by a filter": ("\n{{ ''|attr('__class__') }}", 2, "access to attribute '__class__' of 'str' object is unsafe."),
    "a class by a format": ("\n{{ '{0.__class__}'.format('') }}", 2, "access to attribute '__class__' of 'str' object is unsafe."),
    "globals": ("\n{{ cycler.__init__.__globals__.os }}", 2, "access to attribute '__init__' of 'type' object is unsafe."),
    "an attachment": ('<p>x</p>\n<p><a rel="attachment" href="file:///etc/passwd">x</a></p>', 2, "<a> cannot have the attribute 'rel'"),
    "a file by a link": ('\n<p><a href="file:///etc/passwd">x</a></p>', 2, "a link leads to http, https or mailto, not to 'file:///etc/passwd'"),
    "a script": ("<p>\n<script>alert(1)</script></p>", 2, "<script> is not an element that documents have"),
    "a picture": ('\n<p><img src="https://a.nz/x.png"></p>', 2, "<img> is not an element that documents have"),
    "a value that is not there": ("\n\n<p>{{ title.length }}</p>", 3, "'str object' has no attribute 'length'"),
    "nonsense": ("\n{% for %}", 2, "Expected an expression, got 'end of statement block'"),
    "a division by nothing": ("\n{{ 1 / 0 }}", 2, "division by zero"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "line", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_a_template_may_not_do_is_refused_with_its_line(template, line, reason):
    began = time.monotonic()
    with confined(template, other="<p>other</p>") as render:
        with pytest.raises(TemplateFault) as caught:
            render(PATH, JOB)
        assert (caught.value.template, caught.value.line) == (PATH, line)
        assert caught.value.reason.startswith(reason)
    assert time.monotonic() - began < 30


def test_the_next_document_is_rendered_all_the_same():
    template = "{% if title == 'long' %}{{ 'x'*300000000 }}{% endif %}<p>{{ title }}</p>"
    with confined(template) as render:
        for title in ("long", "short", "long"):
            if title == "short":
                assert render(PATH, {**JOB, "values": {"framework": None, "title": title}}) == "<p>short</p>"
            else:
                with pytest.raises(TemplateFault, match=LARGE):
                    render(PATH, {**JOB, "values": {"framework": None, "title": title}})


def test_a_child_that_is_slow_for_another_reason_is_ended_by_the_clock():
    template = REFUSED["loops in loops"][0]
    with confined(template, limits=Limits(cpu=100, wall=1)) as render, pytest.raises(TemplateFault) as caught:
        render(PATH, JOB)
    assert str(caught.value) == f"{PATH}: it takes more than 1 second on the clock"


def test_a_child_that_ended_is_told_of_and_the_next_document_gets_another():
    def children():
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())

    before = children()
    with confined("<p>x</p>") as render:
        assert render(PATH, JOB) == "<p>x</p>"
        (started,) = children() - before
        assert Path(f"/proc/{started}/environ").read_bytes() == b""
        os.kill(int(started), signal.SIGKILL)
        with pytest.raises(TemplateFault) as caught:
            render(PATH, JOB)
        assert str(caught.value) == f"{PATH}: it ended the process in which it was rendered"
        assert render(PATH, JOB) == "<p>x</p>"
    assert children() == before


def test_a_fault_of_mcred_is_no_fault_of_a_template():
    with Confined("operator:itemgetter", "key") as run, pytest.raises(RuntimeError, match="KeyError: 'key'"):
        run(PATH, {})


def test_a_fault_in_a_template_beside_it_is_told_there():
    with (
        confined("{% include 'other.html.j2' %}", other="\n\n{{ nothing }}") as render,
        pytest.raises(TemplateFault) as caught,
    ):
        render(PATH, JOB)
    assert str(caught.value) == "templates/other.html.j2, line 3: 'nothing' is undefined"


PROBE = """
import os, socket, subprocess, sys

def tried(what):
    try:
        return str(what())
    except OSError as error:
        return str(error)

def probe(given):
    return lambda job: {
        "environment": sorted(set(os.environ) - {"LC_CTYPE"}),  # which Python sets by itself
        "file": tried(lambda: open("/etc/passwd")),
        "written": tried(lambda: open(given, "w")),
        "socket": tried(socket.socket),
        "process": tried(lambda: subprocess.run(["true"])),
        "fork": tried(os.fork),
        "folder": tried(lambda: os.listdir("/")),
        "site": "site" in sys.modules,
    }
"""


def test_the_child_can_open_nothing_and_knows_nothing(tmp_path):
    (tmp_path / "probe.py").write_text(PROBE)
    start = {
        "factory": "probe:probe",
        "given": str(tmp_path / "written"),
        "path": [str(tmp_path), *path()],
        "limits": LIMITS._asdict(),
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", child.__file__],
        input=f"{json.dumps(start)}\nnull\n",
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["value"] == {
        "environment": [],
        "file": "it may not use open",
        "written": "it may not use open",
        "socket": "it may not use socket.__new__",
        "process": "it may not use subprocess.Popen",
        "fork": "it may not use os.fork",
        "folder": "it may not use os.listdir",
        "site": False,
    }
    assert not (tmp_path / "written").exists()


def test_without_python_to_ask_the_system_refuses_too():
    code = (
        "import sys\n"
        "from mcred.processes import child\n"
        "child._bounded(128)\n"
        "for what in (lambda: open('/etc/passwd'), lambda: open('/dev/null', 'w')):\n"
        "    try:\n        what()\n    except OSError as error:\n        print(error.strerror)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("Too many open files\nToo many open files\n", "")
