import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from assessor_desk.hub import acts, ledger, overview, tables
from assessor_desk.hub.acts import ActKind
from assessor_desk.hub.data import Hub
from assessor_desk.hub.verification import verify_hub
from assessor_desk.tables.transactions import reading, writing
from tests.hub import casework
from tests.hub.casework import Scene, scene


def sealed(hub: Hub) -> int:
    return ledger.seal(hub.engine, hub.id, hub.identity, hub.clock())


@pytest.fixture
def made(hub: Hub, tmp_path: Path) -> Scene:
    """A signed case whose acts are all in the chain."""
    made = scene(hub, tmp_path)
    casework.signed_off(made)
    sealed(hub)
    return made


def test_every_act_is_chained_once_and_the_head_is_signed(hub: Hub, made: Scene) -> None:
    again = sealed(hub)
    report = verify_hub(hub)
    with reading(hub.engine) as connection:
        kinds = set(connection.execute(select(tables.act.c.kind)).scalars())
        head, signed = ledger.newest(connection), ledger.signed_head(connection, hub.identity.public)

    assert again == 0
    assert (report.faults, report.waiting, report.decisions, report.sign_offs, report.files) == ((), 0, 1, 1, 1)
    assert report.entries == head.number > 8
    assert signed is not None
    assert head.sha256.encode() in signed.body
    assert {ActKind.DECISION, ActKind.SIGN_OFF, ActKind.ROUND_RECEIVED, ActKind.ASSIGNED} <= kinds


def test_the_ledger_holds_no_personal_data(hub: Hub, made: Scene) -> None:
    with reading(hub.engine) as connection:
        rows = [*connection.execute(select(tables.act)), *connection.execute(select(tables.ledger_head))]

    text = " ".join(str(value) for row in rows for value in row)
    for told in ("ana", "Ana", casework.RATIONALE, casework.STRENGTH, made.code, "plan.txt"):
        assert told not in text


def test_two_sealers_at_once_make_one_chain(hub: Hub, tmp_path: Path) -> None:
    with writing(hub.engine) as connection:
        for number in range(300):
            acts.record(connection, ActKind.PURGED, f"subject {number}", "0" * 64, hub.clock())
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(sealed(hub))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    report = verify_hub(hub)

    assert sum(counts) == report.entries == 300
    assert report.faults == ()


def flipped(value: Any) -> Any:
    """Return a value with one bit of its middle changed."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ 64
    data = bytearray(value if isinstance(value, bytes) else value.encode())
    data[len(data) // 2] ^= 1
    return bytes(data) if isinstance(value, bytes) else data.decode()


@contextmanager
def tampered(hub: Hub, table: Table, column: str) -> Iterator[None]:
    """Flip a bit in a row, as someone with the database in hand could, and put it back afterwards."""
    with reading(hub.engine) as connection:
        row = connection.execute(select(table).order_by(*table.primary_key).limit(1)).one()
    of_row = [each == row._mapping[each.name] for each in table.primary_key]
    before = row._mapping[column]
    for value in (flipped(before), before):
        with writing(hub.engine) as connection:
            connection.execute(table.update().where(*of_row).values({column: value}))
        if value != before:
            yield


FLIPPED: tuple[tuple[Table, str, str], ...] = (
    (tables.decision, "body", "Decision {decision} on {code} was changed"),
    (tables.decision, "signature", "Decision {decision} on {code} does not hold"),
    (tables.decision, "sha256", "Decision {decision} on {code} was changed"),
    (tables.decision, "outcome", "Decision {decision} on {code} was changed"),
    (tables.decision_part, "body", "Decision {decision} on {code} does not hold"),
    (tables.decision_part, "salt", "Decision {decision} on {code} does not hold"),
    (tables.sign_off, "body", "of decision {decision} on {code} was changed"),
    (tables.sign_off, "signature", "of decision {decision} on {code} does not hold"),
    (tables.sign_off, "verdict", "of decision {decision} on {code} was changed"),
    (tables.act, "subject", "does not follow from the one before"),
    (tables.act, "content_sha256", "does not follow from the one before"),
    (tables.ledger, "sha256", "does not follow from the one before"),
    (tables.ledger, "previous", "does not follow from the one before"),
    (tables.ledger_head, "body", "signed head"),
    (tables.ledger_head, "signature", "signed head"),
    (tables.round_, "body", "another hash for the round {round}"),
    (tables.micro_credential, "body", "another hash for the micro-credential lead.planning@1.0"),
)


def test_one_flipped_bit_is_named(hub: Hub, made: Scene) -> None:
    (record,) = casework.seen(made.approver)
    for table, column, sentence in FLIPPED:
        with tampered(hub, table, column):
            faults = verify_hub(hub).faults

        expected = sentence.format(decision=record.id, code=made.code, round=made.received.round)
        assert any(expected in fault for fault in faults), (table.name, column, faults)
    assert verify_hub(hub).faults == ()


def test_what_was_removed_or_put_in_is_named(hub: Hub, made: Scene) -> None:
    with writing(hub.engine) as connection:
        connection.execute(tables.sign_off.delete())
        last = connection.execute(select(tables.ledger).order_by(tables.ledger.c.number.desc()).limit(1)).one()
        connection.execute(tables.ledger.delete().where(tables.ledger.c.number == last.number))

    faults = " ".join(verify_hub(hub).faults)

    assert "which is gone" in faults
    assert "counts as signed off, and no sign-off stands for it" in faults
    assert "The ledger was changed after its head" in faults
    assert "The ledger no longer has the entry for" in faults


def test_a_changed_or_missing_file_is_named(hub: Hub, made: Scene) -> None:
    digest = made.received.artifacts[0].sha256
    place = hub.files.path(digest)
    place.write_bytes(flipped(place.read_bytes()))
    assert verify_hub(hub).faults == (f"The file with the hash {digest[:12]}… was changed.",)

    place.unlink()

    assert verify_hub(hub).faults == (f"The file with the hash {digest[:12]}… is missing.",)


def test_status_tells_no_score_and_no_outcome(hub: Hub, made: Scene) -> None:
    with reading(hub.engine) as connection:
        (row,) = overview.cases(connection)

    assert (row.code, row.state) == (made.code, "signed")
    assert row.who == "ana (first assessor, done), paul (approver, done)"
    told = str(row.plain())
    for secret in ("earned", "planning': 3", casework.RATIONALE, "score"):
        assert secret not in told
