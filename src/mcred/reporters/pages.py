"""Pages that need nothing else, from a template beside the reporter that fills it."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mcred.text import inert


def page(package: str, template: str, **values: Any) -> str:
    """The page. The template escapes what it shows, and characters that nobody could see are made visible."""
    pages = Environment(
        loader=PackageLoader(package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: inert(value) if type(value) is str else value,
    )
    return pages.get_template(template).render(**values)
