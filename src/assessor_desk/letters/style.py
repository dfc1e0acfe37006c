"""How a letter looks: its paper, its margins and the style of each block."""

from assessor_desk.letters.blocks import Block

PAPER = (612.0, 792.0)
LEFT, RIGHT, TOP, BOTTOM = 79.0, 533.0, 56.0, 728.0
FOOTER_TOP = 742.0
INDENT = 15.0
BOX_PADDING = 9.0
BOX_FILL = (0.957, 0.969, 0.984)
BOX_BAR = (0.114, 0.322, 0.600)

# look -> space above the block, in points; inside a box the space belongs to the box
SPACE_ABOVE = {
    "program": 0.0,
    "subject": 1.0,
    "kind": 19.0,
    "title": 2.0,
    "result": 10.0,
    "facts": 5.0,
    "salutation": 15.0,
    "text": 6.0,
    "item": 4.0,
    "section": 17.0,
    "group": 13.0,
    "criterion": 11.0,
    "levels": 1.5,
    "places": 5.5,
    "signature": 18.0,
    "signed": 1.0,
    "verification": 14.0,
    "footer": 0.0,
}

CSS = """
@font-face { font-family: Inter; src: url(Inter-Regular.ttf); }
@font-face { font-family: Inter; font-weight: bold; src: url(Inter-SemiBold.ttf); }
body { margin: 0; font-family: Inter; font-size: 9.8pt; line-height: 1.52; color: #1c2430; }
h1, h2, h3, p, ul, li { margin: 0; padding: 0; font-size: 9.8pt; font-weight: normal; overflow-wrap: break-word; }
ul { padding-left: 14pt; }
.program { font-size: 11.5pt; font-weight: bold; line-height: 1.35; }
.subject { color: #55606f; line-height: 1.35; padding-bottom: 11pt; border-bottom: 0.8pt solid #c9d1dc; }
.kind { font-size: 8.6pt; font-weight: bold; color: #1d5299; line-height: 1.35; }
.title { font-size: 18pt; font-weight: bold; line-height: 1.25; }
.result { font-size: 11pt; line-height: 1.45; }
.earned b { color: #0c6a41; }
.not_yet_earned b { color: #8a4a00; }
.incomplete b { color: #3f4a5a; }
.facts { font-size: 8.6pt; color: #55606f; }
.section { font-size: 12.5pt; font-weight: bold; line-height: 1.3; }
.group { font-weight: bold; color: #1d5299; line-height: 1.35; }
.text b { color: #1d5299; }
.criterion { font-size: 10.4pt; font-weight: bold; line-height: 1.38; }
.aside { font-size: 8.6pt; font-weight: normal; color: #55606f; }
.levels, .places { font-size: 8.6pt; color: #55606f; line-height: 1.4; }
.signature { font-weight: bold; }
.signed { color: #55606f; }
.verification { font-size: 7.8pt; color: #55606f; line-height: 1.45; }
.verification { padding-top: 7pt; border-top: 0.8pt solid #c9d1dc; }
.footer { font-size: 7.8pt; color: #55606f; text-align: right; line-height: 1.3; }
"""

_NOT_FOR_PAPER = dict.fromkeys(
    [
        *(*range(9), 11, 12, *range(14, 32), *range(127, 160)),
        *(*range(0x202A, 0x202F), *range(0x2066, 0x206A)),
        *(*range(0xD800, 0xE000), 0xFFFE, 0xFFFF),  # no XML, and so no DOCX, may hold these
    ]
)


def space_above(block: Block) -> float:
    """Return the room above a block."""
    return SPACE_ABOVE[block.look.split(maxsplit=1)[0]]


def plain(text: str) -> str:
    """Return a text without signs that steer a terminal or turn the direction of writing."""
    return text.translate(_NOT_FOR_PAPER)
