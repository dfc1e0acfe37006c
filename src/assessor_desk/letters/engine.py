"""The one door to PyMuPDF, opened only when a letter is made."""

import sys
from types import ModuleType


def pymupdf() -> ModuleType:
    """Return PyMuPDF without its layout module, which would bring a machine-learning runtime along."""
    sys.modules.setdefault("pymupdf.layout", None)  # type: ignore[arg-type]
    import pymupdf as loaded

    return loaded
