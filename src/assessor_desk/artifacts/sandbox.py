"""Confines the render worker: from here on the system refuses it files, network, processes and more than its share."""

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from assessor_desk.artifacts.limits import RenderLimits


def _found_filter() -> Any:
    """Return the module that makes system call filters, or nothing where the system has no such library."""
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        return importlib.import_module("pyseccomp")
    return None


# Finding the library starts a helper program, so it is found before anything is taken away.
seccomp = _found_filter() if sys.platform == "linux" else None

# What reading documents in memory and answering over an open pipe takes; everything else is refused.
_ALLOWED = (
    *("read", "write", "readv", "writev", "lseek", "close", "fstat"),
    *("munmap", "mremap", "madvise", "brk"),
    *("futex", "sched_yield", "sched_getaffinity", "getpid", "gettid", "rseq", "membarrier", "set_robust_list"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "getrusage", "times"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("getrandom", "exit", "exit_group"),
)
_MAPPING = ("mmap", "mprotect")
_EXECUTABLE = 0x4  # PROT_EXEC
_NO_NEW_PRIVILEGES, _DUMPABLE = 38, 4  # PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE


def confine(limits: RenderLimits) -> tuple[str, ...]:
    """Take away from this process what it must not have, for good, and return by which means that was done."""
    return tuple(_confined(limits))


def end_with(lifeline: int) -> None:
    """Have the system end this process when the desk, which holds the other end of the pipe, is gone.

    A worker in the middle of a page does not look at its pipes; the signal reaches it all the same.
    """
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _confined(limits: RenderLimits) -> Iterator[str]:
    if sys.platform != "win32":
        yield from _resource_limits(limits)
    if sys.platform == "linux":
        yield from _no_new_privileges()
        yield from _system_call_filter()


def _resource_limits(limits: RenderLimits) -> Iterator[str]:
    import resource

    life = limits.cpu_seconds_in_life
    # No number is left for another open file, so opening a file, a socket or a pipe fails even without the filter.
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": 0,
        "RLIMIT_NPROC": 0,
        "RLIMIT_CPU": life,
        "RLIMIT_AS": limits.memory,
    }
    for name, most in wanted.items():
        # One system lacks a limit, another refuses it; what took hold is reported, the rest is not.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            limit = getattr(resource, name)
            already = resource.getrlimit(limit)[1]
            most = most if already == resource.RLIM_INFINITY else min(most, already)
            resource.setrlimit(limit, (most, most))
            yield name


def _no_new_privileges() -> Iterator[str]:
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_DUMPABLE, 0, 0, 0, 0) == 0:
        yield "not dumpable"
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        yield "no new privileges"


def _system_call_filter() -> Iterator[str]:
    if seccomp is None:
        return
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    rules.set_attr(seccomp.Attr.CTL_TSYNC, 1)
    allowed: list[tuple[Any, ...]] = [(name,) for name in _ALLOWED]
    allowed += [(name, seccomp.Arg(2, seccomp.MASKED_EQ, _EXECUTABLE, 0)) for name in _MAPPING]
    for name, *conditions in allowed:
        # A system call that this processor does not have needs no permission.
        with contextlib.suppress(ValueError, OSError):
            rules.add_rule(seccomp.ALLOW, name, *conditions)
    # Some containers let no process filter its calls; what is enforced is told as it is.
    with contextlib.suppress(OSError):
        rules.load()
        yield "system call filter"
