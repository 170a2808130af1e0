"""What libyaml says of text that is not YAML, put into words for people who do not know YAML."""

import re
from collections.abc import Callable
from typing import NamedTuple

from mcred.diagnostic import Finding, Related, Span
from mcred.document.decoding import Lines, fault
from mcred.text import plural, shown


class Mark(NamedTuple):
    """A place as libyaml gives it: line and column from 0."""

    line: int
    column: int


Explainer = Callable[[Lines, Mark, Mark], Finding]


def explain(lines: Lines, context: str, began: Mark | None, problem: str, at: Mark | None) -> Finding:
    """The finding for one error of libyaml: what it was doing and where that began, what was wrong and where."""
    place = at or began or Mark(0, 0)
    blank = _odd_space(lines, place, began)
    if blank:
        return blank
    if late := _ends_late(lines, place):
        return late
    if any(words in problem for words in _SEEN_LATE):
        opened = _last_open(lines, place)
        if opened and opened[0].line < place.line and not _closed_after(lines, opened[0]):
            return _UNCLOSED[{"[": "]", "{": "}"}[opened[1]]](lines, opened[0], place)
    for words, explained in _EXPLAINED:
        if words in problem:
            return explained(lines, began or place, place)
    return _at(lines, place, "this is not YAML here: " + (problem or context), "compare it with the lines around it")


def _at(lines: Lines, mark: Mark, message: str, hint: str, related: tuple[Related, ...] = ()) -> Finding:
    return fault(
        "yaml-syntax", _point(lines, mark), message.replace("{", "{{").replace("}", "}}"), hint=hint, related=related
    )


def _point(lines: Lines, mark: Mark) -> Span:
    """The character at a mark; past the end of the text, the end of its last line that holds anything."""
    number, column = mark.line + 1, mark.column + 1
    if number > len(lines.starts) or (not lines.line(number)[mark.column :] and number == len(lines.starts)):
        number = len(lines.starts)
        while number > 1 and not lines.line(number).strip():
            number -= 1
        column = len(lines.line(number)) + 1
    return Span(number, column, number, min(column, len(lines.line(number))) + 1)


def _odd_space(lines: Lines, place: Mark, began: Mark | None) -> Finding | None:
    """A tab or a no-break space where YAML wants spaces: the commonest fault of pasted text, and an invisible one."""
    for number in dict.fromkeys((place.line + 1, (began or place).line + 1)):
        line = lines.line(number)
        body = line.lstrip(" \t\u00a0\u2007\u202f\u3000")
        margin = line[: len(line) - len(body)]
        for column, character in enumerate(margin):
            if character != " ":
                name = "a tab" if character == "\t" else f"a no-break space (U+{ord(character):04X})"
                span = Span(number, column + 1, number, column + 2)
                return fault(
                    "yaml-syntax",
                    span,
                    "{name} stands where the line is indented",
                    hint="indent with spaces",
                    name=name,
                )
        head, colon, tail = line.partition(":")
        if colon and tail[:1] in "\u00a0\u2007\u202f\u3000" and tail:
            span = Span(number, len(head) + 2, number, len(head) + 3)
            code = f"U+{ord(tail[0]):04X}"
            return fault(
                "yaml-syntax",
                span,
                "a no-break space ({code}) follows the colon, so this is no field",
                hint="put an ordinary space after the colon",
                code=code,
            )
    return None


# A field whose colon no space follows; a web address is none.
_NO_SPACE = re.compile(r"[ \t]*(?:- )?([A-Za-z_][A-Za-z0-9_-]*):(?!//)[^ \t:]")


# A dash that no space follows; a number may be less than nothing.
_NO_SPACE_AFTER_DASH = re.compile(r"[ \t]*(-)[^ \t\r0-9.-]")


def _no_space(lines: Lines, number: int) -> Finding | None:
    """The commonest slip: `title:Farm` has a colon, and `-{id: a}` a dash, but to YAML it is one text."""
    line = lines.line(number)
    if dash := _NO_SPACE_AFTER_DASH.match(line):
        return fault(
            "yaml-syntax",
            Span(number, dash.start(1) + 1, number, dash.end(1) + 1),
            "no space follows the dash, so this is no item of a list",
            hint="put a space after the dash",
        )
    match = _NO_SPACE.match(line)
    if not match:
        return None
    return fault(
        "yaml-syntax",
        Span(number, match.start(1) + 1, number, match.end(1) + 2),
        "no space follows the colon of '{key}', so this is no field",
        hint="put a space after the colon",
        key=match[1],
    )


def _colon(lines: Lines, began: Mark, place: Mark) -> Finding:
    line = lines.line(place.line + 1)
    numbers = (place.line, place.line + 1) if line.lstrip().startswith("-") else (place.line,)
    if slip := next(filter(None, (_no_space(lines, number) for number in numbers)), None):
        return slip
    indent = len(line) - len(line.lstrip())
    key_ends = line.find(":")
    if key_ends == place.column and place.line:
        span = Span(place.line + 1, indent + 1, place.line + 1, key_ends + 1)
        return fault(
            "yaml-syntax",
            span,
            "'{key}' stands deeper than the line above, which already has a value",
            hint="give it the same indentation as the field it follows",
            key=line[indent:key_ends],
        )
    return _at(
        lines,
        place,
        "a colon inside a text that has no quotes",
        "put the whole value in quotes; a colon with a space after it makes a field",
    )


def _no_colon(lines: Lines, began: Mark, place: Mark) -> Finding:
    if slip := _no_space(lines, began.line + 1):
        return slip
    line = lines.line(began.line + 1)
    span = Span(began.line + 1, began.column + 1, began.line + 1, max(len(line.rstrip()), began.column + 1) + 1)
    return fault(
        "yaml-syntax",
        span,
        "'{line}' is no field: it has no colon",
        hint="write `field: value`; a text that goes on from the line above is indented more than its field",
        line=line.strip(),
    )


def _indent(lines: Lines, began: Mark, place: Mark) -> Finding:
    line = lines.line(place.line + 1)
    if line[place.column : place.column + 1] in ("]", "}"):
        return _content(lines, began, place)
    before = line[: place.column].strip()
    if before:
        return _too_much(lines, place, before.rpartition(": ")[2].removeprefix("- "))
    dash = line[place.column :].startswith("-")
    if dash and (slip := _no_space(lines, place.line + 1)):
        return slip
    if dash and place.column <= began.column:
        return _at(
            lines,
            place,
            "a list item ('-') stands where a field should",
            "items stand below the field of their list, which has nothing after its colon",
        )
    if line[place.column : place.column + 2] in (":", ": "):
        return _at(lines, place, "a colon with no name before it", "write the name of the field before the colon")
    above = next((number for number in range(place.line, 0, -1) if lines.line(number).strip()), 1)
    margin = len(lines.line(above)) - len(lines.line(above).lstrip())
    return _at(
        lines,
        place,
        f"this {'list item' if dash else 'line'}, indented by {plural(place.column, 'space')}, "
        "does not line up with those above",
        "give it as many spaces as the lines it belongs with",
        related=(Related(f"indented by {plural(margin, 'space')}", span=_point(lines, Mark(above - 1, margin))),),
    )


def _too_much(lines: Lines, place: Mark, value: str) -> Finding:
    """Something follows a value on its line: most often a quote inside a text ended it."""
    if value in ("'", '"'):
        return _at(
            lines,
            place,
            f"the quote {value} before this ends a text that began on a line above",
            'a quote inside double quotes is written \\", one inside single quotes twice',
        )
    whole = value if value[:1] in ("'", '"') else f"'{value}'"
    message = f"the line should end after {shown(whole)}"
    hint = "put the whole value in quotes; a quote inside single quotes is written twice"
    return _at(lines, place, message, hint)


_CLOSES = {'"': re.compile(r"""(?<!\\)(?:\\\\)*(")"""), "'": re.compile("(?<!')(?:'')*(')(?!')")}
"""The end of a text in quotes, with what only looks like it left out: a quote after a backslash, a quote doubled."""


def _ends_late(lines: Lines, place: Mark) -> Finding | None:
    """A quote that was left open: its text reaches over fields to the next quote, behind which something follows."""
    end = lines.index(place.line + 1, place.column) if place.line < len(lines.starts) else 0
    quote = lines.text[end : end + 1]
    if not place.column or quote not in _CLOSES:
        return None
    opening = max((match.start(1) for match in _CLOSES[quote].finditer(lines.text[:end])), default=end)
    span = lines.span(opening, opening + 1)
    if span.line > place.line or not _is_field(lines.line(span.line + 1)):
        return None
    return _at(
        lines,
        Mark(span.line - 1, span.column - 1),
        f"the quote {quote} is not closed on its line",
        f"add the closing {quote} at the end of the value",
        related=(Related("so the text would end here", span=lines.span(end, end + 1)),),
    )


def _unclosed(closing: str) -> Explainer:
    def explained(lines: Lines, began: Mark, place: Mark) -> Finding:
        opening = {"]": "[", "}": "{"}[closing]
        if place.line == began.line and lines.line(place.line + 1)[place.column :].strip():
            return _at(
                lines,
                place,
                f"a comma or '{closing}' is missing before this",
                f"put commas between what stands in '{opening} {closing}'; quote text that holds ': ', '[' or '{{'",
                related=(Related(f"'{opening}' stands here", span=_point(lines, began)),),
            )
        return _at(
            lines,
            began,
            f"'{opening}' is never closed",
            f"add the '{closing}' that belongs to it"
            + (", or delete the '[' where items follow on lines with '- '" if closing == "]" else ""),
            related=(Related("noticed here", span=_point(lines, place)),),
        )

    return explained


_UNCLOSED = {"]": _unclosed("]"), "}": _unclosed("}")}


_SEEN_LATE = (
    "block sequence entries are not allowed",
    "mapping values are not allowed",
    "cannot start any token",
    "did not find expected node content",
    "did not find expected ',' or",
)
"""Problems that a bracket left open on an earlier line leads to."""


def _closed_after(lines: Lines, opened: Mark) -> bool:
    """Whether the line of an open bracket goes on behind it, so that its items may well follow on more lines."""
    rest = lines.line(opened.line + 1)[opened.column + 1 :].split("#")[0].strip()
    return bool(rest) or not _is_field(lines.line(opened.line + 2))


def _is_field(line: str) -> bool:
    """Whether a line looks as if a field or an item of a list began on it."""
    return bool(re.match(r"\s*(?:-\s|[\w-]+:(?:\s|$))", line))


def _last_open(lines: Lines, until: Mark | None = None) -> tuple[Mark, str] | None:
    """The innermost bracket that the text leaves open, as far as counting shows it; all of it, or up to a place."""
    opened: list[tuple[int, str]] = []
    end = lines.index(until.line + 1, until.column + 1) if until and until.line < len(lines.starts) else len(lines.text)
    for match in re.finditer(r"[\[\]{}]", lines.text[:end]):
        if match[0] in "[{":
            opened.append((match.start(), match[0]))
        elif opened:
            opened.pop()
    if not opened:
        return None
    place = lines.span(opened[-1][0], opened[-1][0])
    return Mark(place.line - 1, place.column - 1), opened[-1][1]


def _quote(lines: Lines, began: Mark, place: Mark) -> Finding:
    quote = lines.line(began.line + 1)[began.column : began.column + 1] or '"'
    return _at(lines, began, f"the quote {quote} is never closed", f"add the closing {quote} at the end of the value")


def _escape(lines: Lines, began: Mark, place: Mark) -> Finding:
    column = lines.line(place.line + 1).rfind("\\", 0, place.column + 1)
    return _at(
        lines,
        Mark(place.line, column) if column >= 0 else place,
        "in double quotes a backslash begins a code, and this is none",
        "use single quotes, or write the backslash twice",
    )


def _start(lines: Lines, began: Mark, place: Mark) -> Finding:
    character = lines.line(place.line + 1)[place.column : place.column + 1]
    if character == "\t":
        return _tab(lines, began, place)
    return _at(lines, place, f"a value cannot begin with '{character}'", "put the value in quotes")


def _name(lines: Lines, began: Mark, place: Mark) -> Finding:
    """`&` or `*` without a name that YAML could read: the sign begins the value, the fault comes after it."""
    return _start(lines, began, began)


def _content(lines: Lines, began: Mark, place: Mark) -> Finding:
    character = lines.line(place.line + 1)[place.column : place.column + 1]
    if character in ("]", "}"):
        opening = {"]": "[", "}": "{"}[character]
        return _at(
            lines, place, f"'{character}' closes nothing", f"delete it, or add the '{opening}' that belongs to it"
        )
    if not character and (opened := _last_open(lines)):
        return _UNCLOSED[{"[": "]", "{": "}"}[opened[1]]](lines, opened[0], place)
    if character == ",":
        return _at(lines, place, "a comma with nothing before it", "delete the comma, or put the value in quotes")
    return _start(lines, began, place)


def _list(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(
        lines,
        place,
        "a list cannot begin on the line of its field",
        "begin each '- item' on a line of its own; put a text that begins with '-' in quotes",
    )


def _alias(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(
        lines, place, "'*' repeats a named value, and no value has this name", "put text that begins with '*' in quotes"
    )


def _anchor(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(
        lines,
        place,
        "'&' gives a name that another value has already",
        "put text that begins with '&' in quotes; write values out",
    )


def _document(lines: Lines, began: Mark, place: Mark) -> Finding:
    text = lines.line(place.line + 1)[place.column :]
    if text[:1] in "]}" and text:
        return _content(lines, began, place)
    return _at(
        lines,
        place,
        "this line does not belong to what stands above",
        "all fields of a record begin in the first column, as `field: value`",
    )


def _header(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(
        lines,
        place,
        "after '|' or '>' the line should end; the text follows on the next lines, indented",
        "put the text on the next line, or in quotes if it begins with '|' or '>'",
    )


def _directive(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(lines, began, "a line cannot begin with '%'", "delete the line, or put the value in quotes")


def _tag(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(lines, began, "'!' begins a type, and this is none", "put text that begins with '!' in quotes")


def _key(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(lines, place, "'?' cannot begin a value", "put the value in quotes")


def _tab(lines: Lines, began: Mark, place: Mark) -> Finding:
    return _at(lines, place, "a tab stands where spaces are needed", "use spaces")


_EXPLAINED: tuple[tuple[str, Explainer], ...] = (
    ("mapping values are not allowed", _colon),
    ("could not find expected ':'", _no_colon),
    ("did not find expected key", _indent),
    ("did not find expected '-' indicator", _indent),
    ("did not find expected ',' or ']'", _UNCLOSED["]"]),
    ("did not find expected ',' or '}'", _UNCLOSED["}"]),
    ("found unexpected end of stream", _quote),
    ("found unexpected document indicator", _quote),
    ("found unknown escape character", _escape),
    ("escape code", _escape),
    ("did not find expected hexdecimal number", _escape),
    ("did not find expected alphabetic or numeric", _name),
    ("found character that cannot start any token", _start),
    ("did not find expected node content", _content),
    ("block sequence entries are not allowed", _list),
    ("found undefined alias", _alias),
    ("second occurrence", _anchor),
    ("did not find expected <document start>", _document),
    ("did not find expected comment or line break", _header),
    ("indentation indicator", _header),
    ("mapping keys are not allowed", _key),
    ("non-alphabetical character", _directive),
    ("expected '>'", _tag),
    ("tab", _tab),
    ("directive", _directive),
    ("tag", _tag),
    ("'!'", _tag),
)
