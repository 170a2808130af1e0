"""mcred: a register of micro-credentials as plain YAML in git, checked under the rules in force."""

__version__ = "0.1.0"
