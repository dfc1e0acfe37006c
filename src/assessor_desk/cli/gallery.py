"""`assessor-desk gallery`: every part of the window in every state."""

import argparse
from pathlib import Path

from assessor_desk.cli.answers import Answer
from assessor_desk.cli.commands import JSON, Command, option


def gallery(arguments: argparse.Namespace) -> Answer:
    """Show the parts until the window is closed, or leave pictures of them."""
    from assessor_desk.ui.gallery.start import show  # the only command that needs a screen's libraries

    shots = Path(arguments.shots) if arguments.shots else None
    shown = show(shots, arguments.contrast, arguments.text_size / 100)
    pictures = [str(each) for each in shown.pictures]
    return Answer({"pictures": pictures}, tuple(pictures))


COMMANDS = (
    Command(
        ("gallery",),
        "Show every part of the window in every state, in both themes.",
        gallery,
        (
            option("--shots", help="leave pictures and their rectangles here, without a display", metavar="DIR"),
            option("--contrast", help="with high contrast", action="store_true"),
            option(
                "--text-size",
                help="the text size",
                type=int,
                choices=(100, 115, 125, 150, 200),
                default=100,
                metavar="PERCENT",
            ),
            JSON,
        ),
    ),
)
