"""Two versions of a draft: the fields on which two laptops of one person disagree."""

from dataclasses import dataclass
from datetime import datetime

from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Edit, Value
from assessor_desk.domain.fields import Field
from assessor_desk.domain.portfolio import Part
from assessor_desk.domain.readiness import Must
from assessor_desk.operations.deciding import standing
from assessor_desk.operations.places import cited, titles_of
from assessor_desk.operations.workplace import Work, Workplace, work_of
from assessor_desk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Version:
    """One side: what it says (nothing where it was removed), on which laptop, and when by that laptop's clock."""

    value: Value
    laptop: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with two versions; the next `assess` that names it settles it."""

    code: str
    field: str
    sentence: str
    versions: tuple[Version, ...]


def conflicts(workplace: Workplace) -> tuple[Conflict, ...]:
    """Return every field with two versions on this laptop."""
    with workplace.store.reading() as tx:
        return tuple(each for work in disputed(tx) for each in conflicts_of(workplace, tx, work))


def disputed(tx: Transaction) -> tuple[Work, ...]:
    """Return the portfolios on which two laptops disagree; two that wrote the same do not."""
    works = (work_of(tx, row.id) for row in tx.queue.rows() if row.split and row.part is not Part.APPROVER)
    return tuple(work for work in works if _split(tx, work))


def conflicts_of(workplace: Workplace, tx: Transaction, work: Work) -> tuple[Conflict, ...]:
    """Return the fields of one assessment on which two laptops disagree."""
    held = tx.journal.assessment(work.assessment)
    return tuple(
        Conflict(
            work.assignment.portfolio.code,
            str(field),
            sentence,
            tuple(_version(workplace, work, head) for head in held.fields[field].heads),
        )
        for field, sentence in _split(tx, work)
    )


def _split(tx: Transaction, work: Work) -> list[tuple[Field, str]]:
    open_ = (each for each in standing(tx, work).open if each.must is Must.SETTLED)
    return [(each.where, each.sentence) for each in open_ if each.where is not None]


def _version(workplace: Workplace, work: Work, head: Edit) -> Version:
    here = head.device == workplace.member.device
    return Version(_plain(work, head), "this laptop" if here else "another laptop", head.claimed_at)


def _plain(work: Work, head: Edit) -> Value:
    """Return evidence as its place and words, everything else as it is."""
    evidence = draft.readable(head.value) if head.field.kind == "evidence" else None
    if evidence is None:
        return head.value
    told = cited(evidence, titles_of(work.assignment))
    return ": ".join(part for part in (told.place, told.words, told.note) if part)
