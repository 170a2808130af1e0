"""The one register of rule ids. An id and its name are public: never renamed, never used again.

MC0xx file and YAML · MC1xx shape · MC2xx identity and references · MC3xx dates and life-cycle · MC4xx content
MC5xx change · MC6xx documents · MC8xx suppressions and baseline · MC9xx the run
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is, in the words of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a note."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class RuleId(NamedTuple):
    """An entry of the register: code, name, severity unless a finding says less, and what it finds in one line.

    `listed_by` is the command that lists better what it finds, so that several are told in one line.
    """

    id: str
    name: str
    severity: Severity
    summary: str
    listed_by: str = ""


def _register(*entries: tuple[str, str, Severity, str] | tuple[str, str, Severity, str, str]) -> dict[str, RuleId]:
    return {entry[1]: RuleId(*entry) for entry in entries}


_E, _W, _N = Severity

RULES = _register(
    ("MC001", "yaml-syntax", _E, "The text is not YAML."),
    ("MC002", "duplicate-key", _E, "A key stands twice in one place."),
    ("MC003", "not-utf8", _E, "The file is not UTF-8 text."),
    ("MC004", "empty-file", _E, "The file holds no record."),
    ("MC005", "not-a-mapping", _E, "The file is not made of `key: value` lines."),
    ("MC006", "several-documents", _E, "The file holds more than one YAML document."),
    ("MC007", "document-marker", _E, "A line `---` or `...` marks a document; a record needs none."),
    ("MC008", "directive", _E, "A line `%…` instructs the YAML reader; a record needs none."),
    ("MC009", "anchor-or-alias", _E, "A value is named with `&`, repeated with `*` or merged with `<<`."),
    ("MC010", "explicit-tag", _E, "A value's type is forced with `!`."),
    ("MC011", "key-not-text", _E, "A key is a number, a list or nothing instead of text."),
    ("MC012", "file-too-large", _E, "The file is larger than a record may be."),
    ("MC013", "too-deep", _E, "Lists and maps are nested more deeply than a record may be."),
    ("MC014", "too-many-nodes", _E, "The file holds more values than a record may have."),
    ("MC015", "control-character", _E, "The text holds a character that nobody sees and programs obey."),
    ("MC016", "line-separator", _E, "A character that some programs take for the end of a line stands inside one."),
    ("MC017", "not-nfc", _E, "A letter and its mark are written as two characters (Unicode NFC wants one)."),
    ("MC018", "conflict-marker", _E, "A merge conflict was left in the file."),
    ("MC019", "wrong-extension", _E, "A record's file does not end in `.yaml`, so nobody would read it."),
    ("MC020", "not-a-regular-file", _E, "What stands in a record's place is a link, a folder or a device."),
    ("MC021", "unknown-folder", _E, "YAML files lie in a folder that is no kind of record."),
    ("MC101", "missing-field", _E, "A field that everything else hangs on is missing."),
    ("MC102", "unknown-field", _E, "A field does not exist here; most often it is misspelt."),
    ("MC103", "wrong-type", _E, "A value is of another type: text for a number, one value for a list."),
    ("MC104", "bad-format", _E, "A text is not written as this field wants it."),
    ("MC105", "impossible-date", _E, "A date that no calendar has."),
    ("MC106", "ambiguous-scalar", _E, "A value without quotes is read as something else than text."),
    ("MC107", "comma-in-flow-text", _E, "A comma inside `{ }` ended a text and began a key."),
    ("MC108", "not-allowed-value", _E, "A value is not one of those that the field or the framework knows."),
    ("MC109", "out-of-range", _E, "A number is too small or too large."),
    ("MC110", "wrong-variant", _E, "A field belongs to another act or kind than the one chosen."),
    ("MC111", "wrong-count", _E, "A list has too few or too many items."),
    ("MC112", "duplicate-item", _E, "An item, or its id, stands twice in a list."),
    ("MC113", "empty-value", _E, "A field is there, but nothing stands in it."),
    ("MC114", "hours-disagree", _E, "The hours of the parts do not come to the total."),
    ("MC201", "id-path-mismatch", _E, "The id of a record is not the name of its file."),
    ("MC202", "bad-id", _E, "An id is not made of lower-case letters, digits and single hyphens."),
    ("MC203", "duplicate-id", _E, "Two records share an id or an earlier id."),
    ("MC204", "case-collision", _E, "Two files differ only in capitals or in how a letter is encoded."),
    ("MC205", "broken-reference", _E, "An id that something points to does not exist."),
    ("MC206", "reference-to-wrong-kind", _E, "A reference leads to a record of another kind."),
    ("MC207", "reference-cycle", _E, "Records require, contain or replace each other in a circle."),
    ("MC208", "duplicate-register-number", _E, "Two records carry one register number."),
    ("MC209", "missing-document", _E, "A document that the record names is not there."),
    ("MC210", "known-value-marked-unknown", _E, "A value is given and also said to be unknown."),
    ("MC211", "unknown-not-allowed", _E, "A record of one's own says `unknown` after its draft."),
    ("MC213", "near-duplicate-title", _W, "Two records have the same title but for case, marks or the order of words."),
    ("MC301", "stage-and-decisions", _E, "`stage` stands beside decisions, which say the stage themselves."),
    ("MC302", "undated-decision", _E, "A decision does not say when it was made."),
    (
        "MC303",
        "edition-uncertain",
        Severity.NOTE,
        "The day of a decision leaves open which edition of the rules counts.",
    ),
    ("MC304", "edition-undecided", Severity.NOTE, "A decision has no day, and editions of the rules differ."),
    ("MC305", "date-order", _E, "A decision is dated before one that it can only follow."),
    ("MC306", "decision-contradiction", _E, "Two decisions cannot both hold."),
    ("MC307", "status-date-passed", _W, "A status has passed its last day, and no other was assigned."),
    ("MC308", "date-in-future", _W, "A decision is dated in the future."),
    ("MC309", "implausible-date", _W, "A date lies so far off that its year is probably mistyped."),
    ("MC310", "condition-overdue", _W, "A condition was due and is not recorded as met."),
    ("MC311", "body-may-not-act", _E, "A body took a decision that the framework does not give it to take."),
    ("MC312", "exception-not-needed", _W, "An exception answers a clause that is met, or does not apply."),
    ("MC313", "unattributed-decision", _E, "A decision does not say who made it."),
    ("MC314", "no-review-date", _W, "Nothing says when its next review is due.", "mcred due-reviews --within 90d"),
    ("MC315", "review-overdue", _W, "A review was due and is not recorded.", "mcred due-reviews"),
    ("MC316", "review-period-disagrees", _W, "Two periods are given for its review."),
    ("MC317", "review-date-disagrees", _W, "Two dates are given for its next review."),
    ("MC318", "review-without-findings", _W, "A review records no input, no findings and no change."),
    (
        "MC319",
        "reviews-bumped-together",
        _W,
        "Many reviews were completed on one day with the same words or none.",
    ),
    ("MC320", "lead-missing", Severity.NOTE, "No role of its developer leads its reviews."),
    ("MC321", "lead-ended", _W, "The role that leads its reviews has come to an end."),
    ("MC322", "two-periods-missed", _W, "Two reviews were due and none is recorded.", "mcred due-reviews"),
    ("MC323", "developer-ended", _W, "Its developer is no more, and nobody is recorded who took it over."),
    ("MC324", "reference-to-ended", _W, "It names as of today what has come to an end."),
    ("MC325", "delivery-past-its-end", _W, "An approval to deliver ran out, and nothing says what followed."),
    ("MC326", "standard-expired", _W, "It uses a standard that has expired."),
    ("MC327", "standard-expiring", _W, "It uses a standard that expires within a year."),
    ("MC328", "standard-replaced", _N, "It uses a standard that another one is taking the place of."),
    ("MC329", "standard-version-old", _N, "It uses a version of a standard that is not the latest."),
    ("MC330", "listed-without-provider", _N, "It is listed, and nobody may deliver it."),
    ("MC331", "registration-ended", _W, "A registration ran out, and nothing says what followed."),
    ("MC401", "vague-outcome-verb", _W, "An outcome begins with a verb that nobody can assess."),
    ("MC402", "hours-credits-disagree", _W, "The hours are not those that the credits stand for."),
    ("MC403", "placeholder-text", _W, "A text only stands for one that is to come, or for none."),
    ("MC404", "credits-sum", _W, "The credits of the outcomes do not come to those of the award."),
    ("MC405", "standards-exceed-credits", _W, "The compulsory standards have more credits than the award."),
    ("MC406", "level-far-from-standards", _W, "A compulsory standard is two levels or more from the award."),
    ("MC407", "duplicate-outcome", _W, "Two outcomes of a record have the same words."),
    ("MC408", "missing-translation", _N, "A text is not in all the languages that others of its kind are in."),
    ("MC409", "unsafe-link", _W, "A link holds a login, leads into a closed network, or is not encrypted."),
    ("MC410", "pathway-in-wrong-field", _W, "An outcome says where the award leads."),
    ("MC411", "outcome-not-assessed", _E, "No assessment assesses an outcome."),
    ("MC412", "assessment-of-nothing", _W, "An assessment assesses no outcome."),
    ("MC413", "overlapping-credential", _W, "Two awards share much of what they assess."),
    ("MC414", "pasted-text", _W, "A text holds a mark that came with pasting."),
    ("MC451", "pattern-not-allowed", _E, "A pattern of a clause could run for ever, or programs read it differently."),
    ("MC452", "edition-order", _E, "Editions of an instrument overlap, or a period ends before it begins."),
    ("MC453", "policy-widens", _E, "A policy allows more than the framework that it is a layer on."),
    ("MC501", "id-reused", _E, "An id that was another record's is given to a new one."),
    ("MC502", "record-deleted", _E, "A record that was submitted is deleted, or its id is gone."),
    ("MC503", "decision-rewritten", _E, "A decision that was recorded is changed or taken out."),
    ("MC504", "listed-version-changed", _E, "What was approved or listed is changed, and no new version is recorded."),
    ("MC505", "outcome-id-changed", _E, "An outcome has another id than it had when the record was submitted."),
    ("MC506", "translation-stale", _W, "A text changed in the first language, and not in another one."),
    ("MC507", "period-lengthened-while-overdue", _W, "A review period was made longer while the review was overdue."),
    ("MC508", "reviews-bumped-in-one-commit", _W, "One change puts off many reviews, and says of none what was found."),
    ("MC509", "policy-weakened", _W, "A policy, or a framework of the catalogue's own, asks less than before."),
    ("MC801", "unused-ignore", _W, "A comment ignores what is not found there."),
    ("MC802", "unknown-rule", _E, "A comment ignores a rule that does not exist."),
    ("MC803", "missing-reason", _E, "A comment ignores something and does not say why."),
    ("MC804", "expired-ignore", _E, "The last day of a comment that ignores something has passed."),
    ("MC805", "blanket-ignore", _E, "A comment ignores something and does not name the rule."),
    ("MC806", "malformed-ignore", _E, "A comment looks as if it ignored something, and is not written so."),
    ("MC807", "not-ignorable", _E, "A comment ignores what may not be ignored."),
    ("MC808", "long-ignore", _E, "A comment ignores something for longer than the catalogue allows."),
    ("MC811", "baseline-entry-gone", _W, "A known fault of the baseline is no longer found."),
    ("MC812", "malformed-baseline-entry", _E, "A line of the baseline is no known fault."),
    ("MC813", "duplicate-baseline-entry", _W, "A known fault stands in the baseline twice."),
    ("MC814", "unknown-fingerprint-version", _E, "A known fault has a fingerprint that another mcred made."),
    ("MC901", "findings-left-out", _E, "A file has more findings than a report shows."),
    ("MC902", "editor-schema-stale", _W, "The schema that the editor reads is older or newer than mcred."),
)

_BY_ID = {rule.id: rule for rule in RULES.values()}


def rule_named(name: str) -> RuleId:
    """The entry of a rule's name; a clause such as nzqcf.credits is its own id and name.

    Raises:
        KeyError: the register has no such name.
    """
    return RULES[name] if "." not in name else RuleId(name, name, Severity.ERROR, "A requirement of a framework.")


def rule_id(text: str) -> RuleId | None:
    """The entry that `text` names by code or by name in any case, or None."""
    return _BY_ID.get(text.upper()) or RULES.get(text.lower())
