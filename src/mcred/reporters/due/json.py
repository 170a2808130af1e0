"""What is due, for programs: mcred-due-reviews/1."""

from mcred.reporters.due import Sheet
from mcred.reporters.due.rows import how, title
from mcred.review import SCHEMA
from mcred.text import as_json


def write(sheet: Sheet) -> bytes:
    """The report as JSON. `counts` is of all that is due, shown or not."""
    report = sheet.report
    document = {
        "schema": SCHEMA,
        **sheet.clocks.plain(),
        "timezone": sheet.timezone,
        "since": report.since.isoformat() if report.since is not None else None,
        "until": report.wanted.until.isoformat() if report.wanted.until is not None else None,
        "checked": report.checked,
        "unread": sheet.unread,
        "matching": report.matching,
        "undated": report.undated,
        "counts": report.counts,
        "reviews": [
            {
                "record": item.record,
                "title": title(item._replace(fictional=False), sheet),
                "code": item.code,
                "kind": item.kind,
                "id": item.id or None,
                "state": item.state if item.kind in ("developer", "provider") else None,
                "due": item.due.day.isoformat() if item.due.day is not None else None,
                "written": item.due.written or None,
                "days": item.days(report.as_of),
                "bucket": item.bucket(report.as_of),
                "start_by": item.start_by.isoformat() if item.start_by is not None else None,
                "lead": item.lead,
                "organisation": item.organisation,
                "outstanding": list(item.outstanding),
                "last_review": item.last_review,
                "because": item.due.because,
                "assumed": list(item.due.assumed),
                "explanation": how(item, sheet),
                "custody": item.custody,
                "fictional": item.fictional,
                "path": item.path,
                "line": item.line,
            }
            for item in report.items
        ],
    }
    return (as_json(document) + "\n").encode()
