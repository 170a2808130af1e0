"""The shape of records: JSON Schemas, what fails them as findings in an author's language, and the marks they carry."""

from mcred.shape.checking import Checked, check
from mcred.shape.marks import Mark, Marked
from mcred.shape.schemas import Schemas, Shape

__all__ = ["Checked", "Mark", "Marked", "Schemas", "Shape", "check"]
