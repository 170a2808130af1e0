"""Shares work out among processes, and prints what came of it: a process of its own, because threads forbid copies.

pytest and its workers have threads.
"""

import json
import os
import resource
import signal
import sys
import threading
from itertools import islice

from mcred.processes.pool import shared

HERE = os.getpid()
BATCHES = [b"%d" % number for number in range(7)]


def echoed(batch):
    """Give a batch back, much longer than a pipe holds."""
    return batch * 100_000


def told(work, jobs=3, batches=BATCHES, most=None):
    """Return what work came to, in order, how often a process was lost, and whether all processes are gone."""
    lost = []
    results = shared(work, batches, jobs, lambda: lost.append(True))
    done = dict(islice(results, most))
    results.close()
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        gone = True
    else:
        gone = False
    return [done[place] for place in sorted(done)], len(lost), gone


def outcome(*of):
    """Return whether work came to what it should, and the rest of what was told."""
    results, lost, gone = told(*of)
    return results == [echoed(batch) for batch in BATCHES], lost, gone


def mortal(batch):
    """Do the work, but for a process that meets batch 4: it dies."""
    if batch == b"4" and os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return echoed(batch)


def everywhere_mortal(batch):
    """Do the work here, and die anywhere else."""
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return echoed(batch)


def wrong(batch):
    """Raise what a bug would."""
    raise ZeroDivisionError


def where(batch):
    """Say which process does the work."""
    return b"%d" % os.getpid()


def places(jobs=3):
    """Return how many processes did the work, and whether this one was among them."""
    pids = {int(pid) for pid in told(where, jobs)[0]}
    return len(pids), HERE in pids


def raised():
    """Return the name of what a bug raises."""
    try:
        told(wrong)
    except ZeroDivisionError as error:
        return type(error).__name__
    return "nothing"


def beside_a_thread():
    """Return who does the work while there is a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    found = places()
    stop.set()
    thread.join()
    return found


def stopped_early():
    """Return what comes of the work when Ctrl-C reaches each copy before it does anything."""
    fork = os.fork

    def interrupted():
        pid = fork()
        if not pid:
            os.kill(os.getpid(), signal.SIGINT)
        return pid

    os.fork = interrupted
    try:
        return outcome(echoed)
    finally:
        os.fork = fork


def without_pipes():
    """Return who does the work where the system has no more pipes to give."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(0) + 1, before[1]))
    try:
        return places(), outcome(echoed)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def beside_many_files():
    """Return what comes of the work in a process that has more files open than `select` knows of."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = limit[1] if limit[1] != resource.RLIM_INFINITY else 4096
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), limit[1]))
    opened = [os.dup(0) for _ in range(min(1100, most - 100))]
    try:
        return outcome(echoed)
    finally:
        for each in opened:
            os.close(each)


def without_room():
    """Return what comes of the work where the system lets nobody start a process, and none is root's."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if os.geteuid() == 0:
        os.setuid(65534)
    return places(), outcome(echoed)


sys.stdout.write(" ")  # not written out yet: no copy may write it once more
SAID = {
    "one": outcome(echoed, 1),
    "three": outcome(echoed, 3),
    "more than batches": outcome(echoed, 20),
    "who, of one": places(1),
    "who, of three": places(3),
    "one dies": outcome(mortal),
    "all die": outcome(everywhere_mortal),
    "a bug": raised(),
    "nobody asks on": told(echoed, 3, BATCHES, 1)[1:],
    "nothing to do": told(echoed, 3, []),
    "beside a thread": beside_a_thread(),
    "stopped early": stopped_early(),
    "without pipes": without_pipes(),
    "beside many files": beside_many_files(),
    "without room": without_room(),
}
sys.stdout.write(json.dumps(SAID))
