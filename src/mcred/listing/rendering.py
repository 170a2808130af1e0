"""Templates to fragments of HTML: one environment a run, in which nothing undefined passes and nothing acts."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from mcred.listing.fault import TemplateFault
from mcred.listing.words import clean

ENDING = ".html.j2"


class Template(NamedTuple):
    """The text of a template, and the path by which people know it."""

    text: str
    path: str


class Templates:
    """The templates of a run; `find` gives the one of a name, or None where there is none."""

    def __init__(self, find: Callable[[str], Template | None]) -> None:
        def load(name: str) -> tuple[str, str, None] | None:
            found = find(name)
            return (found.text, found.path, None) if found is not None else None

        self._environment = SandboxedEnvironment(
            loader=FunctionLoader(load),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """The fragment that a template gives for some values.

        Raises:
            TemplateFault: it asks for what there is not, or for what it may not have, or cannot be read.
        """
        try:
            return self._environment.get_template(name + ENDING).render(values)
        except TemplateSyntaxError as error:
            raise TemplateFault(
                error.message or "it cannot be read", error.filename or name + ENDING, error.lineno
            ) from error
        except TemplateNotFound as error:
            raise TemplateFault(f"there is no template '{error.name}'", name + ENDING) from error
        except (UndefinedError, SecurityError, LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise TemplateFault(str(error), *_place(error)) from error


def _place(error: BaseException) -> tuple[str, int]:
    """The template and line in which an error came about: Jinja gives its templates frames of their own."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(ENDING)]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)


def _finalize(value: object) -> object:
    """What is printed: text without characters that act, nothing for null, never a map or a list."""
    if type(value) is str:
        return clean(value)
    if isinstance(value, Markup | int | float) and not isinstance(value, bool):
        return value
    if value is None:
        return ""
    if isinstance(value, dict | list | tuple | bool):
        raise TypeError(f"a {_CALLED[type(value)]} cannot be printed as it is: use text(…), a loop, or a condition")
    return value


_CALLED: dict[type, str] = {dict: "map", list: "list", tuple: "list", bool: "yes or no"}
