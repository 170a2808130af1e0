"""The only package that knows Git: what a commit holds of a catalogue, what a line of commits changed, who wrote it.

It reads objects and nothing else: no working tree, no network, and no program that a repository names. What it writes
is a commit of files that are handed to it (`recording.py`).
"""

from mcred.history.recording import File, Made, Recording
from mcred.history.repository import Blob, Changed, Commit, Item, Repository, Tree

__all__ = ["Blob", "Changed", "Commit", "File", "Item", "Made", "Recording", "Repository", "Tree"]
