"""Evidence and its stored form: nothing gets lost, and the W3C's own schemas agree."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from assessor_desk.domain.annotations import from_annotation, to_annotation
from assessor_desk.domain.assessment import Value
from assessor_desk.domain.evidence import (
    CellRange,
    Evidence,
    LookedForNotFound,
    Passage,
    Region,
    RegionUnit,
    TextPosition,
    TextQuote,
    TimeSpan,
    WholeArtifact,
)
from assessor_desk.domain.ids import CriterionId, Digest, EvidenceId
from assessor_desk.errors import InputError

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "standards" / "web-annotation"
ORIGINAL = Digest("9f" * 32)
RENDITION = Digest("0a" * 32)

words = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
pages = st.none() | st.integers(1, 9_000)
small = st.integers(0, 10_000_000)
positions = st.builds(lambda start, more: TextPosition(start, start + more, "words/1"), small, st.integers(1, 500))
sides = st.integers(1, 9_000_000)
places = st.one_of(
    st.builds(Passage, st.builds(TextQuote, words, st.text(max_size=32), st.text(max_size=32)), positions, pages),
    st.builds(Region, small, small, sides, sides, st.just(RegionUnit.MILLIPOINTS), st.integers(1, 9_000)),
    st.builds(Region, small, small, sides, sides, st.just(RegionUnit.PIXELS), pages),
    st.builds(lambda start, more: TimeSpan(start, start + more), small, sides),
    st.builds(
        lambda sheet, top, left, tall, wide: CellRange(sheet, top, left, top + tall, left + wide),
        words,
        *(st.integers(1, 9_999),) * 4,
    ),
    st.just(WholeArtifact()),
)
pieces = st.builds(
    Evidence,
    id=st.uuids().map(lambda uuid: EvidenceId(str(uuid))),
    criterion=words.map(CriterionId),
    artifact=st.just(ORIGINAL),
    place=places,
    rendition=st.none() | st.just(RENDITION),
    note=st.text(max_size=60),
)


def piece(place: object) -> Evidence:
    return Evidence(EvidenceId(str(UUID(int=7))), CriterionId("talk-time"), ORIGINAL, place)  # type: ignore[arg-type]


@given(pieces)
def test_evidence_comes_back_from_its_annotation_unchanged(evidence: Evidence) -> None:
    stored = json.loads(json.dumps(to_annotation(evidence)))

    assert from_annotation(stored) == evidence


def _musts() -> dict[str, Draft4Validator]:
    """Return the suite's mandatory schemas by name, or none where the suite is not at hand."""
    if not SCHEMAS.is_dir():
        return {}
    documents = {path: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("[ad]*/**/*.json")}
    resources = [(d["id"], Resource.from_contents(d, DRAFT4)) for d in documents.values()]
    registry: Registry[Any] = Registry().with_resources(resources)
    listed = json.loads((SCHEMAS / "annotations" / "annotationMusts.test").read_text("utf-8"))["assertions"]
    schemas = {name: documents[SCHEMAS / name] for name in listed}
    return {
        name: Draft4Validator(schema, registry=registry, format_checker=FormatChecker())
        for name, schema in schemas.items()
        if schema.get("expectedResult") == "valid"
    }


MUSTS = _musts()


@pytest.mark.parametrize(
    "place",
    [
        Passage(TextQuote("small groups", "students in ", " rotate"), TextPosition(4, 16, "words/1"), 3),
        Passage(TextQuote("small groups"), TextPosition(4, 16, "words/1")),
        Region(72_500, 100_000, 200_000, 40_250, RegionUnit.MILLIPOINTS, 3),
        Region(10, 20, 300, 400, RegionUnit.PIXELS),
        TimeSpan(30_500, 62_000),
        CellRange("Fall & spring", 2, 1, 9, 4),
        WholeArtifact(),
    ],
)
@pytest.mark.parametrize("rendition", [None, RENDITION])
def test_every_kind_of_place_holds_the_schemas_of_the_standard(place: object, rendition: Digest | None) -> None:
    evidence = Evidence(EvidenceId(str(UUID(int=7))), CriterionId("c 1/a"), ORIGINAL, place, rendition, "See here.")  # type: ignore[arg-type]

    annotation = to_annotation(evidence)

    assert [name for name, schema in MUSTS.items() if not schema.is_valid(annotation)] == []


def test_the_schemas_notice_an_annotation_without_its_quote() -> None:
    annotation = to_annotation(piece(Passage(TextQuote("small groups"))))
    annotation["target"] = {"type": "SpecificResource", "source": "urn:x:y", "selector": {"type": "TextQuoteSelector"}}

    assert not MUSTS or any(not schema.is_valid(annotation) for schema in MUSTS.values())


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Passage(TextQuote("x"), None, 3), "Notes, page 3"),
        (Passage(TextQuote("x")), "Notes"),
        (Region(0, 0, 1, 1, RegionUnit.PIXELS, 2), "Notes, page 2, marked part"),
        (TimeSpan(256_000, 280_000), "Notes, 04:16–04:40"),
        (TimeSpan(3_600_000, 3_661_000), "Notes, 1:00:00–1:01:01"),
        (CellRange("Fall", 2, 2, 5, 28), "Notes, Fall, B2:AB5"),
        (WholeArtifact(), "Notes, as a whole"),
    ],
)
def test_a_place_is_named_in_plain_words(place: object, said: str) -> None:
    assert piece(place).named("Notes") == said


def test_media_fragments_count_in_seconds() -> None:
    target = to_annotation(piece(TimeSpan(30_500, 62_000)))["target"]

    assert isinstance(target, dict)
    selector = target["selector"]
    assert isinstance(selector, dict)
    assert selector["value"] == "t=30.5,62"


def _broken() -> list[Value]:
    sound = to_annotation(piece(Passage(TextQuote("x"), TextPosition(0, 1, "words/1"), 1)))
    target: dict[str, Value] = {"type": "SpecificResource", "source": f"urn:sha256:{ORIGINAL}"}
    quote: Value = {"type": "TextQuoteSelector", "exact": "x", "prefix": "", "suffix": ""}
    position: dict[str, Value] = {"type": "TextPositionSelector", "start": 0, "end": 1}
    media: dict[str, Value] = {"type": "FragmentSelector", "conformsTo": "http://www.w3.org/TR/media-frags/"}
    return [
        None,
        [],
        "text",
        {},
        sound | {"id": 5},
        sound | {"id": "x"},
        sound | {"body": []},
        sound | {"target": "urn:sha256:short"},
        sound | {"target": target | {"selector": "x"}},
        sound | {"target": target | {"selector": [position]}},
        sound | {"target": target | {"selector": [quote, position]}},
        sound | {"target": target | {"selector": media | {"value": "t=5"}}},
        sound | {"target": target | {"selector": media | {"value": "t=9,3"}}},
        sound | {"target": target | {"selector": {"type": "SvgSelector", "value": "<svg/>"}}},
    ]


@pytest.mark.parametrize("annotation", _broken())
def test_what_is_no_evidence_is_refused_in_words(annotation: Value) -> None:
    with pytest.raises(InputError) as told:
        from_annotation(annotation)

    assert told.value.detail.endswith(".")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(
    st.sampled_from(["id", "target", "selector", "body", "source", "type", "value", "state"]), inner | st.lists(inner)
)))  # fmt: skip
def test_hostile_annotations_never_raise_anything_else(annotation: object) -> None:
    with suppress(InputError):
        from_annotation(annotation)


@pytest.mark.parametrize("bad", [lambda: TextQuote("  "), lambda: TextPosition(5, 5, "x"), lambda: TimeSpan(2, 1)])
def test_places_that_cannot_be_are_refused(bad: object) -> None:
    assert callable(bad)
    with pytest.raises(InputError):
        bad()


def test_looked_for_and_not_found_says_where() -> None:
    with pytest.raises(InputError):
        LookedForNotFound(CriterionId("c1"), " ")
    assert LookedForNotFound(CriterionId("c1"), "Notes, pages 1 to 4").where
