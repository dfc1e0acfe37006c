"""One process at a time: a lock that the system lets go when its holder dies."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from assessor_desk.environment.files import PRIVATE_FILE, disk_failures
from assessor_desk.errors import StoreBusyError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock belongs to the opened file: closing the same file elsewhere in this process does not let it go.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class StoreLock:
    """The right to sync a store; a second process may read and append edits without it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def try_acquire(self) -> bool:
        """Take the lock if nobody else has it, without waiting, and say whether it is held."""
        if self._descriptor is not None:
            return True
        with disk_failures():
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let the lock go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        if not self.try_acquire():
            raise StoreBusyError(
                "Another Assessor Desk on this laptop is syncing this store.",
                next="Wait until it is done, or close it.",
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
