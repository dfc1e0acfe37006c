"""Where the shared test material lies, when it is there; nothing of it is ever copied."""

import csv
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


@dataclass(frozen=True)
class Sample:
    """One file of the corpus, with what its manifest expects."""

    path: Path
    name: str
    expected: str
    password: str


def samples() -> list[Sample]:
    """Return every file that the manifest lists and the folder holds."""
    manifest = CORPUS / "manifest.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as lines:
        rows = [(CORPUS / row["file"], row) for row in csv.DictReader(lines)]
    return [Sample(path, row["file"], row["expected"], row["password"]) for path, row in rows if path.is_file()]
