"""A hub at work for the power-loss test: portfolios arrive, decisions are accepted, the ledger is sealed.

Run as `python -m tests.durability.hub_writing FOLDER`.
"""

import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from assessor_desk.hub import chores
from assessor_desk.hub.data import Hub
from tests.doubles.clocks import StandingClock
from tests.hub.casework import accepted, arrived, decision, desk, give, offer
from tests.hub.people_here import PairedDesk

ROUNDS = 8


def say(*words: str) -> None:
    """Tell the world; the words are in the recording, in their place among the writes."""
    os.write(1, " ".join(words).encode() + b"\n")


def live(folder: Path) -> None:
    """Make a hub, and take in and decide a few rounds."""
    clock = StandingClock()
    hub = Hub.init(folder / "hub", "Teaching Lab", clock)
    say("made", hub.epoch)
    offer(hub)
    assessor = desk(hub, "ana")
    say("paired", assessor.device)
    for number in range(ROUNDS):
        round_of(hub, assessor, folder, number)
        clock.now += timedelta(seconds=1)
        if number % 2:
            seal(hub)
    hub.close()


def round_of(hub: Hub, assessor: PairedDesk, folder: Path, number: int) -> None:
    """Let a portfolio arrive, and its assessor decide."""
    content = random.Random(number).randbytes(50_000 + 200_000 * (number % 3))  # noqa: S311
    received = arrived(hub, folder.with_name("incoming"), content)
    say("received", received.artifacts[0].sha256)
    give(hub, received, assessor)
    said = decision(assessor)
    accepted(assessor, said)
    say("accepted", said.key)


def seal(hub: Hub) -> None:
    """Do what the hub does by itself while it serves."""
    for chore in chores.CHORES:
        done: Any = chore.do(hub)
        del done
    say("sealed")


if __name__ == "__main__":
    live(Path(sys.argv[1]))
