"""Where the files lie that travel with the program, in a checkout and when installed."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parents[1]


def packaged(name: Literal["rubrics", "resources"]) -> Path:
    """Return the folder; the wheel carries it inside the package, a checkout beside `src`."""
    return located(name, _PACKAGE)


def located(name: str, package: Path) -> Path:
    """Return the folder for a package that lies there."""
    places = (package / "packaged" / name, package.parents[1] / name)
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"neither {places[0]} nor {places[1]} is there: the installation is not whole")
