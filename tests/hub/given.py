"""Portfolios given to people, straight into the tables: for tests of what stands in front of casework."""

import io
from uuid import uuid4

from assessor_desk.domain.ids import AssignmentId, Digest, PersonId
from assessor_desk.domain.portfolio import AssignmentState, Part
from assessor_desk.hub import feed, tables
from assessor_desk.hub.data import Hub
from assessor_desk.tables.transactions import writing
from assessor_desk.wire import codec
from assessor_desk.wire.records import RecordKind


def received(hub: Hub, content: bytes, portfolio: str | None = None, number: int = 1) -> tuple[str, Digest]:
    """Put one round with one artifact in the tables; return the round's id and the artifact's digest."""
    stored = hub.files.put(io.BytesIO(content))
    at, round_id = hub.clock(), str(uuid4())
    with writing(hub.engine) as connection:
        if portfolio is None:
            portfolio = str(uuid4())
            connection.execute(
                tables.portfolio.insert().values(
                    id=portfolio,
                    code=f"P-{portfolio[:4]}",
                    program="eln",
                    micro_credential="any",
                    version="1.0",
                    rubric_sha256="",
                    team_of=1,
                    made_at=at,
                )
            )
        connection.execute(
            tables.round_.insert().values(
                id=round_id,
                portfolio=portfolio,
                number=number,
                state="received",
                received_at=at,
                context_note="",
                draw=0,
                content_sha256=stored.sha256,
                body=b"{}",
            )
        )
        connection.execute(tables.stored_file.insert().values(sha256=stored.sha256, size=stored.size, stored_at=at))
        connection.execute(
            tables.artifact.insert().values(
                id=str(uuid4()),
                round=round_id,
                slot="plan",
                original_name="plan.pdf",
                sha256=stored.sha256,
                findings=b"{}",
            )
        )
    return round_id, Digest(stored.sha256)


def assigned(
    hub: Hub, person: PersonId, round_id: str, *shown: Digest, state: AssignmentState = AssignmentState.TO_DO
) -> AssignmentId:
    """Give a round to a person, with a record that names the artifacts shown."""
    assignment = AssignmentId(str(uuid4()))
    with writing(hub.engine) as connection:
        connection.execute(
            tables.assignment.insert().values(
                id=assignment,
                round=round_id,
                person=person,
                part=Part.FIRST.value,
                state=state.value,
                due_at=hub.clock(),
                handed_at=hub.clock(),
                reason="",
            )
        )
        feed.write(connection, [person], RecordKind.ASSIGNMENT, assignment, codec.to_bytes({"shown": list(shown)}))
    return assignment
