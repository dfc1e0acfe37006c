"""Finds the words that someone quotes, and finds them again later."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from assessor_desk.artifacts.text import ArtifactText
from assessor_desk.domain.evidence import Passage, TextPosition, TextQuote
from assessor_desk.errors import ArtifactError

AROUND = 32
_LONGEST_QUOTE = 8_000
_ENOUGH = 500  # places of one quote; more of them mean that it tells nothing
_UNSEEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_BETWEEN_WORDS = rf"[\s{_UNSEEN}]+"
# Inside a word a line may end after a hyphen, and signs may stand that nobody sees.
_INSIDE_WORD = rf"(?:[-\u2010\u2011\u00ad][ \t]*[\n\f]\s*|[{_UNSEEN}]+)?"
# Scripts without spaces between words break a line anywhere.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ALIKE = {
    **dict.fromkeys("-‐‑‒–—―−", r"[-‐‑‒–—―−]\s{0,8}"),
    **dict.fromkeys("'‘’‚‛′`´", "['‘’‚‛′`´]"),
    **dict.fromkeys('"“”„‟″«»', '["“”„‟″«»]'),
    "…": r"(?:…|\.\.\.)",
}
_LIGATURES = {"ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ", "ffi": "ﬃ", "ffl": "ﬄ", "st": "ﬆ"}

Span = tuple[int, int]


def locate_quote(
    text: ArtifactText, quote: str, page: int | None = None, prefix: str | None = None, suffix: str | None = None
) -> Passage:
    """Return the passage that a quote names, or raise `ArtifactError` that says what to give instead.

    Line breaks, hyphens at line ends, ligatures and the kind of quotation marks, hyphens and spaces are forgiven.
    """
    _check(text, quote, page)
    whole, here = text.whole, _on_page(text, page)
    for pattern in (_spaced(quote), _forgiving(quote)):
        found = (span for span in _spans(whole, pattern) if span[0] in here)
        spans = list(islice((span for span in found if _stands_between(whole, span, prefix, suffix)), _ENOUGH))
        if len(spans) == 1:
            return passage(text, *spans[0])
        if spans:
            raise _several(text, quote, spans)
    raise _not_there(text, quote, page, surrounded=bool(prefix or suffix))


def passage(text: ArtifactText, start: int, end: int) -> Passage:
    """Return the passage between two positions of the whole text, without the spaces at its ends."""
    whole = text.whole
    chosen = whole[start:end]
    start, end = end - len(chosen.lstrip()), start + len(chosen.rstrip())
    quote = TextQuote(whole[start:end], whole[max(0, start - AROUND) : start], whole[end : end + AROUND])
    return Passage(quote, TextPosition(start, end, text.reading), text.page_at(start))


def resolve(place: Passage, text: ArtifactText) -> Span | None:
    """Return where a passage stands in a text, start and end, or nothing where it cannot be told for sure.

    Its position counts only in the reading it was taken from and only while the quote stands there; otherwise
    the quote is looked for, and where it stands several times its surroundings and its page decide.
    """
    whole, quote, position = text.whole, place.quote, place.position
    if position is not None and position.reading == text.reading:
        start, end = position.start, position.end
        if whole[start:end] == quote.exact and whole[max(0, start - len(quote.prefix)) : start] == quote.prefix:
            return start, end
    for pattern in (_spaced(quote.exact), _forgiving(quote.exact)):
        spans = list(islice(_spans(whole, pattern), _ENOUGH))
        if spans:
            return _likeliest(text, place, spans)
    return None


def _likeliest(text: ArtifactText, place: Passage, spans: Sequence[Span]) -> Span | None:
    if len(spans) == 1:
        return spans[0]
    if len(spans) == _ENOUGH:
        return None
    ranked = sorted(((_likeness(text, place, span), span) for span in spans), reverse=True)
    return ranked[0][1] if ranked[0][0] > ranked[1][0] else None


def _check(text: ArtifactText, quote: str, page: int | None) -> None:
    if not quote.strip():
        raise ArtifactError("The quote is empty.", next="Give the words of the artifact that count as evidence.")
    if len(quote) > _LONGEST_QUOTE:
        raise ArtifactError("The quote is too long.", next="Give the words that matter, or a page as a whole.")
    if page is not None and not text.paged:
        raise ArtifactError("This artifact has no pages.", next="Give the quote without a page.")
    if page is not None and all(each.number != page for each in text.pages):
        raise ArtifactError(f"There is no page {page}; the last is {len(text.pages)}.", next="Give another page.")


def _spans(whole: str, pattern: str) -> Iterator[Span]:
    # Looking ahead finds places that overlap, so that none of them passes for the only one.
    return (found.span(1) for found in re.finditer(f"(?=({pattern}))", whole))


def _on_page(text: ArtifactText, page: int | None) -> range:
    """Return the positions at which a quote on a page may start; it may run on to the next."""
    starts = [*text.starts, len(text.whole) + 1]
    at = next((at for at, each in enumerate(text.pages) if page is not None and each.number == page), None)
    return range(starts[-1]) if at is None else range(starts[at], starts[at + 1])


def _spaced(quote: str) -> str:
    return r"\s+".join(re.escape(word) for word in quote.split())


@lru_cache(maxsize=64)
def _forgiving(quote: str) -> str:
    words = unicodedata.normalize("NFC", re.sub(rf"[{_UNSEEN}]", "", quote)).split()
    return _BETWEEN_WORDS.join(_forgiving_word(word) for word in words) or r"(?!)"


def _forgiving_word(word: str) -> str:
    pieces: list[str] = []
    at = 0
    while at < len(word):
        length = next((size for size in (3, 2) if word[at : at + size] in _LIGATURES), 1)
        pieces.append(_forgiving_sign(word[at : at + length]))
        at += length
        if at < len(word):
            pieces.append(r"\s*" if _UNSPACED.match(word[at - 1]) and _UNSPACED.match(word[at]) else _INSIDE_WORD)
    return "".join(pieces)


def _forgiving_sign(sign: str) -> str:
    if len(sign) > 1:
        return f"(?:{_INSIDE_WORD.join(sign)}|{_LIGATURES[sign]})"
    if sign in _ALIKE:
        return _ALIKE[sign]
    apart = unicodedata.normalize("NFD", sign)
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"


def _stands_between(whole: str, span: Span, prefix: str | None, suffix: str | None) -> bool:
    gap = r"[\W_]*"  # whoever names the words around a quote leaves out the full stop between
    before = whole[max(0, span[0] - 4 * len(prefix or "") - 64) : span[0]]
    after = whole[span[1] : span[1] + 4 * len(suffix or "") + 64]
    fits_before = not prefix or re.search(f"{_forgiving(prefix)}{gap}\\Z", before)
    fits_after = not suffix or re.match(f"{gap}{_forgiving(suffix)}", after)
    return bool(fits_before and fits_after)


def _likeness(text: ArtifactText, place: Passage, span: Span) -> tuple[int, bool]:
    before = _bare(text.whole[max(0, span[0] - 2 * AROUND) : span[0]])
    after = _bare(text.whole[span[1] : span[1] + 2 * AROUND])
    shared = _common(reversed(before), reversed(_bare(place.quote.prefix)))
    shared += _common(after, _bare(place.quote.suffix))
    return shared, place.page is not None and text.page_at(span[0]) == place.page


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def _common(left: Iterable[str], right: Iterable[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _several(text: ArtifactText, quote: str, spans: Sequence[Span]) -> ArtifactError:
    return ArtifactError(
        f"The quote “{_short(quote)}” stands {len(spans)} times{_where(text, spans)}.",
        next="Give its page, or some words before it as prefix or after it as suffix, or a longer quote.",
    )


def _not_there(text: ArtifactText, quote: str, page: int | None, *, surrounded: bool) -> ArtifactError:
    elsewhere = list(islice(_spans(text.whole, _forgiving(quote)), _ENOUGH))
    if elsewhere and page is not None:
        detail = f"The quote “{_short(quote)}” is not there on page {page}; it stands{_where(text, elsewhere)}."
        return ArtifactError(detail, next="Give the page that it stands on, or none.")
    around = " with those words around it" if surrounded else ""
    return ArtifactError(
        f"The quote “{_short(quote)}” is not in the artifact{around}.",
        next="Copy the words as they stand in the artifact.",
    )


def _where(text: ArtifactText, spans: Sequence[Span]) -> str:
    if not text.paged:
        return " in the text"
    pages = sorted({page for span in spans if (page := text.page_at(span[0])) is not None})
    told = ", ".join(map(str, pages[:8])) + (" and more" if len(pages) > 8 else "")
    return f" on page {told}" if len(pages) == 1 else f" on pages {told}"


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= 60 else f"{words[:57]}…"
