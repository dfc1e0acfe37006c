"""A small micro-credential, a round and an assessment for tests of the rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

from assessor_desk.domain.annotations import to_annotation
from assessor_desk.domain.assessment import Assessment, Edit, Value, fold
from assessor_desk.domain.criterion import Citing, Criterion, Level
from assessor_desk.domain.evidence import Evidence, WholeArtifact
from assessor_desk.domain.fields import Field
from assessor_desk.domain.ids import (
    ArtifactId,
    AssessmentId,
    CheckId,
    CriterionId,
    DeviceId,
    Digest,
    EditId,
    EvidenceId,
    MicroCredentialId,
    ProgramId,
    Slot,
)
from assessor_desk.domain.policy import Policy
from assessor_desk.domain.portfolio import Artifact
from assessor_desk.domain.program import (
    Approval,
    ArtifactKind,
    Blueprint,
    CheckKind,
    Choice,
    CompletionCheck,
    Credit,
    CreditKind,
    CreditRule,
    ExpectedArtifact,
    MicroCredential,
    ProgramName,
)
from assessor_desk.domain.rubric import Rubric
from assessor_desk.domain.rules import EveryCriterion, Rule

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
PLANNING, REFLECTING = CriterionId("planning"), CriterionId("reflecting")
COMPLETE = CheckId("complete")
RATIONALE = "The plan names four moves, a person for each of them and the day on which they are tried."


def criterion(id: CriterionId, tag: str, slots: tuple[Slot, ...]) -> Criterion:
    names = ("Beginning", "Developing", "Proficient")
    levels = tuple(Level(value, name.lower(), name, f"{name} work.") for value, name in enumerate(names, start=1))
    return Criterion(id, tag, id.capitalize(), levels, required=3, cites=Citing(1, slots, "a place"))


def micro_credential(policy: Policy | None = None, *rules: Rule) -> MicroCredential:
    """Return a micro-credential with two criteria, two slots and one completion check."""
    rubric = Rubric(
        criteria=(criterion(PLANNING, "1", (Slot("plan"),)), criterion(REFLECTING, "2", ())),
        rules=(EveryCriterion(), *rules),
    )
    return MicroCredential(
        id=MicroCredentialId("lead.planning"),
        version="1.0",
        title="Planning",
        short_title="Planning",
        about="",
        program=ProgramName(ProgramId("lead"), "1.0", "Lead", "Lead", "micro-credential"),
        outcomes=(),
        artifacts=(
            ExpectedArtifact(Slot("plan"), "Plan", True, (ArtifactKind.DOCUMENT,), words_at_least=500),
            ExpectedArtifact(Slot("talk"), "Recorded talk", False, (ArtifactKind.VIDEO,)),
        ),
        blueprint=Blueprint("", ()),
        checks=(CompletionCheck(COMPLETE, "Every file opens", "Does it?", CheckKind.FILES_OPEN),),
        rubric=rubric,
        credit=CreditRule(Choice.ALL, (Credit(CreditKind.PD_HOURS, "Hours", Approval.APPROVED, 120),)),
        policy=policy or Policy(),
    )


def artifact(slot: str, media_type: str = "application/pdf") -> Artifact:
    """Return one file of a round, in a slot."""
    return Artifact(ArtifactId(slot), Slot(slot), slot.capitalize(), hash_of(slot), 10, media_type, ())


def hash_of(slot: str) -> Digest:
    return Digest(slot.encode().hex().ljust(64, "0")[:64])


def cited(id: str, criterion: CriterionId, slot: str) -> tuple[Field, Value]:
    """Return a piece of evidence as a field and what it holds."""
    piece = Evidence(EvidenceId(id), criterion, hash_of(slot), WholeArtifact())
    return Field.evidence(piece.id), dict(to_annotation(piece))


def finished(planning: int = 3, reflecting: int = 3) -> dict[Field, Value]:
    """Return the fields of an assessment with nothing left to do."""
    return {
        Field.opened(ArtifactId("plan")): "opened",
        Field.opened(ArtifactId("talk")): "opened",
        Field.precheck(COMPLETE): True,
        Field.score(PLANNING): planning,
        Field.score(REFLECTING): reflecting,
        Field.rationale(PLANNING): RATIONALE,
        Field.rationale(REFLECTING): RATIONALE,
        **dict((cited("e-1", PLANNING, "plan"), cited("e-2", REFLECTING, "talk"))),
    }


def assessment(fields: Mapping[Field, Value], *, disputed: Mapping[Field, Value] | None = None) -> Assessment:
    """Return what the fields amount to; `disputed` is what a second desk wrote without knowing of the first."""
    first = [edit(of, value, "first") for of, value in fields.items()]
    return fold([*first, *(edit(of, value, "second") for of, value in (disputed or {}).items())])


def edit(of: Field, value: Value, desk: str) -> Edit:
    id = EditId(str(uuid5(NAMESPACE_OID, f"{desk}/{of}")))
    return Edit(id, AssessmentId("assessment"), of, value, frozenset(), DeviceId(desk), NOON)


def without(fields: Mapping[Field, Value], *gone: Field) -> dict[Field, Value]:
    return {of: value for of, value in fields.items() if of not in gone}


def requiring_pieces(pieces: int) -> MicroCredential:
    """Return the micro-credential with another number of pieces of evidence for each criterion."""
    made = micro_credential()
    criteria = tuple(replace(each, cites=replace(each.cites, pieces=pieces)) for each in made.rubric.criteria)
    return replace(made, rubric=replace(made.rubric, criteria=criteria))
