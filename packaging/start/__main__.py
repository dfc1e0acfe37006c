"""What `./desk` and `desk.cmd` hand over to: one table of commands."""

import os
import sys

import commands
from talk import SetupError, say

HELP = """Assessor Desk, from a checkout:

  ./desk demo [--headless] [--out DIR]   play the whole job with made-up portfolios
  ./desk run [ARGUMENTS]                 the assessor-desk command; try: ./desk run --help
  ./desk test [PYTEST ARGUMENTS]         every check and every test; with arguments, only those tests
  ./desk check                           lint, types, import contracts, documents
  ./desk help                            this

The first start prepares .venv from requirements.lock and says what this system lacks.
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    for inherited in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"):
        os.environ.pop(inherited, None)
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in ("help", "--help", "-h"):
        sys.stdout.write(HELP)
        return 0
    if name not in commands.TABLE:
        say(f"There is no command '{name}' (./desk help names them all).")
        return 2
    return commands.TABLE[name](rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped; the next start takes up what is unfinished.")
        sys.exit(130)
