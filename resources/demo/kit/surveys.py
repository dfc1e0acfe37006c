"""Answers to a survey, row by row, that add up to the counts which a report names."""

import csv
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import StringIO
from typing import TypeAlias, TypeVar

Counts: TypeAlias = Mapping[str, int]
Value = TypeVar("Value")


def answers(
    prefix: str, groups: Counts, questions: Mapping[str, Counts], by_group: Mapping[str, Mapping[str, Counts]]
) -> bytes:
    """Return a sheet with one row for each person, mixed in a fixed order.

    `questions` count answers over all; `by_group` count them within each group.
    """
    columns: dict[str, list[str]] = {"Group": _spelled(groups)}
    for question, counts in questions.items():
        columns[question] = _mixed(question, _spelled(counts))
    for question, shares in by_group.items():
        columns[question] = [
            value for group in groups for value in _mixed(f"{question}{group}", _spelled(shares[group]))
        ]
    rows = _mixed("rows", list(zip(*columns.values(), strict=True)))
    return _sheet(["Answer", *columns], [(f"{prefix}{number:02}", *row) for number, row in enumerate(rows, start=1)])


def january() -> bytes:
    """Return the staff's answers before the workshop."""
    return answers(
        "J",
        {"Teacher": 34, "Other staff": 13},
        {
            "Hardest moment": {"Hallway after lunch": 33, "Cafeteria": 8, "Last period": 6},
            "Notices a strong feeling before acting": {"Never": 4, "Sometimes": 24, "Often": 14, "Always": 5},
            "Minutes a week for practice": {"0": 5, "5": 14, "10": 19, "15": 9},
        },
        {
            "Has a routine": {"Teacher": {"Yes": 5, "No": 29}, "Other staff": {"Yes": 7, "No": 6}},
            "Was shown a routine": {"Teacher": {"Yes": 2, "No": 32}, "Other staff": {"Yes": 5, "No": 8}},
        },
    )


def may() -> bytes:
    """Return the staff's answers two months after the workshop."""
    return answers(
        "M",
        {"Teacher": 32, "Other staff": 12},
        {
            "Hardest moment": {"Hallway after lunch": 18, "Cafeteria": 14, "Last period": 12},
            "Notices a strong feeling before acting": {"Never": 1, "Sometimes": 16, "Often": 19, "Always": 8},
        },
        {
            "Has a routine": {"Teacher": {"Yes": 21, "No": 11}, "Other staff": {"Yes": 10, "No": 2}},
            "Was shown a routine": {"Teacher": {"Yes": 29, "No": 3}, "Other staff": {"Yes": 11, "No": 1}},
        },
    )


def _spelled(counts: Counts) -> list[str]:
    return [value for value, count in counts.items() for _ in range(count)]


def _mixed(seed: str, values: Sequence[Value]) -> list[Value]:
    """Return the values in an order that looks like chance and never changes."""
    order = sorted(range(len(values)), key=lambda place: sha256(f"{seed}{place}".encode()).digest())
    return [values[place] for place in order]


def _sheet(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue().encode()
