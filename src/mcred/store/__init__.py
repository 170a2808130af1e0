"""What is known of files from earlier runs, in the user's cache folder: never needed, never wrong."""

from mcred.store.blocks import Usage, clear, usage
from mcred.store.results import Known, Store

__all__ = ["Known", "Store", "Usage", "clear", "usage"]
