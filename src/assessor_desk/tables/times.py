"""One written form of an instant: UTC, microseconds, a fixed width, so that text order is time order."""

from datetime import UTC, datetime

WIDTH = len("2026-01-31T23:59:59.000000Z")


def written(moment: datetime) -> str:
    """Return the instant as text; a time without a zone is refused."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    utc = moment.astimezone(UTC)
    # Not strftime: its %Y does not pad years before 1000 on every platform, and the width is the promise.
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read(text: str) -> datetime:
    """Return the instant that `written` wrote."""
    if len(text) != WIDTH:
        raise ValueError(f"{text!r} is not an instant as it is written here")
    return datetime.fromisoformat(text)  # five times as quick as strptime, which a long queue would feel


def written_or_none(moment: datetime | None) -> str | None:
    """Return the instant as text, or nothing for none."""
    return None if moment is None else written(moment)


def read_or_none(text: str | None) -> datetime | None:
    """Return the instant, or nothing for none."""
    return None if text is None else read(text)
