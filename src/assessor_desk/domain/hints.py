"""What is worth a look before signing; nothing of it stands in the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assessor_desk.domain import draft
from assessor_desk.domain.assessment import Assessment
from assessor_desk.domain.fields import Field
from assessor_desk.domain.program import MicroCredential

_SHORT_RATIONALE = 15
_LETTER_WORDS = (200, 350)
# Words that sound final to a participant, with wording that leaves the next step open.
_FINAL_WORDS = {
    "fails to": "does not yet",
    "failed": "not yet",
    "lacks": "would be stronger with",
    "you should have": "next time",
    "obviously": "",
    "no evidence": "evidence was not found in",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing worth a look: a sentence, and the field it is about."""

    sentence: str
    where: Field


def worth_a_look(assessment: Assessment, micro_credential: MicroCredential) -> tuple[Hint, ...]:
    """Return what an assessor may want to look at once more before signing."""
    return tuple(hint for check in _CHECKS for hint in check(assessment, micro_credential))


def _short_rationales(assessment: Assessment, micro_credential: MicroCredential) -> Iterator[Hint]:
    written = draft.texts(assessment, "rationale")
    for each in micro_credential.rubric.criteria:
        words = len(written.get(each.id, "").split())
        if 0 < words < _SHORT_RATIONALE:
            yield Hint(f"The rationale of {each.name} has {_counted(words)}.", Field.rationale(each.id))


def _feedback(assessment: Assessment, micro_credential: MicroCredential) -> Iterator[Hint]:
    given, levels = draft.feedback(assessment), draft.scores(assessment, micro_credential.rubric)
    for each in micro_credential.rubric.criteria:
        said = given.get(each.id, {})
        if "strength" not in said:
            yield Hint(f"{each.name} has no strength in the letter.", Field.feedback(each.id, "strength"))
        if each.id in levels and not each.meets(levels[each.id]) and "revise" not in said:
            yield Hint(f"{each.name} does not say what to revise.", Field.feedback(each.id, "revise"))


def _letter(assessment: Assessment, _micro_credential: MicroCredential) -> Iterator[Hint]:
    blocks = draft.texts(assessment, "letter")
    if "opening" not in blocks:
        yield Hint("The letter has no opening.", Field.letter("opening"))
    said = (text for each in draft.feedback(assessment).values() for text in each.values())
    words = sum(len(text.split()) for text in (*blocks.values(), *said))
    if not _LETTER_WORDS[0] <= words <= _LETTER_WORDS[1]:
        least, most = _LETTER_WORDS
        yield Hint(f"The letter has {_counted(words)}; {least} to {most} read well.", Field.letter("opening"))


def _final_words(assessment: Assessment, _micro_credential: MicroCredential) -> Iterator[Hint]:
    for where, text in _participant_reads(assessment):
        for phrase, better in _FINAL_WORDS.items():
            if phrase in text.casefold():
                instead = f"; “{better}” leaves the next step open" if better else ""
                yield Hint(f"“{phrase}” may sound final{instead}.", where)


def _participant_reads(assessment: Assessment) -> Iterator[tuple[Field, str]]:
    for block, text in draft.texts(assessment, "letter").items():
        yield Field.letter(block), text
    for criterion, said in draft.feedback(assessment).items():
        for kind, text in said.items():
            yield Field.feedback(criterion, kind), text


_CHECKS: tuple[Callable[[Assessment, MicroCredential], Iterator[Hint]], ...] = (
    _short_rationales,
    _feedback,
    _letter,
    _final_words,
)


def _counted(words: int) -> str:
    return "1 word" if words == 1 else f"{words} words"
