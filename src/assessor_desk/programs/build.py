"""Turns what a file says into the domain's own objects; the shape has been checked before."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, time
from typing import Any

from assessor_desk.domain.criterion import Citing, Criterion, Group, Level
from assessor_desk.domain.ids import CheckId, ConditionId, CriterionId, GroupId, MicroCredentialId, ProgramId, Slot
from assessor_desk.domain.policy import (
    AfterAttempts,
    Blindness,
    CompletionBy,
    ConflictOfInterest,
    HeldFor,
    Policy,
    WordMinimum,
)
from assessor_desk.domain.program import (
    Approval,
    ArtifactKind,
    Blueprint,
    BlueprintItem,
    CheckKind,
    Choice,
    CompletionCheck,
    Credit,
    CreditKind,
    CreditPer,
    CreditRule,
    Endorsement,
    ExpectedArtifact,
    Goal,
    MicroCredential,
    Pilot,
    PilotStatus,
    Program,
    ProgramName,
    PublishedOutcome,
    Standard,
    TeamSize,
)
from assessor_desk.domain.rubric import Rubric, Wording
from assessor_desk.domain.rules import AttestedBy, BuildsOn, Condition, EveryCriterion, Growth, Rule

Said = Mapping[str, Any]
"""What one block of a file says."""

FIRST = "-first"
"""What the id of a first occasion ends with, where a criterion is scored twice."""

# How the settings that are more than text, number or true and false are read.
_SETTINGS: Mapping[str, Any] = {
    "blindness": Blindness,
    "completion_by": CompletionBy,
    "word_minimum": WordMinimum,
    "conflict_of_interest": ConflictOfInterest,
    "held_for": HeldFor,
    "then": AfterAttempts,
    "due_at": time.fromisoformat,
    "closed_dates": lambda dates: tuple(sorted(map(day, dates))),
    "k": float,
    "h": float,
}


def policy(said: Said) -> Policy:
    """Return the defaults, overridden by what the program says."""
    default = Policy()
    return replace(default, **{name: _setting(name, value, getattr(default, name)) for name, value in said.items()})


def _setting(name: str, value: Any, default: Any) -> Any:
    if isinstance(value, Mapping):
        known = {each.name: getattr(default, each.name) for each in fields(default)}
        return replace(default, **{inner: _setting(inner, value[inner], known[inner]) for inner in value})
    return _SETTINGS[name](value) if name in _SETTINGS else value


def day(said: str) -> date:
    """Return the day that a date names."""
    return date.fromisoformat(said)


def team(said: Said) -> TeamSize:
    """Return how many people hand in together."""
    return TeamSize(said["at_least"], said["at_most"])


def credit(said: Said) -> CreditRule:
    """Return what earning is worth."""
    kinds = tuple(
        Credit(
            CreditKind(each["kind"]),
            each["title"],
            Approval(each["status"]),
            quarter_hours=round(each["hours"] * 4) if "hours" in each else None,
            credits=each.get("credits"),
            at_most_per_fiscal_year=each.get("at_most_per_fiscal_year"),
        )
        for each in said["kinds"]
    )
    per = CreditPer(said.get("per", CreditPer.MICRO_CREDENTIAL))
    return CreditRule(Choice(said["choose"]), kinds, per, said.get("duration", ""))


def endorsement(said: Said) -> Endorsement:
    """Return one stack of micro-credentials."""
    ids = tuple(map(MicroCredentialId, said["micro_credentials"]))
    return Endorsement(said["id"], said["title"], said["term"], ids, said["needs"])


def program(said: Said) -> Program:
    """Return the program that a file describes."""
    return Program(
        id=ProgramId(said["id"]),
        version=said["version"],
        title=said["title"],
        short_title=said["short_title"],
        offered_by=tuple(said["offered_by"]),
        about=said["about"],
        sources=tuple(said["sources"]),
        term=said["term"],
        credit=credit(said["credit"]),
        pilot=_pilot(said["pilot"]),
        micro_credentials=tuple(map(MicroCredentialId, said["micro_credentials"])),
        policy=policy(said["policy"]),
        team=team(said["team"]) if "team" in said else None,
        cohort=said.get("cohort", ""),
        endorsements=tuple(map(endorsement, said.get("endorsements", ()))),
        standards=_standards(said),
        checks=_checks(said),
    )


def _pilot(said: Said) -> Pilot:
    goals = tuple(Goal(each["title"], day(each["by"])) for each in said.get("goals", ()))
    return Pilot(PilotStatus(said["status"]), goals, said.get("note", ""))


def _standards(said: Said) -> tuple[Standard, ...]:
    return tuple(Standard(each["framework"], each["code"], each["title"]) for each in said.get("standards", ()))


def _checks(said: Said) -> tuple[CompletionCheck, ...]:
    return tuple(
        CompletionCheck(
            CheckId(each["id"]),
            each["title"],
            each["asks"],
            CheckKind(each["kind"]),
            Slot(each["artifact"]) if "artifact" in each else None,
        )
        for each in said.get("checks", ())
    )


def micro_credential(said: Said, offered: Program) -> MicroCredential:
    """Return the micro-credential that a file describes, with all that its program decides resolved into it."""
    return MicroCredential(
        id=MicroCredentialId(said["id"]),
        version=said["version"],
        title=said["title"],
        short_title=said["short_title"],
        about=said["about"],
        program=ProgramName(offered.id, offered.version, offered.title, offered.short_title, offered.term),
        outcomes=tuple(PublishedOutcome(each["id"], each["text"], each["source"]) for each in said["outcomes"]),
        artifacts=tuple(map(_artifact, said["artifacts"])),
        blueprint=_blueprint(said["blueprint"]),
        checks=(*offered.checks, *_checks(said)),
        rubric=rubric(said, offered.policy.cites.pieces),
        credit=credit(said["credit"]) if "credit" in said else offered.credit,
        policy=offered.policy,
        standards=_standards(said) or offered.standards,
        team=offered.team,
    )


def _artifact(said: Said) -> ExpectedArtifact:
    return ExpectedArtifact(
        slot=Slot(said["slot"]),
        title=said["title"],
        required=said["required"],
        kinds=tuple(map(ArtifactKind, said["kinds"])),
        files_at_most=said.get("files_at_most", 1),
        words_at_least=said.get("words_at_least"),
        pages_at_most=said.get("pages_at_most"),
        minutes_at_most=said.get("minutes_at_most"),
        shared=said.get("shared", False),
    )


def _blueprint(said: Said) -> Blueprint:
    items = tuple(BlueprintItem(Slot(each["artifact"]), each["asks"], each.get("part", "")) for each in said["items"])
    return Blueprint(said["task"], items, said.get("pointers", False))


def rubric(said: Said, pieces: int) -> Rubric:
    """Return the rubric, with each criterion's levels and the pieces of evidence it must at least cite."""
    blocks = said.get("groups") or [{"criteria": said["criteria"]}]
    scales = {each["id"]: each for each in said["scales"]}
    criteria: list[Criterion] = []
    groups: list[Group] = []
    for block, tag, rows in tagged(blocks):
        made = [row for each, own in rows for row in _rows(each, own, block.get("id"), scales, pieces)]
        criteria.extend(made)
        if "id" in block:
            groups.append(Group(GroupId(block["id"]), tag, block["title"], tuple(row.id for row in made)))
    return Rubric(tuple(criteria), tuple(map(_rule, said["rules"])), tuple(groups), Wording(said["wording"]))


def tagged(blocks: Sequence[Said]) -> list[tuple[Said, str, list[tuple[Said, str]]]]:
    """Return groups and criteria with their tags: their own, or counted as 1, 2, 3 and 1a, 1b in groups."""
    found = []
    for number, block in enumerate(blocks, start=1):
        tag = block.get("tag", str(number))
        counted = (f"{tag}{chr(96 + at)}" if "id" in block else str(at) for at in range(1, 27))
        rows = [(each, each.get("tag", own)) for each, own in zip(block["criteria"], counted, strict=False)]
        found.append((block, tag, rows))
    return found


def _rows(said: Said, tag: str, group: str | None, scales: Mapping[str, Said], pieces: int) -> tuple[Criterion, ...]:
    scale = scales[said.get("scale", next(iter(scales)))]
    names = [level["id"] for level in scale["levels"]]
    published = said["outcomes"] if isinstance(said["outcomes"], list) else ()
    row = Criterion(
        id=CriterionId(said["id"]),
        tag=tag,
        title=said["title"],
        levels=tuple(
            Level(value, level["id"], level["name"], said["descriptors"][level["id"]])
            for value, level in enumerate(scale["levels"], start=1)
        ),
        required=names.index(said.get("requires", scale["meets"])) + 1,
        cites=_citing(said["cites"], pieces),
        outcomes=tuple(published),
        note=said.get("note", ""),
        group=None if group is None else GroupId(group),
    )
    return _occasions(row) if said.get("twice") else (row,)


def _occasions(later: Criterion) -> tuple[Criterion, Criterion]:
    first = replace(
        later,
        id=CriterionId(later.id + FIRST),
        tag=f"{later.tag}.1",
        title=f"{later.title}, first time",
        required=None,
        first_of=later.id,
    )
    return first, replace(later, tag=f"{later.tag}.2", title=f"{later.title}, later")


def _citing(said: Said, pieces: int) -> Citing:
    return Citing(max(pieces, said.get("pieces", 0)), tuple(map(Slot, said["artifacts"])), said["asks"])


def _rule(said: Said) -> Rule:
    match said["rule"]:
        case "growth":
            id = said["criterion"]
            return Growth(CriterionId(id), CriterionId(id + FIRST), said.get("levels", 1))
        case "condition":
            return Condition(ConditionId(said["id"]), said["title"], AttestedBy(said["attested_by"]))
        case "builds-on":
            return BuildsOn(tuple(map(MicroCredentialId, said["micro_credentials"])))
        case _:
            return EveryCriterion()
