"""What falls due: reviews, conditions, approvals and periods that end. Records and a day in, a report out."""

from mcred.review.calendar import Calendar, Packed, packed, unpacked
from mcred.review.items import BUCKETS, KINDS, STATES, Item, bucket, items, of_framework, of_standard, of_transition
from mcred.review.lead_time import after, span
from mcred.review.report import GROUPS, NONE, SCHEMA, SORTS, Beyond, Group, Report, Wanted, grouped, report
from mcred.review.workload import LOADS, Earlier, Load, load, spread

__all__ = [
    "BUCKETS",
    "GROUPS",
    "KINDS",
    "LOADS",
    "NONE",
    "SCHEMA",
    "SORTS",
    "STATES",
    "Beyond",
    "Calendar",
    "Earlier",
    "Group",
    "Item",
    "Load",
    "Packed",
    "Report",
    "Wanted",
    "after",
    "bucket",
    "grouped",
    "items",
    "load",
    "of_framework",
    "of_standard",
    "of_transition",
    "packed",
    "report",
    "span",
    "spread",
    "unpacked",
]
