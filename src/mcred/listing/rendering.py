"""Templates to fragments of HTML: one environment a run, in which nothing undefined passes and nothing acts."""

import re
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from mcred.listing.fault import TemplateFault
from mcred.listing.tree import mark, parse
from mcred.listing.words import Labels, Wordings, clean
from mcred.text import did_you_mean

ENDING = ".html.j2"


class Template(NamedTuple):
    """The text of a template, and the path by which people know it."""

    text: str
    path: str


Find = Callable[[str], Template | None]


class Fragments:
    """The fragments that templates give; `find` gives the template of a name, or None where there is none.

    Where `careful`, Jinja computes nothing beforehand, so that every fault has its line.
    """

    def __init__(self, find: Find, wordings: Wordings, careful: bool = False) -> None:
        def load(name: str) -> tuple[str, str, None] | None:
            found = find(name)
            return (found.text, found.path, None) if found is not None else None

        self._wordings = wordings
        self._environment = SandboxedEnvironment(
            loader=FunctionLoader(load),
            autoescape=True,
            undefined=_Nothing,
            finalize=_finalize_late if careful else _finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            optimized=not careful,
        )

    def __call__(self, name: str, values: Mapping[str, Any]) -> str:
        """The fragment that a template gives for a view, in the words of the view's framework.

        Raises:
            TemplateFault: it asks for what there is not, or for what it may not have, or cannot be read.
        """
        said = self._wordings.of(values["framework"]).said
        try:
            return self._environment.get_template(name + ENDING).render({**values, **said})
        except TemplateSyntaxError as error:
            where = error.filename or name + ENDING
            raise TemplateFault(error.message or "it cannot be read", where, error.lineno) from error
        except TemplateNotFound as error:
            template, line = _place(error)
            raise TemplateFault(f"there is no template '{error.name}'", template or name + ENDING, line) from error
        except (UndefinedError, SecurityError, LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise TemplateFault(str(error), *_place(error)) from error


class _Nothing(StrictUndefined):
    """What a template asked for and there is not; its message says what there is."""

    @property
    def _undefined_message(self) -> str:
        known = self._undefined_obj
        if self._undefined_hint or not isinstance(known, dict):
            return super()._undefined_message
        return f"there is no '{self._undefined_name}' here" + did_you_mean(str(self._undefined_name), known)


def _place(error: BaseException) -> tuple[str, int]:
    """The template and line in which an error came about: Jinja gives its templates frames of their own."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(ENDING)]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)


def _finalize(value: object) -> object:
    """What is printed: text without characters that act, nothing for null, never a map or a list."""
    if type(value) is str:
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, dict | list | tuple | bool):
        raise TypeError(f"a {_CALLED[type(value)]} cannot be printed as it is: use text(…), a loop, or a condition")
    return value


@pass_context
def _finalize_late(context: Context, value: object) -> object:
    """The same; what needs the context is never computed while a template is compiled."""
    return _finalize(value)


_CALLED: dict[type, str] = {dict: "map", list: "list", tuple: "list", bool: "yes or no"}


# --- templates of a catalogue ----------------------------------------------------------------------------------------


def confined(given: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], str]:
    """What renders the templates of a catalogue in a child process (see `mcred.processes`).

    `given` are their texts and paths by name, the labels, and the languages; each job a document's name and its values.
    What a fragment may hold is looked at too: a fault is told with the template's own line.
    """
    templates = {name: Template(*each) for name, each in given["templates"].items()}
    months = {
        language: {int(number): name for number, name in each.items()} for language, each in given["months"].items()
    }
    wordings = Wordings(Labels(given["forms"], months), tuple(given["languages"]))
    plain = Fragments(templates.get, wordings, careful=True)
    marked = Fragments({name: _marked(each) for name, each in templates.items()}.get, wordings, careful=True)

    def made(job: Mapping[str, Any]) -> str:
        fragment = plain(job["name"], job["values"])
        try:
            parse(fragment)
        except TemplateFault:
            parse(marked(job["name"], job["values"]))
            raise
        return fragment

    return made


_TAG = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)


def _marked(template: Template) -> Template:
    """A template with its own lines written between its tags."""
    pieces, line = [], 1
    for place, piece in enumerate(_TAG.split(template.text)):
        pieces.append(piece if place % 2 else mark(piece, template.path, line))
        line += piece.count("\n")
    return Template("".join(pieces), template.path)


def checked(fragment: str) -> Markup:
    """A fragment that came from a template of a catalogue, once it holds nothing but what documents have.

    Raises:
        TemplateFault: it holds something else.
    """
    parse(fragment)
    return Markup(fragment)  # noqa: S704 - it was read whole, and is of the small part of HTML that does nothing
