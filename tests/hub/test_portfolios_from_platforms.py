import io
import zipfile

import httpx
import pytest

from assessor_desk.domain.ids import ProgramId
from assessor_desk.environment.packaged import packaged
from assessor_desk.hub import offers
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.programs.catalog import Catalog, load
from assessor_desk.wire import codec
from assessor_desk.wire.about import PortfolioReceived, Status
from assessor_desk.wire.problems import Problem
from tests.hub.people_here import PairedDesk, client, desk_of

LEAD_ED = ProgramId("lead-ed")
ZIP = {"Content-Type": "application/zip"}
FILES = {"plan.txt": b"What we did with families.", "notes.md": b"# Notes\n\nThey came."}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(packaged("rubrics"))


@pytest.fixture
def micro_credential(hub: Hub, catalog: Catalog) -> str:
    return offers.add(hub, catalog, frozenset({LEAD_ED}))[0].id


@pytest.fixture
def platform(hub: Hub) -> PairedDesk:
    return desk_of(hub, "platform", Role.PLATFORM, program=LEAD_ED)


def archive(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return written.getvalue()


def sent(url: str, desk: PairedDesk, content: bytes, **about: str) -> httpx.Response:
    with client(url, desk.marks) as door:
        return door.post("/v1/portfolios", params=about, content=content, headers=ZIP)


def test_a_platform_hands_in_a_round_and_may_repeat_it(
    hub: Hub, url: str, platform: PairedDesk, micro_credential: str
) -> None:
    about = {"micro_credential": micro_credential, "external_id": "case 17"}
    answers = [sent(url, platform, archive(FILES), **about) for _ in range(2)]
    staff = desk_of(hub, "sam", Role.STAFF)
    with client(url, staff.marks) as door:
        status = codec.from_bytes(door.get("/v1/status").content, Status)

    first, second = (codec.from_bytes(answer.content, PortfolioReceived) for answer in answers)
    assert (first.round, first.artifacts, first.known) == (1, 2, False)
    assert (second.code, second.round, second.known) == (first.code, 1, True)
    assert (status.portfolios, sum(status.rounds.values())) == (1, 1)
    assert not any((hub.folder / "scratch").iterdir())


def test_a_platform_of_another_program_is_turned_away(hub: Hub, url: str, micro_credential: str) -> None:
    other = desk_of(hub, "other", Role.PLATFORM, program=ProgramId("eln"))

    answer = sent(url, other, archive(FILES), micro_credential=micro_credential)

    assert (answer.status_code, answer.json()["type"]) == (403, "urn:assessor-desk:problem:not-allowed")


@pytest.mark.parametrize(
    ("content", "about", "status"),
    [
        (b"no zip at all", {}, 422),
        (archive({"../../outside.txt": b"slipped"}), {}, 422),
        (archive({}), {}, 422),
        (archive(FILES), {"round": "first"}, 422),
        (archive(FILES), {"round": "0"}, 422),
        (archive(FILES), {"micro_credential": "unknown"}, 422),
        (archive(FILES), {"micro_credential": "nul \0"}, 422),
        (archive(FILES), {"code": "P-????"}, 422),
    ],
    ids=["no zip", "slip", "empty", "round in words", "round 0", "unknown", "nul", "code"],
)
def test_what_cannot_be_taken_in_is_refused_whole(
    hub: Hub, url: str, platform: PairedDesk, micro_credential: str, content: bytes, about: dict[str, str], status: int
) -> None:
    answer = sent(url, platform, content, **({"micro_credential": micro_credential} | about))

    assert answer.status_code == status, answer.text
    assert codec.from_bytes(answer.content, Problem).detail
    assert not (hub.folder / "files").exists() or not any(hub.folder.glob("files/??"))
    assert not any(path.name == "outside.txt" for path in hub.folder.parent.rglob("*"))
