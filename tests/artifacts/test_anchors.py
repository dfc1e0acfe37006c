"""Quotes: found however they were copied, told when they are missing or stand twice, found again later."""

import json
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_desk.artifacts.anchors import locate_quote, passage, resolve
from assessor_desk.artifacts.kinds import Kind
from assessor_desk.artifacts.text import ArtifactText, PageText
from assessor_desk.domain.annotations import from_annotation, to_annotation
from assessor_desk.domain.evidence import Evidence, Passage, TextPosition, TextQuote
from assessor_desk.domain.ids import CriterionId, Digest, EvidenceId
from assessor_desk.errors import ArtifactError


def paged(*pages: str, reading: str = "pdf-words/1") -> ArtifactText:
    return ArtifactText(Kind.PDF, reading, tuple(PageText(n, text) for n, text in enumerate(pages, 1)), True)


NOTES = paged(
    "Observation notes\n\nThe teacher speaks for just under three min-\nutes before the first ques-\ntion.",
    "She asks: “Why do you think so?” The ﬁrst group answers well-known facts.\nShe waits.",
    "She waits. Then every group\u00a0shares its table, one after another, un-",
    "til the bell. Cafe\u0301 talk follows.",
)


@pytest.mark.parametrize(
    ("quote", "page", "words"),
    [
        ("just under three minutes", 1, "just under three min- utes"),
        ("just   under\nthree min-\nutes before", 1, "just under three min- utes before"),
        ('"Why do you think so?"', 2, "“Why do you think so?”"),
        ("first group", 2, "ﬁrst group"),
        ("well\u2010known facts", 2, "well-known facts"),
        ("every group shares", 3, "every group shares"),
        ("until the bell", 3, "un- til the bell"),
        ("Café talk", 4, "Cafe\u0301 talk"),
    ],
)
def test_a_quote_is_found_however_it_was_copied(quote: str, page: int, words: str) -> None:
    found = locate_quote(NOTES, quote)

    assert (found.page, found.quote.words) == (page, words)
    assert found.position is not None
    assert NOTES.whole[found.position.start : found.position.end] == found.quote.exact


def test_what_stands_before_and_after_is_kept_with_the_quote() -> None:
    found = locate_quote(NOTES, "every group shares its table")

    assert found.quote.prefix == "facts.\nShe waits.\fShe waits. Then "[-32:]
    assert found.quote.suffix == ", one after another, un-\ftil the "[:32]


@pytest.mark.parametrize(
    ("quote", "page", "told", "advice"),
    [
        ("She waits", None, "stands 2 times on pages 2, 3", "page"),
        ("She waits", 4, "is not there on page 4; it stands on pages 2, 3", "page"),
        ("never said", None, "is not in the artifact", "Copy"),
        ("She waits", 9, "no page 9; the last is 4", "page"),
        ("   ", None, "is empty", "words"),
        ("x" * 9_000, None, "too long", "words"),
    ],
)
def test_a_quote_without_a_place_is_told_with_what_to_give(
    quote: str, page: int | None, told: str, advice: str
) -> None:
    with pytest.raises(ArtifactError) as error:
        locate_quote(NOTES, quote, page)

    assert told in error.value.detail
    assert advice in error.value.next


@pytest.mark.parametrize(
    ("around", "page"),
    [({"page": 2}, 2), ({"page": 3}, 3), ({"suffix": "Then every"}, 3), ({"prefix": "known facts."}, 2)],
)
def test_page_prefix_and_suffix_each_tell_two_places_apart(around: dict[str, int | str], page: int) -> None:
    assert locate_quote(NOTES, "She waits", **around).page == page  # type: ignore[arg-type]


def test_places_that_overlap_do_not_pass_for_one() -> None:
    with pytest.raises(ArtifactError, match="stands 2 times"):
        locate_quote(paged("ha ha ha"), "ha ha")


def test_a_page_is_refused_where_there_are_none() -> None:
    plain = ArtifactText(Kind.TEXT, "plain/1", (PageText(1, "words"),))

    with pytest.raises(ArtifactError, match="no pages"):
        locate_quote(plain, "words", page=1)
    assert locate_quote(plain, "words").page is None


def test_lines_that_break_between_signs_of_a_script_without_spaces_are_forgiven() -> None:
    assert locate_quote(paged("数学の\n授業計画"), "数学の授業").page == 1


letters = st.sampled_from([*"abeé ", "ab", "the ", "The-", "\n", "-\n", "“", "ﬁ", "課", " \u00a0", "."])
texts = st.lists(st.lists(letters, max_size=40).map("".join), min_size=1, max_size=4).map(lambda pages: paged(*pages))


@settings(max_examples=400, deadline=None)
@given(texts, st.data())
def test_a_quote_taken_anywhere_resolves_to_the_same_words(text: ArtifactText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text.whole) - 1)))
    end = data.draw(st.integers(start, len(text.whole)))
    if not text.whole[start:end].strip():
        return

    taken = passage(text, start, end)
    evidence = Evidence(EvidenceId(str(UUID(int=1))), CriterionId("c"), Digest("0" * 64), taken)
    kept = from_annotation(json.loads(json.dumps(to_annotation(evidence)))).place

    assert kept == taken
    assert taken.quote.words == " ".join(text.whole[start:end].split())
    assert taken.position is not None
    assert resolve(taken, text) == (taken.position.start, taken.position.end)
    _assert_it_is_located(text, taken)


def _assert_it_is_located(text: ArtifactText, taken: Passage) -> None:
    try:
        found = locate_quote(text, taken.quote.exact, taken.page)
    except ArtifactError as told:
        if "times" not in told.detail:
            raise
    else:
        assert found.quote.words == taken.quote.words
        assert found.page == taken.page


@settings(max_examples=200, deadline=None)
@given(texts, st.text("xyz \n", max_size=30), st.data())
def test_a_quote_is_never_found_in_the_wrong_place_after_the_text_moved(
    text: ArtifactText, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, max(0, len(text.whole) - 1)))
    end = data.draw(st.integers(start, min(start + 25, len(text.whole))))
    if not text.whole[start:end].strip():
        return
    first, *rest = (page.text for page in text.pages)
    moved = paged(new + first, *rest, reading="pdf-words/2")

    found = resolve(passage(text, start, end), moved)

    assert found is None or moved.whole[slice(*found)].split() == text.whole[start:end].split()


def test_a_position_of_another_reading_is_not_believed() -> None:
    text = paged("one two three two", reading="pdf-words/2")
    place = Passage(TextQuote("two", "three ", ""), TextPosition(4, 7, "pdf-words/1"), 1)

    assert resolve(place, text) == (14, 17)


def test_a_place_that_cannot_be_told_apart_is_not_guessed() -> None:
    assert resolve(Passage(TextQuote("two")), paged("two and two")) is None
    assert resolve(Passage(TextQuote("gone")), paged("two and two")) is None


def test_much_white_space_does_not_hold_up_a_search() -> None:
    text = paged("a" + " " * 2_000_000 + "- " * 200_000)

    with pytest.raises(ArtifactError):
        locate_quote(text, "a - b -c")
