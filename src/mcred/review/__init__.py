"""What falls due: reviews, conditions, approvals and periods that end. Records and a day in, a report out."""

from mcred.review.items import BUCKETS, KINDS, STATES, Item, bucket, items, of_framework, of_standard
from mcred.review.report import GROUPS, PRESSING, SCHEMA, SORTS, Report, Wanted, grouped, report

__all__ = [
    "BUCKETS",
    "GROUPS",
    "KINDS",
    "PRESSING",
    "SCHEMA",
    "SORTS",
    "STATES",
    "Item",
    "Report",
    "Wanted",
    "bucket",
    "grouped",
    "items",
    "of_framework",
    "of_standard",
    "report",
]
