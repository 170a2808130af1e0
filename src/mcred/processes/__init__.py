"""Child processes: what is not trusted runs in one, within limits."""

from mcred.processes.confined import Confined, Limits

__all__ = ["Confined", "Limits"]
