"""What stands for bytes: BLAKE2, as hashlib has it.

hashlib itself brings OpenSSL, which takes a quarter of the time that Python takes to start, and nothing of which is
used here. The module that it has BLAKE2 from is CPython's own business, so that hashlib stands in where there is none.
"""

try:
    from _blake2 import blake2b
except ImportError:  # another Python
    from hashlib import blake2b

__all__ = ["blake2b"]
