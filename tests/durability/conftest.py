"""Kills and power cuts are watched with what Linux alone has: its call tracer, forks, and handles on processes."""

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]
