import hashlib
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_desk.domain.rubric import Outcome
from assessor_desk.letters.blocks import blocks_of
from assessor_desk.letters.letter import CriterionFeedback, FeedbackLetter
from assessor_desk.letters.pdf import render_letter
from assessor_desk.letters.style import LEFT, RIGHT
from tests.letters.letter_samples import (
    FONTS,
    LETTER,
    SHOWN,
    TO_REVISE,
    opened,
    structure,
    with_many_criteria,
    words_of,
)


def test_a_letter_tells_the_result_then_what_to_revise_then_what_was_shown_then_what_is_next() -> None:
    words = words_of(render_letter(LETTER, FONTS))

    said = [
        "Leadership for Early Childhood Education",
        "Promoting Family-School Connections in Early Childhood Programs",
        "Not yet earned. One of two criteria is met.",
        "Marisol Benavides · Tallgrass Bend Early Learning Center · Portfolio P-7F3K · Round 1 · May 12, 2026",
        "Dear Marisol Benavides,",
        "Thank you for this portfolio.",
        "What to revise Planning program improvements Now Developing; at least Proficient is needed.",
        "To revise The plan does not yet name who acts or by when.",
        "Seen in Improvement plan, rows 2–4 · Minutes, page 2",
        "What you have shown Observing a family conference Proficient",
        "To deepen Read them once with the teacher.",
        "What happens next • Send the revised plan by June 9, 2026.",
        "We look forward to the next round.",
        "signed off by a certified approver on May 12, 2026.",
        "Decision 7c1e-41b0, SHA-256 3f2a91c0.",
    ]
    places = [words.find(each) for each in said]
    assert -1 not in places, said[places.index(-1)]
    assert places == sorted(places)


def test_a_letter_has_no_place_for_a_rationale_or_a_note() -> None:
    planted = "The assessor wondered whether page 4 was written by somebody else."
    judged = {"strength": SHOWN.strength, "rationale": planted, "note": planted}

    kinds = {each.name for kind in (FeedbackLetter, CriterionFeedback) for each in fields(kind)}
    assert not kinds & {"rationale", "note", "notes", "assessor", "approver", "evidence"}
    with pytest.raises(TypeError):
        CriterionFeedback(title="Any", level="Met", met=True, **judged)  # type: ignore[arg-type]
    pdf = render_letter(replace(LETTER, criteria=(replace(SHOWN, strength=judged["strength"]),)), FONTS)
    assert planted not in words_of(pdf)
    with opened(pdf) as document:
        streams = b"".join(document.xref_stream(x) or b"" for x in range(1, document.xref_length()))
    assert planted.encode() not in pdf + streams
    assert planted.encode("utf-16-be") not in pdf + streams


def test_words_that_look_like_markup_are_shown_as_they_were_written() -> None:
    hostile = "<b>Bold</b> & <script>alert(1)</script> &amp; <img src='file:///etc/hosts'> </p><h1>Earned"

    pdf = render_letter(replace(LETTER, opening=hostile, recipient="<i>Ann</i>"), FONTS)

    assert re.sub(" ", "", hostile) in re.sub(" ", "", words_of(pdf))
    assert "Dear <i>Ann</i>," in words_of(pdf)
    with opened(pdf) as document:
        assert [role for role, _ in structure(document)].count("H1") == 1


def test_signs_that_turn_the_direction_of_writing_are_left_out() -> None:
    pdf = render_letter(replace(LETTER, opening="Earned \u202edenrae\u2066 x\x07y"), FONTS)

    with opened(pdf) as document:
        assert ("P", "Earned denrae xy") in structure(document)


def test_names_in_other_letters_are_set_in_glyphs_and_told_to_screen_readers() -> None:
    names = ("Żółć Łódź", "Nguyễn Thị Ánh", "Ελένη Παπά", "Юлія Ґалаґан", "李小龙", "محمد علي", "प्रिया शर्मा", "ተስፋዬ")

    for name in names:
        pdf = render_letter(replace(LETTER, recipient=name), FONTS)
        with opened(pdf) as document:
            told = [words for _, words in structure(document)]
            drawn = [glyph for page in document for glyph in page.get_texttrace() if "Inter" not in glyph["font"]]
            assert all(char[1] != 0 for span in drawn for char in span["chars"]), name
        assert any(name in words for words in told), name
    latin = words_of(render_letter(replace(LETTER, recipient=" ".join(names[:5])), FONTS))
    assert " ".join(names[:5]) in latin


def test_a_name_without_blanks_stays_between_the_margins() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 6

    pdf = render_letter(replace(LETTER, recipient=name, micro_credential=name), FONTS)

    with opened(pdf) as document:
        edges = [(word[0], word[2]) for page in document for word in page.get_text("words")]
    assert min(left for left, _ in edges) >= LEFT - 0.5
    assert max(right for _, right in edges) <= RIGHT + 0.5


def test_27_criteria_are_all_there_and_every_page_is_numbered() -> None:
    letter = with_many_criteria()

    with opened(render_letter(letter, FONTS)) as document:
        told = [words for role, words in structure(document) if role == "H3"]
        pages = [page.get_text() for page in document]

    assert sorted(told) == sorted(f"{each.title} {each.level}" if each.met else each.title for each in letter.criteria)
    assert len(pages) > 4
    assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, start=1))


def test_no_page_ends_with_a_heading_or_a_level_alone() -> None:
    letter = with_many_criteria()
    kept = {block.text for block in blocks_of(letter) if block.keeps_with_next}

    with opened(render_letter(letter, FONTS)) as document:
        lasts = [re.sub(r"\s+", " ", page.get_text("blocks")[-2][4]).strip() for page in document]

    assert len(lasts) > 4
    assert not [last for last in lasts if last in kept]


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for length in (1, 2, 3, 32, 34):
        letter = replace(LETTER, opening="\n\n".join(["One line more."] * length))

        with opened(render_letter(letter, FONTS)) as document:
            (signed,) = [page.get_text() for page in document if "signed off by" in page.get_text()]
        assert LETTER.closing in signed
        assert LETTER.verification in signed


def test_pages_of_one_artifact_are_told_together() -> None:
    places = ("Notes, page 3", "Minutes", "Notes, page 5", "Talk, 04:12–05:03", "Plan, page 2")

    words = words_of(render_letter(replace(LETTER, criteria=(replace(SHOWN, places=places),)), FONTS))

    assert "Seen in Notes, pages 3, 5 · Minutes · Talk, 04:12–05:03 · Plan, page 2" in words


def test_a_paragraph_longer_than_a_page_goes_on_without_losing_a_word() -> None:
    words = [f"word{number}" for number in range(1500)]
    letter = replace(LETTER, criteria=(replace(TO_REVISE, revise=" ".join(words)), SHOWN))

    pdf = render_letter(letter, FONTS)

    with opened(pdf) as document:
        assert len(document) > 2
    assert re.findall(r"word\d+", words_of(pdf)) == words


def test_reader_and_screen_reader_learn_title_language_and_structure_but_no_author() -> None:
    with opened(render_letter(LETTER, FONTS)) as document:
        catalog = document.pdf_catalog()
        about = document.metadata

        assert about["title"] == f"Feedback on {LETTER.micro_credential}, round 1"
        assert about["author"] == ""
        assert about["creationDate"] == about["modDate"] == "D:20260512000000Z"
        assert document.xref_get_key(catalog, "Lang")[1].lower() == "en-us"
        assert document.xref_get_key(catalog, "MarkInfo/Marked")[1] == "true"
        assert document.xref_get_key(catalog, "ViewerPreferences/DisplayDocTitle")[1] == "true"
        assert "author" not in document.get_xml_metadata().lower()
        assert structure(document)[3:6] == [
            ("H1", LETTER.micro_credential),
            ("P", "Not yet earned. One of two criteria is met."),
            (
                "P",
                "Marisol Benavides · Tallgrass Bend Early Learning Center · Portfolio P-7F3K · Round 1 · May 12, 2026",
            ),
        ]
        assert ("LBody", "Add a person to each change.") in structure(document)


def test_every_mark_on_a_page_has_an_owner_and_nothing_is_left_unmarked() -> None:
    with opened(render_letter(with_many_criteria(), FONTS)) as document:
        root = int(document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")[1].split()[0])
        parents = re.findall(r"(\d+) ?\[([^\]]*)\]", document.xref_get_key(root, "ParentTree")[1].split("Nums", 1)[1])
        for page in document:
            content = page.read_contents()
            marks = [int(each) for each in re.findall(rb"/MCID (\d+)", content)]
            assert marks == list(range(len(marks)))
            assert len(re.findall(r"\d+ 0 R", dict(parents)[str(page.number)])) == len(marks)
            assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
            outside = re.sub(rb"(?s)/\w+ (?:<<.*?>> BDC|BMC).*?\nEMC", b"", content)
            assert b"TJ" not in outside
            assert b" re" not in outside


def test_all_fonts_are_in_the_file() -> None:
    with opened(render_letter(LETTER, FONTS)) as document:
        fonts = {font[3] for page in document for font in page.get_fonts()}
        sizes = [len(document.extract_font(font[0])[3]) for page in document for font in page.get_fonts()]

    assert {name.split("+")[-1] for name in fonts} == {"Inter Regular", "Inter SemiBold"}
    assert all(sizes)


def test_another_process_in_another_time_zone_makes_the_same_bytes() -> None:
    program = (
        "import sys; from assessor_desk.letters.pdf import render_letter; from tests.letters.letter_samples import *;"
        "sys.stdout.buffer.write(render_letter(LETTER, FONTS))"
    )
    root = Path(__file__).resolve().parents[2]
    there = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Apia",
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
    }

    other = subprocess.run([sys.executable, "-c", program], env=there, capture_output=True, check=True).stdout

    assert hashlib.sha256(other).digest() == hashlib.sha256(render_letter(LETTER, FONTS)).digest()


def test_an_incomplete_portfolio_gets_a_letter_without_scores() -> None:
    letter = replace(
        LETTER,
        outcome=Outcome.INCOMPLETE,
        result="Something required was not in the portfolio, so it was not scored.",
        criteria=(),
        what_next=("Send the improvement plan.", "This costs no attempt."),
    )

    words = words_of(render_letter(letter, FONTS))

    assert "Incomplete. Something required was not in the portfolio" in words
    assert "What to revise" not in words
    assert "What you have shown" not in words
    assert "Checked for completeness on May 12, 2026." in words


def test_levels_can_be_kept_out_of_a_letter() -> None:
    words = words_of(render_letter(replace(LETTER, show_levels=False), FONTS))

    assert "Developing" not in words
    assert "Proficient" not in words


_ANY = st.text(st.characters(codec="utf-8"), max_size=120)
_WORDS = st.text(st.characters(max_codepoint=0x17F, exclude_categories=["Cc"]), max_size=200)


@settings(max_examples=12, deadline=None)
@given(opening=_ANY, name=_ANY)
def test_whatever_is_typed_a_letter_comes_out(opening: str, name: str) -> None:
    words = words_of(render_letter(replace(LETTER, opening=opening, recipient=name), FONTS))

    assert LETTER.closing in words


@settings(max_examples=12, deadline=None)
@given(opening=_WORDS)
def test_what_is_typed_is_said_sign_by_sign(opening: str) -> None:
    with_it = words_of(render_letter(replace(LETTER, opening=f"Begin {opening} end"), FONTS))

    said = with_it[with_it.index("Begin") : with_it.index(" end What to revise")].removeprefix("Begin")
    assert re.sub(r"\W", "", said) == re.sub(r"\W", "", opening)
