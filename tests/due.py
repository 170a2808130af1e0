"""A report of what is due that several test modules write out, and titles that want to act."""

from datetime import date

from mcred.record.reviews import Due, Step
from mcred.reporters.due import Sheet
from mcred.review import Item, Wanted, report

AS_OF = date(2026, 11, 22)

HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+2",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "number": "007",
    "address": "https://evil.example/?q=[x](y) www.evil.example mailto:a@evil.example",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><!--",
    "mark-up": "a|b `x` **b** _i_ ~~s~~ [l](javascript:x) ![i](http://evil.example/i.png) $x$ \\",
    "calling": "@octocat #123 GH-7 owner/name#8 !9 %tag ~label",
    "control": "x\x1b[31m\x00\u202eend\ufeff",
    "lines": "one\r\nEND:VEVENT\nBEGIN:VALARM\u2028# two\n| three |",
    "calendar": "comma, semicolon; backslash\\ colon:\\nATTENDEE",
    "template": "{{ 7 * 7 }} {% raw %} ${x} &amp; &L&A",
    "escape": "_x0041_ _x000D_",
    "log": "::error::x ##[command]x ##vso[task]",
    "long": "x" * 40_000,
    "wide": "😀" * 20_000,
}


def item(record="one", day=date(2026, 12, 1), title="One", **more):
    """An item that is due on a day, by default a developer's review."""
    if day is None:
        due = Due(None, "start-unknown")
    else:
        steps = (Step("approved on 2024-12-01"), Step("listed with a period of 2 years"))
        due = Due(day, "period-from-start", ("start-is-approval",), day.isoformat(), steps=steps)
    made = Item(record, title, "developer", due, path=f"catalogue/micro-credentials/{record}.yaml", line=12)
    return made._replace(**more)


EXAMPLES = (
    item("chainsaw-use", date(2026, 6, 30), "Chainsaw Use", code="9001", last_review="2024-06-30", lead="a.smith"),
    item("worked-example", AS_OF, "Worked Example", fictional=True, start_by=date(2026, 8, 24)),
    item("whakato", date(2026, 11, 25), "Te Whakatō", state="under-way", last_review="2024-11"),
    item("water", date(2026, 12, 20), "Water", kind="condition", id="moderation-report", organisation="toi-mai"),
    item("water", date(2027, 2, 20), "Water", outstanding=("toi-mai", "example-marae")),
    item("later", date(2031, 9, 5), "Later"),
    item("without", None, "Without"),
)
"""One item for each bucket."""


def sheet(*items, as_of=AS_OF, wanted=None, **more):
    """A sheet of some items, by default of the examples, all of them shown."""
    wanted = wanted or Wanted(undated=True)
    return Sheet(
        report(items or EXAMPLES, as_of, wanted), **{"title": "Register", "timezone": "Pacific/Auckland", **more}
    )


def hostile():
    """A sheet whose every text wants to act."""
    items = [
        item(f"r-{name}", title=text, lead=text, code=text, organisation=text, path=text, outstanding=(text,), id=text)
        for name, text in HOSTILE.items()
    ]
    return sheet(*items, title=HOSTILE["script"] + HOSTILE["lines"], base_url="javascript:alert(1)")


def nothing():
    """A sheet on which nothing is due."""
    return Sheet(report([item(day=date(2030, 1, 1))], AS_OF, Wanted(until=date(2027, 2, 20))), title="Register")
