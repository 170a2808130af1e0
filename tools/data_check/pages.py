"""The pages on regulation, to which facts go back that the source data does not have. They need not be there."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from . import words
from .plain import digest, text

VARIABLE = "MCRED_REGULATION"


class Pages:
    def __init__(self, texts: dict[str, str] | None, addresses: str = "") -> None:
        self.texts = texts
        self.more = addresses

    @classmethod
    def read(cls, folder: Path | None, frameworks: Path) -> "Pages":
        """The pages of a folder, if there is one, and the addresses of the frameworks' own sources."""
        more = "\n".join(path.read_text(encoding="utf-8") for path in sorted(frameworks.glob("*.yaml")))
        if folder is None:
            return cls(None, more)
        return cls(
            {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("regulation-*.md"))}, more
        )

    @cached_property
    def by_digest(self) -> dict[tuple[str, str], str]:
        return {
            (name, digest(line)): line for name, content in (self.texts or {}).items() for line in content.splitlines()
        }

    @cached_property
    def words(self) -> frozenset[str]:
        return words.spoken(" ".join((self.texts or {}).values()))

    def lines(self, page: str, sought: list[str]) -> Iterator[tuple[str, str]]:
        """The lines of a page that have all these words, each with its digest."""
        for line in (self.texts or {})[page].splitlines():
            if all(word.lower() in line.lower() for word in sought):
                yield digest(line), text(line)

    def address(self, url: str) -> bool:
        """Whether a page has this address, whole or as a base and a path below it. True where there are no pages."""
        if f'"{url}"' in self.more or self.texts is None:
            return True
        said = "\n".join(self.texts.values())
        if re.search(rf"{re.escape(url)}(?![\w/?=-])", said) or re.search(
            rf"{re.escape(url.rstrip('/'))}[\s/)|;,.]", said
        ):
            return True
        cuts = [match.end() for match in re.finditer("/", url)][3:]
        return any(f"{url[:cut]}…" in said and f"`{url[cut:]}`" in said for cut in cuts)

    def faults(self, page: str, digests: list[str], called: list[str]) -> Iterator[str]:
        """What is wrong with a line that says of a page that it states something; `called` has to occur in it."""
        if self.texts is None:
            return
        if page not in self.texts:
            yield f"there is no page {page} among {', '.join(self.texts)}"
            return
        lines = []
        for each in digests:
            if (page, each) not in self.by_digest:
                yield f"{page} has no line with the digest {each} any more"
            else:
                lines.append(self.by_digest[page, each])
        if not called or len(lines) < len(digests):
            return
        said = text(" ".join(lines))
        folded = re.sub("[-_]", " ", said.lower())
        if not any(
            words.holds(folded, re.sub("[-_]", " ", name.lower())) or name in words.dates(said) or name in said
            for name in called
        ):
            yield f"{page} does not say '{called[0]}' in that line"
