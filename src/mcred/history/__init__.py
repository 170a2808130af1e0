"""The only package that knows Git: what a commit holds of a catalogue, what a line of commits changed, who wrote it.

It reads objects and nothing else: no working tree, no index, no network, and no program that a repository names.
"""

from mcred.history.repository import Blob, Changed, Commit, Repository, Tree

__all__ = ["Blob", "Changed", "Commit", "Repository", "Tree"]
