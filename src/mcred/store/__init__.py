"""What is known of files from earlier runs, in the user's cache folder: never needed, never wrong."""

from mcred.store.blocks import LARGEST, Usage, clear, dumped, loaded, noted, usage
from mcred.store.results import Known, Store, digest, room
from mcred.store.roll import Found, Roll, Standing

__all__ = [
    "LARGEST",
    "Found",
    "Known",
    "Roll",
    "Standing",
    "Store",
    "Usage",
    "clear",
    "digest",
    "dumped",
    "loaded",
    "noted",
    "room",
    "usage",
]
