"""Evidence as it is stored and exchanged: W3C Web Annotations that name the original's hash."""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from assessor_desk.domain.assessment import Value
from assessor_desk.domain.evidence import (
    CellRange,
    Evidence,
    Passage,
    Place,
    Region,
    RegionUnit,
    TextPosition,
    TextQuote,
    TextUnit,
    TimeSpan,
    WholeArtifact,
)
from assessor_desk.domain.ids import CriterionId, Digest, EvidenceId
from assessor_desk.errors import InputError

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_PDF = "http://tools.ietf.org/rfc/rfc3778"
_MEDIA = "http://www.w3.org/TR/media-frags/"
_CELLS = "http://tools.ietf.org/rfc/rfc7111"
# What the vocabulary has no word for is named by addresses of our own, which JSON-LD readers carry along.
_SHEET = "urn:assessor-desk:sheet"
_UNIT = "urn:assessor-desk:unit"
_READING = "urn:assessor-desk:reading"
_CRITERION = "urn:assessor-desk:criterion:"

_DECIMAL = r"(\d{1,9}(?:\.\d{1,3})?)"


def to_annotation(evidence: Evidence) -> dict[str, Value]:
    """Return the evidence as a Web Annotation."""
    tag: Value = {
        "type": "SpecificResource",
        "purpose": "tagging",
        "source": _CRITERION + quote(evidence.criterion, ""),
    }
    body: list[Value] = [tag]
    if evidence.note:
        body.append({"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": evidence.note})
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{evidence.id}",
        "type": "Annotation",
        "motivation": "assessing",
        "body": body,
        "target": _target(evidence),
    }


def from_annotation(annotation: object) -> Evidence:
    """Return the evidence that a Web Annotation of ours tells."""
    whole = _Reader(annotation)
    target = whole.either("target")
    source = target if isinstance(target, str) else _Reader(target).text("source")
    return Evidence(
        id=EvidenceId(_after("urn:uuid:", whole.text("id"))),
        criterion=_criterion(whole),
        artifact=_digest(source),
        place=WholeArtifact() if isinstance(target, str) else _place(_Reader(target)),
        rendition=None if isinstance(target, str) else _rendition(_Reader(target)),
        note=_note(whole),
    )


def _target(evidence: Evidence) -> Value:
    source = f"urn:sha256:{evidence.artifact}"
    selector = _selector(evidence.place)
    if selector is None and evidence.rendition is None:
        return source
    target: dict[str, Value] = {"type": "SpecificResource", "source": source}
    if selector is not None:
        target["selector"] = selector
    if evidence.rendition is not None:
        target["state"] = {"id": f"urn:sha256:{evidence.rendition}", "type": "State"}
    return target


def _selector(place: Place) -> Value:
    match place:
        case Passage():
            return _passage_selector(place)
        case Region():
            return _box_selector(place)
        case TimeSpan(start, end):
            return _fragment(_MEDIA, f"t={_decimal(start)},{_decimal(end)}")
        case CellRange():
            cells = _fragment(_CELLS, f"cell={place.top},{place.left}-{place.bottom},{place.right}")
            return _fragment(_SHEET, f"sheet={quote(place.sheet, '')}", cells)
        case WholeArtifact():
            return None


def _passage_selector(passage: Passage) -> Value:
    words: Value = {
        "type": "TextQuoteSelector",
        "exact": passage.quote.exact,
        "prefix": passage.quote.prefix,
        "suffix": passage.quote.suffix,
    }
    # The members of a list are alternatives: each by itself finds the place.
    found: list[Value] = [_on_page(passage.page, words)]
    if passage.position is not None:
        position: dict[str, Value] = {"type": "TextPositionSelector", "start": passage.position.start}
        position |= {"end": passage.position.end, _UNIT: passage.position.unit.value}
        found.append(position | {_READING: passage.position.reading})
    return found


def _box_selector(region: Region) -> Value:
    sides = (region.left, region.top, region.width, region.height)
    if region.unit is RegionUnit.PIXELS:
        return _on_page(region.page, _fragment(_MEDIA, "xywh=pixel:" + ",".join(map(str, sides))))
    return _fragment(_PDF, f"page={region.page}&viewrect=" + ",".join(map(_decimal, sides)))


def _on_page(page: int | None, refined_by: Value) -> Value:
    return refined_by if page is None else _fragment(_PDF, f"page={page}", refined_by)


def _fragment(conforms_to: str, value: str, refined_by: Value = None) -> dict[str, Value]:
    fragment: dict[str, Value] = {"type": "FragmentSelector", "conformsTo": conforms_to, "value": value}
    return fragment if refined_by is None else fragment | {"refinedBy": refined_by}


def _decimal(thousandths: int) -> str:
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


class _Reader:
    """Reads members of a JSON object and says in words what is wrong with them."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping):
            raise _unreadable("an object is missing")
        self._data = data

    def either(self, name: str) -> object:
        if name not in self._data:
            raise _unreadable(f"“{name}” is missing")
        return self._data[name]

    def text(self, name: str) -> str:
        found = self.either(name)
        if not isinstance(found, str):
            raise _unreadable(f"“{name}” is not a text")
        return found

    def number(self, name: str) -> int:
        found = self.either(name)
        if not isinstance(found, int) or isinstance(found, bool):
            raise _unreadable(f"“{name}” is not a whole number")
        return found

    def each(self, name: str) -> tuple["_Reader", ...]:
        found = self._data.get(name, [])
        return tuple(_Reader(one) for one in (found if isinstance(found, list) else [found]))

    def says(self, name: str, value: str) -> bool:
        return bool(self._data.get(name) == value)


def _criterion(annotation: _Reader) -> CriterionId:
    for body in annotation.each("body"):
        if body.says("purpose", "tagging"):
            return CriterionId(unquote(_after(_CRITERION, body.text("source"))))
    raise _unreadable("it names no criterion")


def _note(annotation: _Reader) -> str:
    return next((body.text("value") for body in annotation.each("body") if body.says("purpose", "commenting")), "")


def _rendition(target: _Reader) -> Digest | None:
    return next((_digest(state.text("id")) for state in target.each("state")), None)


def _place(target: _Reader) -> Place:
    selectors = target.each("selector")
    if not selectors:
        return WholeArtifact()
    position = next((one for one in selectors if one.says("type", "TextPositionSelector")), None)
    first = next((one for one in selectors if one is not position), None)
    if first is None:
        raise _unreadable("it has a position without a quote")
    page, inner = _page_of(first)
    if inner.says("type", "TextQuoteSelector"):
        return Passage(_quote(inner), None if position is None else _position(position), page)
    for reads in (_box, _picture_part, _time_span, _cell_range):
        found = reads(inner, page)
        if found is not None:
            return found
    raise _unreadable("its place is of a kind that this desk does not know")


def _page_of(selector: _Reader) -> tuple[int | None, _Reader]:
    if not selector.says("conformsTo", _PDF):
        return None, selector
    page, inner = _match(r"page=(\d{1,7})(?:&viewrect=.*)?", selector)[0], selector.each("refinedBy")
    return int(page), inner[0] if inner else selector


def _quote(selector: _Reader) -> TextQuote:
    return TextQuote(selector.text("exact"), selector.text("prefix"), selector.text("suffix"))


def _position(selector: _Reader) -> TextPosition:
    if not selector.says(_UNIT, TextUnit.CODE_POINTS):
        raise _unreadable("its position counts in a unit that this desk does not know")
    return TextPosition(selector.number("start"), selector.number("end"), selector.text(_READING))


def _box(selector: _Reader, page: int | None) -> Region | None:
    if not selector.says("conformsTo", _PDF):
        return None
    sides = _match(rf"page=\d+&viewrect={_DECIMAL},{_DECIMAL},{_DECIMAL},{_DECIMAL}", selector)
    left, top, width, height = map(_thousandths, sides)
    return Region(left, top, width, height, RegionUnit.MILLIPOINTS, page)


def _picture_part(selector: _Reader, page: int | None) -> Region | None:
    if not (selector.says("conformsTo", _MEDIA) and selector.text("value").startswith("xywh")):
        return None
    sides = _match(r"xywh=pixel:(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})", selector)
    left, top, width, height = map(int, sides)
    return Region(left, top, width, height, RegionUnit.PIXELS, page)


def _time_span(selector: _Reader, page: int | None) -> TimeSpan | None:
    if page is not None or not selector.says("conformsTo", _MEDIA):
        return None
    start, end = map(_thousandths, _match(rf"t={_DECIMAL},{_DECIMAL}", selector))
    return TimeSpan(start, end)


def _cell_range(selector: _Reader, page: int | None) -> CellRange | None:
    if page is not None or not selector.says("conformsTo", _SHEET):
        return None
    cells = selector.each("refinedBy")
    if len(cells) != 1:
        raise _unreadable("it names a sheet and no cells")
    corners = _match(r"cell=(\d{1,7}),(\d{1,7})-(\d{1,7}),(\d{1,7})", cells[0])
    top, left, bottom, right = map(int, corners)
    return CellRange(unquote(_after("sheet=", selector.text("value"))), top, left, bottom, right)


def _match(pattern: str, selector: _Reader) -> tuple[str, ...]:
    found = re.fullmatch(pattern, selector.text("value"), re.ASCII)
    if found is None:
        raise _unreadable("the numbers of its place make no sense")
    return tuple(found.groups())


def _thousandths(decimal: str) -> int:
    whole, _, rest = decimal.partition(".")
    return int(whole) * 1000 + int(rest.ljust(3, "0"))


def _digest(name: str) -> Digest:
    digest = _after("urn:sha256:", name)
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise _unreadable("it does not name an artifact by its hash")
    return Digest(digest)


def _after(start: str, text: str) -> str:
    if not text.startswith(start):
        raise _unreadable(f"“{text[:60]}” does not start with “{start}”")
    return text.removeprefix(start)


def _unreadable(why: str) -> InputError:
    return InputError(f"A piece of evidence cannot be read: {why}.", next="Add the evidence again.")
