"""What is known of files from earlier runs, in the user's cache folder: never needed, never wrong."""

from mcred.store.blocks import LARGEST, Usage, clear, dumped, loaded, noted, usage
from mcred.store.results import Known, Store, digest

__all__ = ["LARGEST", "Known", "Store", "Usage", "clear", "digest", "dumped", "loaded", "noted", "usage"]
