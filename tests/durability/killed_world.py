"""A hub and a desk that are killed and live again, and everything they said meanwhile."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from assessor_desk.environment.paths import Home
from tests.durability.killing import Launcher, Living
from tests.durability.launching import DESK, HUB
from tests.durability.marks import Marks, Place
from tests.durability.scene import Scene

LONGEST_WAIT = 0.25
AIM_PATIENCE = 3.0
ONE_IN_REAL = 5
"""Every so-manieth hub is started as the command itself, without marks; the others are forks that run the same."""

ASKED_BY_THE_DESK = frozenset({Place.TRANSFER, Place.EXCHANGE})
"""Places in which the desk is when the hub is busy for it."""


@dataclass(frozen=True)
class Kill:
    """Who is to die, and where: at a step in a place, on the way up, or at any moment (`IDLE`)."""

    hub: bool
    place: Place


@dataclass
class World:
    """One scene, its two processes, and what is known of them."""

    scene: Scene
    home: Home
    port: int
    chance: random.Random
    marks: tuple[Marks, Marks]
    acknowledged: dict[str, list[str]] = field(default_factory=lambda: {"edits": [], "decisions": []})
    wrong: list[str] = field(default_factory=list)
    where: Counter[Place] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    given: int = 0
    hasty: bool = False
    _desk: Living | None = None
    _hub: Living | None = None
    _hubs: int = 0

    def hear(self, words: dict[str, Any]) -> None:
        """Take in what was said."""
        self.said.update(words.keys())
        for kind, known in self.acknowledged.items():
            known += words.get(kind, [])
        self.wrong += words.get("found", [])

    def give(self) -> None:
        """Give the assessor one more round, as staff do while desks work."""
        if self.given < len(self.scene.rounds):
            self.scene.give(self.scene.rounds[self.given])
            self.given += 1

    def hub_up(self, launcher: Launcher) -> Living:
        """Return the hub when it listens, started if need be."""
        if self._hub is None:
            self._hub = self._start_hub(launcher)
            launcher.until("listening")
            self.marks[HUB].arrived()
        return self._hub

    def desk_up(self, launcher: Launcher) -> Living:
        """Return the desk when it works, started if need be."""
        if self._desk is None:
            self._desk = self._start_desk(launcher)
            launcher.until("at work")
        return self._desk

    def kill(self, launcher: Launcher, kill: Kill) -> None:
        """Let both work, kill one, and note where it was."""
        if self.chance.random() < 0.25:
            self.give()
        if kill.place is Place.OPENING:
            self._on_the_way_up(launcher, kill.hub)
            return
        if kill.hub or kill.place in ASKED_BY_THE_DESK or self.chance.random() < 0.5:
            self.hub_up(launcher)  # else the desk may be offline
        desk = self.desk_up(launcher)
        victim = self.hub_up(launcher) if kill.hub else desk
        if kill.place is Place.IDLE:
            launcher.listen(self.chance.uniform(0, LONGEST_WAIT))
            self._end(launcher, kill.hub, self._place(kill.hub))
        else:
            self._end(launcher, kill.hub, self._aimed(launcher, kill, victim))

    def _aimed(self, launcher: Launcher, kill: Kill, victim: Living) -> Place:
        """Have the victim die at a chosen step, and return where that was."""
        marks, place = self.marks[HUB if kill.hub else DESK], kill.place
        if kill.hub and (place in ASKED_BY_THE_DESK or not self._hub_is_marked):
            marks, place = self.marks[DESK], place if place in ASKED_BY_THE_DESK else Place.EXCHANGE
        marks.aim(place, self.chance.randint(1, 12), victim.process)
        launcher.listen(AIM_PATIENCE, victim)
        if marks.aimless():
            return place
        marks.aim(Place.IDLE, 0, 0)
        return self._place(kill.hub)

    def _on_the_way_up(self, launcher: Launcher, hub: bool) -> None:
        if (self._hub if hub else self._desk) is not None:
            self._end(launcher, hub, self._place(hub))
        if hub:
            self._hub = self._start_hub(launcher)
        else:
            self._desk = self._start_desk(launcher)
        launcher.listen(self.chance.uniform(0, LONGEST_WAIT / 2))
        self._end(launcher, hub, self._place(hub))

    def _end(self, launcher: Launcher, hub: bool, where: Place) -> None:
        victim = self._hub if hub else self._desk
        assert victim is not None
        launcher.kill(victim)
        self.where[where] += 1
        if hub:
            self._hub = None
            launcher.listen(LONGEST_WAIT / 4)  # time for the desk to find nobody there
        else:
            self._desk = None

    def _place(self, hub: bool) -> Place:
        """Return where a process is; of a hub, also what the desk waits for."""
        asked = self.marks[DESK].where()
        if not hub:
            return asked
        return max(self.marks[HUB].where(), asked if asked in ASKED_BY_THE_DESK else Place.IDLE)

    @property
    def _hub_is_marked(self) -> bool:
        return self._hubs % ONE_IN_REAL != 0

    def _start_hub(self, launcher: Launcher) -> Living:
        self.marks[HUB].clear()
        self._hubs += 1
        order = {"data": str(self.scene.hub.folder), "port": self.port, "marked": self._hub_is_marked}
        return launcher.start({"hub": order})

    def _start_desk(self, launcher: Launcher) -> Living:
        self.marks[DESK].clear()
        acknowledged = self.home.root / "acknowledged.json"
        acknowledged.write_text(json.dumps(self.acknowledged))
        orders = {
            "home": str(self.home.root),
            "seed": self.chance.getrandbits(32),
            "decisions": int(self.chance.random() < 0.6),
            "acknowledged": str(acknowledged),
            "hasty": self.hasty,
        }
        return launcher.start({"desk": orders})
