"""Numbers, sizes and times as sentences carry them."""

from datetime import datetime, timedelta

_MEGABYTE = 1_000_000
_CLOCKS_DIFFER = timedelta(minutes=2)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with its noun: “1 decision”, “2 decisions”."""
    return f"1 {one}" if count == 1 else f"{count} {many or one + 's'}"


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    if count < 1000:
        return counted(count, "byte")
    return f"{count / 1000:.0f} KB" if count < _MEGABYTE else f"{count / _MEGABYTE:.1f} MB"


def lasting(span: timedelta) -> str:
    """Return a length of time by its largest unit."""
    minutes = int(span.total_seconds() // 60)
    for unit, length in (("day", 1440), ("hour", 60)):
        if minutes >= length:
            return counted(minutes // length, unit)
    return counted(minutes, "minute")


def moment(at: datetime) -> str:
    """Return a moment as every command prints it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def clock_note(now: datetime, hub_time: datetime | None) -> str:
    """Return a sentence when this laptop's clock is behind what the hub last told, else nothing.

    A clock that runs ahead cannot be told from a hub that was not asked for long.
    """
    if hub_time is None or now + _CLOCKS_DIFFER >= hub_time:
        return ""
    return (
        f"This laptop's clock is {lasting(hub_time - now)} behind the time that the hub last told. "
        "Set it right: for what is signed now, only the time at which the hub receives it counts."
    )
