"""The only package that knows Git: what a commit holds of a catalogue, who wrote it, and where lines of commits part.

It reads objects and nothing else: no working tree, no index, no network, and no program that a repository names.
"""

from mcred.history.repository import Blob, Repository, Tree

__all__ = ["Blob", "Repository", "Tree"]
