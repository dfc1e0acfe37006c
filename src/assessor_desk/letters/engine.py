"""The one door to PyMuPDF, opened only when a letter is made."""

import sys
from types import ModuleType


def pymupdf() -> ModuleType:
    """Return PyMuPDF without its layout module and numpy, which letters do not need and which cost start-up time."""
    if "pymupdf" in sys.modules:
        return sys.modules["pymupdf"]
    blocked = [name for name in ("pymupdf.layout", "numpy") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    import pymupdf as loaded

    if "numpy" in blocked:
        del sys.modules["numpy"]
    return loaded
