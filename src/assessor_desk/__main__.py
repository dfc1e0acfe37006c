"""The start of every process."""

import sys

from assessor_desk.environment.process import harden


def main() -> int:
    """Run the command line and return its exit code."""
    harden()
    from assessor_desk.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
