"""XML of strangers, read as a stream: no entities, no outside references, no bottomless nesting."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

from assessor_desk.errors import ArtifactError

_DEEPEST = 1_000


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
    depth = _Depth(walker)
    parser.StartElementHandler = depth.start
    parser.EndElementHandler = depth.end
    parser.CharacterDataHandler = walker.words
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise ArtifactError("A part of the file is damaged inside.", next="Ask for a new copy of the file.") from None


class _Depth:
    def __init__(self, walker: Walker) -> None:
        self._start: Callable[[str, Mapping[str, str]], None] = walker.start
        self._end = walker.end
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ArtifactError("The file is nested too deeply to be a document.")
        self._start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._end(name)


def _refuse(*_: object) -> None:
    raise ArtifactError(
        "The file defines entities, which a document does not need and an attack does.",
        next="Flag it as unreadable, or ask for a new copy.",
    )
