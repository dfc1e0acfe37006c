import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from assessor_desk.wire import codec, headers
from tests.journeys.traces import forms, found_in, found_under
from tests.journeys.world import DEMO, World

PROGRAM = "lead-ed"
FAMILY = "family-school-connections-round-1"
OTHERS = {"ben": "assessor", "cleo": "approver", "lena": "lead", "stan": "staff", "paul": "platform"}
PEOPLE = (("ana", f"assessor:{PROGRAM}"), *((who, f"{role}:{PROGRAM}") for who, role in OTHERS.items()))


@pytest.mark.slow
def test_nobody_gets_anything_of_a_first_assessment_before_the_second_is_in(world: World, tmp_path: Path) -> None:
    world.opens([PROGRAM], PEOPLE)
    (received,) = world.hub("import", str(DEMO / "portfolios" / FAMILY))
    code, artifacts = received["code"], [each["sha256"] for each in received["artifacts"]]
    world.hub("assign", code, "ana")
    world.hub("assign", code, "ben", "--part", "second assessor")
    for who in ("ana", "ben"):
        world.desk(who, "sync")
    document, planted = _marked(DEMO / "assessments" / f"{FAMILY}.yaml", tmp_path)

    world.desk("ana", "assess", code, "--from", str(document))
    world.desk("ana", "sync")

    assessment = world.desk("ana", "show", code)["assignment"]
    secret = planted | {"the id of the assessment": (assessment.encode(),)}
    assert found_in(_everything(world, "ana", artifacts), secret) == ["the id of the assessment"]
    for who in OTHERS:
        assert found_in(_everything(world, who, artifacts), secret) == [], who
    assert found_under([world.stage.hub_data], planted) == []
    assert found_under([world.stage.hub_data], {"a name": forms("Ana Tester")})

    world.desk("ana", "decide", code)
    world.desk("ana", "sync")

    for who in OTHERS:
        world.desk(who, "sync")
        assert found_in(_everything(world, who, artifacts), secret) == [], who
    assert world.desk("cleo", "approvals") == []

    world.desk("ben", "assess", code, "--from", str(DEMO / "assessments" / f"{FAMILY}-second.yaml"))
    world.desk("ben", "decide", code)
    world.desk("ben", "sync")

    assert found_in(_everything(world, "cleo", artifacts), secret) == list(secret)
    for who in ("lena", "stan", "paul"):
        assert found_in(_everything(world, who, artifacts), planted) == [], who


def test_a_word_is_found_in_every_form_in_which_it_may_be_left(tmp_path: Path) -> None:
    planted = {"word": forms("zebra-4711-quagga")}

    for number, form in enumerate(planted["word"]):
        (tmp_path / str(number)).write_bytes(b"x" * number + form + b"y")

    assert len(found_under([tmp_path], planted)) == len(planted["word"])


def _marked(source: Path, folder: Path) -> tuple[Path, dict[str, tuple[bytes, ...]]]:
    """Return an assessor's document with a word of its own in each of its texts, and the words."""
    planted: dict[str, tuple[bytes, ...]] = {}

    def mark(holder: dict[str, Any], name: str, place: str) -> None:
        word = f"zq{len(planted):02}-planted-{place}"
        holder[name] = f"{holder.get(name, '')} {word}".strip()
        planted[place] = forms(word)

    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    for criterion, score in content["scores"].items():
        mark(score, "rationale", f"rationale/{criterion}")
        mark(score["evidence"][0], "note", f"note/{criterion}")
        for kind in score["feedback"]:
            mark(score["feedback"], kind, f"feedback/{criterion}/{kind}")
    for block in content["letter"]:
        mark(content["letter"], block, f"letter/{block}")
    target = folder / "marked.yaml"
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return target, planted


def _everything(world: World, who: str, artifacts: list[str]) -> bytes:
    """Return all that a person's token is given at every address that the hub says can be read."""
    with world.opened(who) as desk:
        token = desk.member.token
    marks = {"Authorization": f"Bearer {token}", headers.WIRE: str(codec.VERSION)}
    with httpx.Client(base_url=world.stage.url, headers=marks, timeout=20, trust_env=False) as door:
        described = door.get("/openapi.json").json()["paths"]
        readable = [path for path, verbs in described.items() if "get" in verbs]
        assert {"/v1/feed", "/v1/events", "/v1/counts", "/v1/me", "/v1/artifacts/{sha256}"} <= set(readable)
        return b"\n".join(part for path in readable for part in _read(door, path, artifacts))


def _read(door: httpx.Client, path: str, artifacts: list[str]) -> Iterator[bytes]:
    if path == "/v1/feed":
        yield from _feed(door)
    elif path == "/v1/events":
        with door.stream("GET", path, params={"after": ""}) as answer:
            yield next(answer.iter_bytes())
    else:
        for sha256 in artifacts if "{sha256}" in path else [""]:
            answer = door.get(path.replace("{sha256}", sha256))
            assert answer.status_code in (200, 403, 404), (path, answer.status_code)
            yield answer.content


def _feed(door: httpx.Client) -> Iterator[bytes]:
    page: dict[str, Any] = {"more": True, "cursor": ""}
    while page["more"]:
        answer = door.get("/v1/feed", params={"after": page["cursor"]})
        assert answer.status_code == 200
        page = json.loads(answer.content)
        yield answer.content
