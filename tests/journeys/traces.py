"""Looks for words that must not be there, in every form in which a program may leave them."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MEBIBYTE = 1 << 20


def forms(word: str) -> tuple[bytes, ...]:
    """Return a word as files hold words: UTF-8, both kinds of UTF-16, base64 at each alignment, hexadecimal."""
    plain = word.encode()
    shifted = (base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3))
    return (plain, word.encode("utf-16-le"), word.encode("utf-16-be"), *shifted, plain.hex().encode())


def found_in(content: bytes, planted: Mapping[str, Iterable[bytes]]) -> list[str]:
    """Return the names of what was planted and stands in the content."""
    return [name for name, looks in planted.items() if any(look in content for look in looks)]


def found_under(folders: Iterable[Path], planted: Mapping[str, Iterable[bytes]]) -> list[str]:
    """Return where in the files of some folders anything planted stands; files that vanish meanwhile are passed."""
    return [f"{name} in {path}" for path in _files(folders) for name in found_in(_content(path), planted)]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # a database's log, or a file of another program, ended its life
        return b""
