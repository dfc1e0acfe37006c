"""A letter as a row of blocks: headings, paragraphs and list items, in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assessor_desk.domain.rubric import Outcome
from assessor_desk.letters.letter import CriterionFeedback, FeedbackLetter

_PAGED = re.compile(r", page \d+$")
_HEADS = ("group", "levels", "signature", "signed")
_SIGNED = {
    Outcome.EARNED: "Read by a certified assessor; signed off by a certified approver",
    Outcome.NOT_YET_EARNED: "Read by a certified assessor; signed off by a certified approver",
    Outcome.INCOMPLETE: "Checked for completeness",
}


class Role(StrEnum):
    """What a block is to a screen reader, by the names of the PDF standard."""

    TITLE = "H1"
    SECTION = "H2"
    CRITERION = "H3"
    TEXT = "P"
    ITEM = "LI"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: an optional run-in label, a text and an aside after it, all plain; `look` names its style.

    `of_criterion` says that it belongs to the criterion whose heading came before, `boxed` that it lies in a box,
    `kept` that no page ends after it.
    """

    role: Role
    text: str
    look: str
    label: str = ""
    aside: str = ""
    boxed: bool = False
    of_criterion: bool = False
    kept: bool = False

    @property
    def keeps_with_next(self) -> bool:
        """Return whether a page must not end after this block."""
        return self.kept or self.role not in (Role.TEXT, Role.ITEM) or self.look in _HEADS

    @property
    def words(self) -> str:
        """Return all that the block says, on the line on which it is said."""
        return " ".join(part for part in (self.label, self.text, self.aside) if part)


def blocks_of(letter: FeedbackLetter) -> tuple[Block, ...]:
    """Return the letter's blocks; empty texts leave none."""
    return tuple(block for block in _all(letter) if block.text)


def written(day: date) -> str:
    """Return a date as letters write it, for instance “June 12, 2026”."""
    return f"{day:%B} {day.day}, {day.year}"


def _all(letter: FeedbackLetter) -> Iterator[Block]:
    yield Block(Role.TEXT, letter.program, "program")
    yield Block(Role.TEXT, f"Feedback on your {'team’s ' if letter.team else ''}portfolio", "subject")
    yield Block(Role.TEXT, letter.kind, "kind")
    yield Block(Role.TITLE, letter.micro_credential, "title")
    yield Block(Role.TEXT, letter.result, f"result {letter.outcome.name.lower()}", label=_sentence(letter.outcome))
    yield Block(Role.TEXT, _facts(letter), "facts")
    yield Block(Role.TEXT, letter.salutation or f"Dear {letter.recipient},", "salutation")
    yield from _texts(letter.opening)
    yield from _section("What to revise", letter.to_revise, letter, boxed=True)
    yield from _section("What you have shown", letter.shown, letter, boxed=False)
    yield from _titled("From the approver", _texts(letter.added))
    yield from _titled("What happens next", (Block(Role.ITEM, each, "item") for each in letter.what_next))
    yield from (replace(block, kept=True) for block in _texts(letter.closing))
    yield Block(Role.TEXT, letter.program, "signature")
    yield Block(Role.TEXT, f"{_SIGNED[letter.outcome]} on {written(letter.signed_on)}.", "signed")
    yield Block(Role.TEXT, letter.verification, "verification")


def _facts(letter: FeedbackLetter) -> str:
    facts = (letter.recipient, letter.organization, f"Portfolio {letter.portfolio}", f"Round {letter.round}")
    return " · ".join((*(fact for fact in facts if fact), written(letter.signed_on)))


def _section(
    title: str, criteria: tuple[CriterionFeedback, ...], letter: FeedbackLetter, boxed: bool
) -> Iterator[Block]:
    if not criteria:
        return
    yield Block(Role.SECTION, title, "section")
    group = ""
    for each in criteria:
        if each.group and each.group != group:
            yield Block(Role.TEXT, each.group, "group")
        group = each.group
        yield from _criterion(each, letter.show_levels, boxed)


def _criterion(each: CriterionFeedback, show_levels: bool, boxed: bool) -> Iterator[Block]:
    levels = each.level if show_levels else ""
    yield Block(Role.CRITERION, each.title, "criterion", aside=levels if each.met else "", boxed=boxed)
    below = (
        Block(Role.TEXT, _to_reach(each) if show_levels and not each.met else "", "levels"),
        *_texts(each.strength, "Strength"),
        *_texts(each.revise, "To revise"),
        *_texts(each.deepen, "To deepen"),
        Block(Role.TEXT, " · ".join(_gathered(each.places)), "places", label="Seen in"),
    )
    yield from (replace(block, boxed=boxed, of_criterion=True) for block in below)


def _to_reach(each: CriterionFeedback) -> str:
    return f"Now {each.level}; {each.needed} is needed." if each.needed else each.level


def _gathered(places: Iterable[str]) -> Iterator[str]:
    """Yield the places with the pages of one artifact together: “Notes, pages 3, 4”."""
    pages: dict[str, list[str]] = {}
    for place in places:
        title, _, page = place.rpartition(", page ") if _PAGED.search(place) else (place, "", "")
        pages.setdefault(title, []).extend([page] if page else [])
    for title, found in pages.items():
        yield f"{title}, page{'s' if len(found) > 1 else ''} {', '.join(found)}" if found else title


def _titled(title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    kept = [block for block in blocks if block.text]
    if kept:
        yield Block(Role.SECTION, title, "section")
        yield from kept


def _texts(text: str, label: str = "") -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for lines in _runs(paragraph.splitlines()):
            item = lines.startswith("- ")
            role, look = (Role.ITEM, "item") if item else (Role.TEXT, "text")
            yield Block(role, lines.removeprefix("- ").strip(), look, label)
            label = ""


def _runs(lines: Iterable[str]) -> Iterator[str]:
    """Yield list items one by one and the lines between them together."""
    run: list[str] = []
    for line in lines:
        if line.startswith("- "):
            if run:
                yield "\n".join(run)
                run = []
            yield line
        else:
            run.append(line)
    if run:
        yield "\n".join(run)


def _sentence(outcome: str) -> str:
    return f"{outcome[:1].upper()}{outcome[1:]}."
