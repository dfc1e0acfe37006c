"""Letters as files, for the people who send them out."""

from pathlib import Path

from assessor_desk.environment.files import atomic_write
from assessor_desk.environment.packaged import packaged
from assessor_desk.hub.cases import newest_round
from assessor_desk.hub.data import Hub
from assessor_desk.hub.letter import letter_of
from assessor_desk.letters.pdf import render_letter
from assessor_desk.letters.word import render_letter_as_docx
from assessor_desk.tables.transactions import reading


def write(hub: Hub, code: str, folder: Path) -> tuple[Path, ...]:
    """Write the newest round's letter as PDF and DOCX, and return where; raise if it is not released."""
    with reading(hub.engine) as connection:
        letter = letter_of(connection, newest_round(connection, code))
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{letter.portfolio} round {letter.round}"
    pdf, word = folder / f"{name}.pdf", folder / f"{name}.docx"
    atomic_write(pdf, render_letter(letter, packaged("resources") / "fonts"))
    atomic_write(word, render_letter_as_docx(letter))
    return pdf, word
