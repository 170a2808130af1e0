"""`python -m mcred`."""

from mcred.cli import program

if __name__ == "__main__":
    program()
