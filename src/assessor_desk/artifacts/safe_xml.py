"""XML of strangers, read as a stream: no entities, no outside references, no tree in memory."""

from collections.abc import Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

from assessor_desk.errors import ArtifactError


class Walker(Protocol):
    """What listens to a document; names are written `{namespace} local`."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""
        ...

    def end(self, name: str) -> None:
        """Hear that an element ends."""
        ...

    def words(self, text: str) -> None:
        """Hear text."""
        ...


def walk(chunks: Iterable[bytes], walker: Walker) -> None:
    """Tell a walker what a document holds, or refuse the document."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.words
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise ArtifactError("A part of the file is damaged inside.", next="Ask for a new copy of the file.") from None


def _refuse(*_: object) -> None:
    raise ArtifactError(
        "The file defines entities, which a document does not need and an attack does.",
        next="Flag it as unreadable, or ask for a new copy.",
    )
