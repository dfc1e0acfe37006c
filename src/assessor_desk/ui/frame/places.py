"""The places that the rail leads to, and who may go there."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """One page of the window."""

    QUEUE = "queue"
    APPROVALS = "approvals"
    CALIBRATION = "calibration"
    RECORDS = "records"
    PROGRAMS = "programs"
    ACTIVITY = "activity"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Stop:
    """One item of the rail: where it leads, its word, its icon."""

    place: Place
    words: str
    icon: str


ICONS = {
    Place.QUEUE: "inbox",
    Place.APPROVALS: "stamp",
    Place.CALIBRATION: "scale",
    Place.RECORDS: "award",
    Place.PROGRAMS: "layers",
    Place.ACTIVITY: "arrow-up-down",
    Place.SETTINGS: "settings",
}
