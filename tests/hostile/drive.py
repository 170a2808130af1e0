"""Runs the program again and again, each time in a process of its own with limits, and says what it took.

Reads one JSON line a run and answers with one. What the program imports is imported once, and every run is forked from
there, so that a hundred runs take seconds; what a run costs is counted without that. A run sees the environment,
folder and streams it is given, and nothing of what an earlier one did.
"""

import json
import os
import resource
import signal
import sys
import time
import traceback
from importlib import import_module

import jsonschema
import jsonschema_rs

import mcred.reporters.concise
import mcred.reporters.json
import mcred.reporters.text
import mcred.shape.faults
from mcred.cli import main as program
from mcred.cli.app import COMMANDS

IMPORTED = (
    jsonschema,
    jsonschema_rs,
    mcred,
    *(import_module(f"mcred.cli.{each.module}") for each in COMMANDS.values()),
)

SECONDS, MEMORY, WALL = 15, 1 << 30, 30
"""Where a run is cut off; what it may take is for the test to say."""


def run(asked):
    """Be the program in this process, and leave it with the program's exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(WALL)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    for number, path, flags in (
        (0, asked["stdin"], os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, asked["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        handle = os.open(path, flags)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.argv = ["mcred", *asked["arguments"]]
    code = 1
    try:
        program()
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve():
    """Run what is asked for, line by line."""
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            run(asked)
        _, status, used = os.wait4(child, 0)
        answer = {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": used.ru_utime + used.ru_stime,
            "megabytes": used.ru_maxrss / 1024,
        }
        sys.__stdout__.write(json.dumps(answer) + "\n")
        sys.__stdout__.flush()


if __name__ == "__main__":
    serve()
