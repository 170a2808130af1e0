"""What no validator in Python can undercut: start, read every file below a folder, and let libyaml scan its text.

Nothing is kept of what is scanned, no Python object is made of it, and nothing is checked.
"""

import os
import sys

from yaml._yaml import CParser


def scan(folder: str) -> None:
    """Scan the YAML files below a folder."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            scan(entry.path)
        elif entry.name.endswith(".yaml"):
            handle = os.open(entry.path, os.O_RDONLY)
            CParser(os.read(handle, 64 * 1024)).raw_parse()
            os.close(handle)


if __name__ == "__main__":
    scan(sys.argv[1])
