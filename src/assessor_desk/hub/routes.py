"""The one table of routes: address, who may come in, what goes in and out, and what answers."""

from assessor_desk.hub import answers
from assessor_desk.hub.actors import Role
from assessor_desk.hub.calls import Parameter, Route, Who
from assessor_desk.hub.events import TYPE, events
from assessor_desk.wire.about import Me, PortfolioReceived, Status
from assessor_desk.wire.deeds import Deeds, Receipts
from assessor_desk.wire.pairing import Hello, InvitationFound, InvitationLook, PairingAnswer, PairingRequest
from assessor_desk.wire.records import Counts, FeedPage

DEEDS_BYTES = 64 << 20  # two hundred deeds, each of the size of a long letter that was sealed
ARCHIVE_BYTES = 4 << 30

AFTER = Parameter("after", "The cursor that the desk has reached; the beginning when it is left out.")

ROUTES = (
    Route(
        "GET",
        "/v1/hello",
        Who.ANYONE,
        "Who the hub is; asking never spends or tests an invitation.",
        answers.hello,
        gives=Hello,
        any_version=True,
    ),
    Route(
        "POST",
        "/v1/invitation",
        Who.ANYONE,
        "Whose invitation a code is, with what a second desk needs; a wrong code spends a try.",
        answers.look,
        takes=InvitationLook,
        gives=InvitationFound,
        refuses=(403,),
    ),
    Route(
        "POST",
        "/v1/pair",
        Who.ANYONE,
        "Spend an invitation on a desk that proves its key.",
        answers.pair,
        takes=PairingRequest,
        gives=PairingAnswer,
        refuses=(403, 409),
    ),
    Route("GET", "/v1/me", Who.PAIRED, "Who the hub takes the token for.", answers.me, gives=Me),
    Route(
        "GET",
        "/v1/feed",
        Who.PAIRED,
        "The next records after a cursor, in commit order.",
        answers.changes,
        gives=FeedPage,
        parameters=(AFTER,),
    ),
    Route(
        "GET",
        "/v1/counts",
        Who.PAIRED,
        "How many records of each kind this desk was given, with a digest over them.",
        answers.counts,
        gives=Counts,
    ),
    Route(
        "GET",
        "/v1/artifacts/{sha256}",
        Who.PAIRED,
        "An artifact that was assigned to the person, whole or in part (Range, If-Range).",
        answers.artifact,
        media="application/octet-stream",
        parameters=(Parameter("sha256", "The artifact's digest.", place="path", pattern="^[0-9a-f]{64}$"),),
        refuses=(404, 416),
    ),
    Route(
        "POST",
        "/v1/deeds",
        Who.PAIRED,
        "What was done at the desk, in order; repeating it is harmless, and each deed gets its receipt.",
        answers.take_deeds,
        takes=Deeds,
        gives=Receipts,
        largest=DEEDS_BYTES,
        even_revoked=True,
    ),
    Route(
        "GET",
        "/v1/events",
        Who.PAIRED,
        "Server-sent events: `news` with the newest cursor whenever there is something to fetch.",
        events,
        media=TYPE,
        endless=True,
        parameters=(AFTER,),
    ),
    Route(
        "POST",
        "/v1/portfolios",
        frozenset({Role.PLATFORM}),
        "One round of a portfolio as a zip, with an optional `portfolio.yaml`.",
        answers.take_portfolio,
        uploads="application/zip",
        gives=PortfolioReceived,
        parameters=(
            Parameter("micro_credential", "What the portfolio is for.", required=True),
            Parameter("external_id", "The portfolio's id on the platform."),
            Parameter("round", "Which round it is.", pattern="^[0-9]+$"),
            Parameter("code", "The portfolio on the hub that this is the next round of."),
        ),
        largest=ARCHIVE_BYTES,
        refuses=(409,),
    ),
    Route(
        "GET",
        "/v1/status",
        frozenset({Role.STAFF}),
        "How the hub stands, in counts.",
        answers.status,
        gives=Status,
    ),
)
