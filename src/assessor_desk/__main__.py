"""The start of every process."""

import io
import sys

from assessor_desk.environment.process import harden


def main() -> int:
    """Run the command line and return its exit code."""
    harden()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign must not end the command
    from assessor_desk.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
