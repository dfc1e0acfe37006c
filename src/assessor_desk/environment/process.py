"""What every process of ours asks of the system before it touches anything private."""

import os
import sys

if sys.platform != "win32":
    import resource

PRIVATE_UMASK = 0o077


def harden() -> None:
    """Leave no memory dump behind after a crash, and make every new file private."""
    os.umask(PRIVATE_UMASK)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
