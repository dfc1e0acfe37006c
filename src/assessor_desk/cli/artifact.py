"""`assessor-desk artifact`: what a file is, and whether this desk can read it."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from assessor_desk.artifacts.describe import Description, describe
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.cli.answers import DONE, REFUSED, Answer
from assessor_desk.cli.commands import JSON, Command, option
from assessor_desk.errors import InputError
from assessor_desk.operations.wording import counted, size
from assessor_desk.wire import codec


def inspect(arguments: argparse.Namespace) -> Answer:
    """Tell what a file is, reading it as an artifact is read: by its content, in a process without rights."""
    path = Path(arguments.file)
    try:
        with Renderer() as renderer:
            told = describe(path, path.name, renderer)
    except OSError as fault:
        why = fault.strerror or fault
        raise InputError(f"The file {path} cannot be read: {why}.", next="Look at its name and place.") from fault
    return Answer(codec.to_json(told), tuple(_lines(told)), REFUSED if told.problem else DONE)


def _lines(told: Description) -> Iterator[str]:
    pages = "" if told.pages is None else f", {counted(told.pages, 'page')}"
    text = "" if told.text_length is None else f", {counted(told.text_length, 'sign')} of text"
    yield f"{told.kind}, {told.media_type}, {size(told.size)}{pages}{text}"
    yield from told.notes
    if told.problem:
        yield told.problem


COMMANDS = (
    Command(
        ("artifact", "inspect"),
        "Tell what a file is by its content, and whether its text can be read.",
        inspect,
        (option("file", help="any file", metavar="FILE"), JSON),
    ),
)
