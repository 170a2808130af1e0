"""Compares the observed records of the catalogue with the source data; tests/data/README.md describes it."""
