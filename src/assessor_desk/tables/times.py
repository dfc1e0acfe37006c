"""One written form of an instant: UTC, microseconds, a fixed width, so that text order is time order."""

from datetime import UTC, datetime

FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def written(moment: datetime) -> str:
    """Return the instant as text; a time without a zone is refused."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    utc = moment.astimezone(UTC)
    # Not strftime: its %Y does not pad years before 1000 on every platform, and the width is the promise.
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read(text: str) -> datetime:
    """Return the instant that `written` wrote."""
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)


def written_or_none(moment: datetime | None) -> str | None:
    """Return the instant as text, or nothing for none."""
    return None if moment is None else written(moment)


def read_or_none(text: str | None) -> datetime | None:
    """Return the instant, or nothing for none."""
    return None if text is None else read(text)
