"""The business-day clock: what people were promised, across weekends, closed days, pauses and summer time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessor_desk.domain.clock import Calendar, Pause, claimed_counts, counted_time, pause_ends_by, window
from assessor_desk.domain.policy import ClockRule

CHICAGO = ZoneInfo("America/Chicago")
RULE = ClockRule()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def local(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(CHICAGO).strftime("%a %Y-%m-%d %H:%M")


def test_received_on_friday_opens_on_monday_and_five_days_end_on_friday() -> None:
    found = window(RULE, at("2021-08-06 11:20"), days=5)

    assert local(found.opens_at) == "Mon 2021-08-09 00:00"
    assert local(found.due_at) == "Fri 2021-08-13 17:00"


@pytest.mark.parametrize(("received", "due"), [("06 23:59", "Wed"), ("07 10:00", "Wed"), ("09 00:00", "Thu")])
def test_the_day_of_receipt_is_not_counted_whatever_the_hour(received: str, due: str) -> None:
    found = window(RULE, at(f"2021-08-{received}"), days=3)

    assert local(found.due_at).startswith(due)


def test_receipt_is_dated_in_the_zone_of_the_program() -> None:
    late_thursday_in_chicago = datetime(2021, 8, 6, 3, 0, tzinfo=UTC)

    assert local(window(RULE, late_thursday_in_chicago, days=1).due_at) == "Fri 2021-08-06 17:00"


def test_closed_dates_are_skipped() -> None:
    rule = ClockRule(closed_dates=(date(2021, 8, 10), date(2021, 8, 11)))

    assert local(window(rule, at("2021-08-06 11:20"), days=3).due_at) == "Fri 2021-08-13 17:00"


def test_work_without_days_of_its_own_is_due_on_the_day_it_arrives() -> None:
    assert local(window(RULE, at("2021-08-06 11:20"), days=0).due_at) == "Fri 2021-08-06 17:00"
    assert local(window(RULE, at("2021-08-06 17:01"), days=0).due_at) == "Mon 2021-08-09 17:00"


@pytest.mark.parametrize(
    ("days", "percent", "warning"),
    [
        (4, 50, "Tue 2021-08-10 17:00"),
        (3, 50, "Tue 2021-08-10 08:30"),
        (1, 50, "Mon 2021-08-09 08:30"),
        (3, 100, "Wed 2021-08-11 17:00"),
        (3, 0, "Mon 2021-08-09 00:00"),
    ],
)
def test_the_warning_comes_at_its_share_of_the_time(days: int, percent: int, warning: str) -> None:
    found = window(ClockRule(warn_at_percent=percent), at("2021-08-06 11:20"), days)

    assert local(found.warn_at) == warning


def test_late_begins_after_the_due_time_and_the_warning_with_its_own() -> None:
    found = window(RULE, at("2021-08-06 11:20"), days=1)
    due = at("2021-08-09 17:00")

    assert (found.is_late(due), found.is_late(due + timedelta(seconds=1))) == (False, True)
    assert (found.warns(at("2021-08-09 08:29")), found.warns(at("2021-08-09 08:30"))) == (False, True)


def test_a_day_on_which_the_clock_stood_still_does_not_count() -> None:
    pause = Pause(at("2021-08-10 10:00"), at("2021-08-12 16:59"))

    found = window(RULE, at("2021-08-06 11:20"), days=3, pauses=(pause,))

    assert local(found.due_at) == "Mon 2021-08-16 17:00"


def test_while_something_is_asked_for_nothing_is_due() -> None:
    found = window(RULE, at("2021-08-06 11:20"), days=3, pauses=(Pause(at("2021-08-10 10:00")),))

    assert (found.warn_at, found.due_at) == (None, None)
    assert not found.is_late(at("2031-08-10 10:00"))
    assert local(found.opens_at) == "Mon 2021-08-09 00:00"


@pytest.mark.parametrize(("until", "due"), [("10 00:00", "Wed 2021-08-11"), ("10 00:01", "Thu 2021-08-12")])
def test_a_pause_that_ended_overnight_costs_only_the_day_before(until: str, due: str) -> None:
    pause = Pause(at("2021-08-09 16:00"), at(f"2021-08-{until}"))

    assert local(window(RULE, at("2021-08-06 11:20"), days=2, pauses=(pause,)).due_at) == f"{due} 17:00"


def test_a_pause_after_the_due_time_saves_no_one() -> None:
    found = window(RULE, at("2021-08-06 11:20"), days=1, pauses=(Pause(at("2021-08-09 17:00")),))

    assert local(found.due_at) == "Mon 2021-08-09 17:00"


def test_a_pause_ends_by_itself_after_the_days_that_the_policy_allows() -> None:
    assert local(pause_ends_by(RULE, at("2021-08-06 11:20"))) == "Fri 2021-08-20 17:00"
    assert pause_ends_by(ClockRule(pause_days=0), at("2021-08-06 11:20")) == at("2021-08-06 11:20")


@pytest.mark.parametrize("received", ["2021-03-12 09:00", "2021-11-05 09:00"])
def test_the_hour_on_the_wall_stays_when_summer_time_begins_or_ends(received: str) -> None:
    assert local(window(RULE, at(received), days=1).due_at).endswith("17:00")


moments = st.datetimes(
    min_value=datetime(2019, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2031, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(
    ("America/Chicago", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
)
rules = st.builds(
    ClockRule,
    time_zone=zones,
    due_at=st.times(min_value=time(0, 1)).map(lambda each: each.replace(microsecond=0)),
    warn_at_percent=st.integers(0, 100),
    closed_dates=st.lists(st.dates(date(2019, 1, 1), date(2031, 1, 1)), max_size=30).map(tuple),
)
day_counts = st.integers(1, 15)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    starts = draw(st.lists(moments, max_size=4))
    return tuple(Pause(start, start + timedelta(minutes=draw(st.integers(0, 40_000)))) for start in starts)


@given(rules, moments, day_counts, pauses())
def test_due_is_the_end_of_an_open_day_with_just_so_many_running_days_before(
    rule: ClockRule, received: datetime, days: int, stood_still: tuple[Pause, ...]
) -> None:
    calendar = Calendar.of(rule)

    due = window(rule, received, days, stood_still).due_at

    assert due is not None
    last = calendar.day_of(due)
    assert calendar.is_open(last)
    assert calendar.end_of(last) == due
    day, counted = calendar.day_of(received), 0
    while day < last:
        day += timedelta(days=1)
        rested = any(each.touches(calendar.start_of(day), calendar.end_of(day)) for each in stood_still)
        counted += calendar.is_open(day) and not rested
    assert counted == days


@given(rules, moments, day_counts, pauses())
def test_a_window_opens_then_warns_then_is_due(
    rule: ClockRule, received: datetime, days: int, stood_still: tuple[Pause, ...]
) -> None:
    found = window(rule, received, days, stood_still)

    assert found.warn_at is not None
    assert found.due_at is not None
    assert received < found.opens_at <= found.warn_at <= found.due_at
    assert all(each.tzinfo is UTC for each in (found.opens_at, found.warn_at, found.due_at))


@given(rules, moments, day_counts, pauses(), moments, st.integers(0, 40_000))
def test_another_pause_never_shortens_the_time(
    rule: ClockRule, received: datetime, days: int, stood_still: tuple[Pause, ...], since: datetime, minutes: int
) -> None:
    more = (*stood_still, Pause(since, since + timedelta(minutes=minutes)))

    before, after = window(rule, received, days, stood_still).due_at, window(rule, received, days, more).due_at

    assert before is not None
    assert after is not None
    assert after >= before


@given(rules, moments, moments, day_counts)
def test_what_arrives_later_is_not_due_earlier(rule: ClockRule, one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))

    first, second = window(rule, early, days).due_at, window(rule, late, days).due_at

    assert first is not None
    assert second is not None
    assert first <= second


@given(rules, moments, day_counts, moments)
def test_an_open_pause_stops_what_is_not_due_yet_and_nothing_else(
    rule: ClockRule, received: datetime, days: int, since: datetime
) -> None:
    due = window(rule, received, days).due_at

    paused = window(rule, received, days, (Pause(since),)).due_at

    assert due is not None
    assert paused == (due if since >= due else None)


@given(moments, st.none() | moments, moments)
def test_a_claimed_time_counts_only_between_the_last_hub_time_seen_and_receipt(
    claimed: datetime, seen: datetime | None, received: datetime
) -> None:
    counts = claimed_counts(claimed, seen, received)

    assert counts == (seen is not None and seen <= claimed <= received)
    assert counted_time(claimed, seen, received) == (claimed if counts else received)


@given(moments, moments, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=900)))
def test_a_clock_that_was_set_back_or_forward_wins_nothing(
    seen: datetime, received: datetime, wrong_by: timedelta
) -> None:
    assume(seen <= received)

    assert counted_time(seen - wrong_by, seen, received) == received
    assert counted_time(received + wrong_by, seen, received) == received
