"""Runs `mcred validate` on one file after another, each in a process of its own with limits, and says what it took.

Started with the path of the file to overwrite; reads one JSON line a case, and answers with one. What the program
imports is imported once, so that a hundred cases take seconds; what a case costs is counted without that.
"""

import json
import os
import resource
import sys

import jsonschema
import jsonschema_rs

import mcred.cli.new
import mcred.cli.validate
import mcred.reporters.concise
import mcred.reporters.json
import mcred.reporters.text
import mcred.shape.faults
from mcred.cli.running import run

IMPORTED = (jsonschema, jsonschema_rs, mcred)

SECONDS, MEMORY = 3, 1 << 30
"""Where a case is cut off; what it may take is for the test to say."""


def case(arguments, out, err):
    """Run the program in this process, and leave it with the program's exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for number, path in ((1, out), (2, err)):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
    code = 70
    try:
        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            case(asked["arguments"], asked["out"], asked["err"])
        _, status, used = os.wait4(child, 0)
        answer = {
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "seconds": used.ru_utime + used.ru_stime,
            "megabytes": used.ru_maxrss / 1024,
        }
        sys.__stdout__.write(json.dumps(answer) + "\n")
        sys.__stdout__.flush()


if __name__ == "__main__":
    main()
