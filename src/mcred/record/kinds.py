"""The kinds of record, and the folder of the catalogue in which each is kept."""

FRAMEWORK = "framework"

FOLDERS = {
    "micro-credentials": "micro-credential",
    "organisations": "organisation",
    "standards": "standard",
    "qualifications": "qualification",
    "training-schemes": "training-scheme",
    "equivalencies": "equivalency",
    "groups": "group",
    "policies": FRAMEWORK,
}
"""The kind of what lies in each folder; sub-folders are free. A policy is written as a framework is."""

KINDS = {kind: folder for folder, kind in FOLDERS.items()}
"""The folder of each kind."""

CATALOGUE_FILE = "catalogue.yaml"


def folder_kind(inside: str) -> str | None:
    """The kind of a file by its path below the catalogue's root; None where no kind is kept."""
    if inside == CATALOGUE_FILE:
        return "catalogue"
    folder, slash, _ = inside.partition("/")
    return FOLDERS.get(folder) if slash else None


def stem(path: str) -> str:
    """The name of a record's file without its ending: its id, where it is named as it should be."""
    return path.rpartition("/")[2].removesuffix(".yaml")


def article(kind: str) -> str:
    """A kind with its article: `an organisation`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
