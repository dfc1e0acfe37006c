"""The story step by step: three portfolios, two assessors, one approver, from intake to the letter and round 2."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from assessor_desk.story.stage import Person, Stage, StoryError, together

PROGRAMS = ("lead-ed", "dupage", "eln")
PEOPLE = (("ana", "Ana Reyes", "assessor"), ("ben", "Ben Okafor", "assessor"), ("cleo", "Cleo Park", "approver"))
ASSESSORS = ("ana", "ben")


@dataclass(frozen=True, slots=True)
class Case:
    """One round of the story: the folder it comes in, who judges it first and who second.

    The two judge by documents of their own; `flawed` is a first version that an approver returns.
    """

    folder: str
    first: str
    second: str
    flawed: str = ""

    @property
    def documents(self) -> dict[str, str]:
        """Return who takes in which document, the flawed version in place of the good one."""
        return {self.first: self.flawed or f"{self.folder}.yaml", self.second: f"{self.folder}-second.yaml"}


FAMILY = Case("family-school-connections-round-1", "ana", "ben")
TEAM = Case("elevating-sel-team", "ben", "ana", flawed="elevating-sel-team-first.yaml")
COACHING = Case("collaborative-coaching", "ana", "ben")
FAMILY_AGAIN = Case("family-school-connections-round-2", "ana", "ben")
CASES = (FAMILY, TEAM, COACHING)

REASONS = (
    "everyone-has-next-step: “Looks good” does not tell what you saw. Which roles got which step, and who asks them?",
    "letter: Please read the letter once more after that, whether it still fits.",
)


@dataclass(slots=True)
class Cast:
    """What the steps hand on to each other."""

    stage: Stage
    material: Path
    letters: Path
    people: dict[str, Person] = field(default_factory=dict)
    codes: dict[Case, str] = field(default_factory=dict)

    def folder(self, case: Case) -> str:
        """Return the folder of a round."""
        return str(self.material / "portfolios" / case.folder)

    def document(self, name: str) -> str:
        """Return an assessor's document."""
        return str(self.material / "assessments" / name)

    def desk(self, handle: str, verb: str, *words: str) -> Any:
        """Run a verb at somebody's desk."""
        return self.stage.desk(self.people[handle], verb, *words)

    def sync(self, *handles: str) -> dict[str, Any]:
        """Sync the desks of some people, or of everyone, at once, and return what each did; nothing may be refused."""
        who = handles or tuple(self.people)
        reports = dict(zip(who, together(*(partial(self.desk, handle, "sync") for handle in who)), strict=True))
        for handle, report in reports.items():
            if report["not_accepted"] or report["problems"] or not report["equal"]:
                raise StoryError(f"The sync of {handle} did not end well: {report}")
        return {handle: {"sent": each["sent"], "fetched": each["fetched"]} for handle, each in reports.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happens, in a sentence, and what does it; the returned facts go into the summary."""

    what: str
    play: Callable[[Cast], dict[str, Any]]


def _hub_opens(cast: Cast) -> dict[str, Any]:
    made = cast.stage.hub("init", "--name", "Assessor Desk demo", "--demo")
    offered = cast.stage.hub("add-program", "all")
    together(*(partial(_joins, cast, *each) for each in PEOPLE))
    cast.stage.start_hub()
    return {"fingerprint": made["fingerprint"], "micro_credentials": len(offered)}


def _portfolios_arrive(cast: Cast) -> dict[str, Any]:
    received = _imported(cast, *CASES)
    cast.codes = {case: each["code"] for case, each in zip(CASES, received, strict=True)}
    return {"codes": list(cast.codes.values()), "artifacts": sum(len(each["artifacts"]) for each in received)}


def _desks_pair(cast: Cast) -> dict[str, Any]:
    paired = together(*(partial(_pairs, cast, person) for person in cast.people.values()))
    return {"desks": len(paired), "roles": [each["roles"] for each in paired]}


def _work_is_assigned(cast: Cast) -> dict[str, Any]:
    together(*(partial(_assign, cast, case) for case in CASES))
    return cast.sync()


def _hub_goes_away(cast: Cast) -> dict[str, Any]:
    cast.stage.stop_hub()
    return {"sentence": cast.stage.refused(cast.people["ana"], "sync")}


def _offline_assessing(cast: Cast) -> dict[str, Any]:
    return dict(zip(ASSESSORS, together(*(partial(_assess, cast, who, CASES) for who in ASSESSORS)), strict=True))


def _offline_signing(cast: Cast) -> dict[str, Any]:
    signed = together(*(partial(_decide, cast, who, CASES) for who in ASSESSORS))
    return {"outcomes": dict(zip(ASSESSORS, signed, strict=True)), "waiting": cast.desk("ana", "status")["waiting"]}


def _hub_comes_back(cast: Cast) -> dict[str, Any]:
    cast.stage.start_hub(cast.stage.port)
    first = cast.sync("ana")
    cast.sync("cleo")
    seen = cast.desk("cleo", "approvals")
    if seen:
        raise StoryError("The approver could read a first decision before the second one was in.")
    return {"sent": first | cast.sync("ben"), "seen_by_approver_before_both_were_in": len(seen)}


def _approver_reads(cast: Cast) -> dict[str, Any]:
    cast.sync("cleo")
    waiting = cast.desk("cleo", "approvals")
    if {each["code"] for each in waiting} != {cast.codes[case] for case in CASES}:
        raise StoryError("Not every case waits for its sign-off.")
    return {"waiting": [{"code": each["code"], "outcome": each["outcome"]} for each in waiting]}


def _approver_signs_and_returns(cast: Cast) -> dict[str, Any]:
    cast.stage.stop_hub()
    for case in (FAMILY, COACHING):
        cast.desk("cleo", "sign-off", cast.codes[case], "--approve")
    opened = cast.desk("cleo", "approvals", cast.codes[TEAM])
    places = [place["stands"] for score in opened["scores"] for place in score["evidence"]]
    returns = [word for reason in REASONS for word in ("--return", reason)]
    cast.desk("cleo", "sign-off", cast.codes[TEAM], *returns)
    cast.stage.start_hub(cast.stage.port)
    return {"places": len(places), "found": places.count(True)} | cast.sync("cleo")


def _corrected(cast: Cast) -> dict[str, Any]:
    cast.sync("ben")
    shown = cast.desk("ben", "show", cast.codes[TEAM])
    edits = cast.desk("ben", "assess", cast.codes[TEAM], "--from", cast.document(f"{TEAM.folder}.yaml"))["edits"]
    refused = cast.stage.refused_by_hub("letter", cast.codes[TEAM], "--to", str(cast.letters))
    (outcome,) = _decide(cast, TEAM.first, (TEAM,)).values()
    cast.sync("ben")
    cast.sync("cleo")
    cast.desk("cleo", "sign-off", cast.codes[TEAM], "--approve")
    cast.sync("cleo")
    return {"returned": shown["returned"], "edits": edits, "outcome": outcome, "letter_before": refused}


def _letters_are_released(cast: Cast) -> dict[str, Any]:
    return {"files": [file for files in together(*(partial(_letter, cast, case) for case in CASES)) for file in files]}


def _round_two(cast: Cast) -> dict[str, Any]:
    (received,) = _imported(cast, FAMILY_AGAIN)
    if received["code"] != cast.codes[FAMILY]:
        raise StoryError("Round 2 got another code than round 1.")
    cast.codes[FAMILY_AGAIN] = received["code"]
    _assign(cast, FAMILY_AGAIN)
    cast.sync(*ASSESSORS)
    outcomes = together(*(partial(_judges, cast, who, FAMILY_AGAIN) for who in ASSESSORS))
    cast.sync(*ASSESSORS)
    cast.sync("cleo")
    cast.desk("cleo", "sign-off", cast.codes[FAMILY_AGAIN], "--approve")
    cast.sync("cleo")
    cast.sync(*ASSESSORS)
    return {"round": received["round"], "outcomes": outcomes, "files": _letter(cast, FAMILY_AGAIN)}


def _everything_holds(cast: Cast) -> dict[str, Any]:
    looks = (partial(cast.desk, who, "verify") for who in cast.people)
    hub, *desks = together(partial(cast.stage.hub, "verify"), *looks)
    return {"hub": hub, "desks": {who: each["holds"] for who, each in zip(cast.people, desks, strict=True)}}


def _laptop_is_cleared(cast: Cast) -> dict[str, Any]:
    receipt = cast.desk("ben", "remove", cast.codes[COACHING])
    cast.sync("ben")
    return {"artifacts": len(receipt["artifacts"]), "rows": receipt["rows"], "erased": receipt["erased_at"] is not None}


STEPS = (
    Step("A hub opens and offers five programs.", _hub_opens),
    Step("Three portfolios arrive and get codes in place of names.", _portfolios_arrive),
    Step("Two assessors and an approver pair their laptops.", _desks_pair),
    Step("Each portfolio goes to a first and a second assessor; their desks sync.", _work_is_assigned),
    Step("The hub goes away; a sync says so in one sentence.", _hub_goes_away),
    Step(
        "Offline, evidence is tied to criteria, scores are given, rationales and feedback are written.",
        _offline_assessing,
    ),
    Step("Offline, six decisions are signed and wait.", _offline_signing),
    Step("The hub comes back; first decisions stay sealed until the second ones are in.", _hub_comes_back),
    Step("The approver sees three decisions, each with a signature that holds.", _approver_reads),
    Step(
        "Offline, the approver signs two, goes to every place that the third cites, and returns it with reasons.",
        _approver_signs_and_returns,
    ),
    Step("The assessor corrects, signs again, and the approver signs off.", _corrected),
    Step("The feedback letters are released.", _letters_are_released),
    Step("Round 2 of one portfolio runs its whole way.", _round_two),
    Step("The hub and every desk prove that nothing was changed.", _everything_holds),
    Step("A finished portfolio is removed from a laptop, with a receipt.", _laptop_is_cleared),
)


def _joins(cast: Cast, handle: str, name: str, role: str) -> None:
    cast.people[handle] = cast.stage.person(handle, name)
    roles = [word for program in PROGRAMS for word in ("--role", f"{role}:{program}")]
    cast.stage.hub("add-user", handle, "--name", name, *roles)


def _imported(cast: Cast, *cases: Case) -> list[dict[str, Any]]:
    return list(cast.stage.hub("import", *(cast.folder(case) for case in cases)))


def _pairs(cast: Cast, person: Person) -> dict[str, Any]:
    invitation = cast.stage.hub("invite", person.handle)["code"]
    sheet = str(person.home.parent / "recovery sheet.txt")
    called = f"{person.name}'s laptop"
    words = (cast.stage.url, invitation, "--name", called, "--recovery-to", sheet)
    return dict(cast.stage.desk(person, "pair", *words))


def _assign(cast: Cast, case: Case) -> None:
    cast.stage.hub("assign", cast.codes[case], case.first)
    cast.stage.hub("assign", cast.codes[case], case.second, "--part", "second assessor")


def _assess(cast: Cast, who: str, cases: Sequence[Case]) -> dict[str, int]:
    edits = {}
    for case in cases:
        document = case.documents[who]
        answer = cast.desk(who, "assess", cast.codes[case], "--from", cast.document(document))
        if answer["open"]:
            raise StoryError(f"{document} leaves something open: {answer['open']}")
        edits[case.folder] = answer["edits"]
    return edits


def _decide(cast: Cast, who: str, cases: Sequence[Case]) -> dict[str, str]:
    return {case.folder: cast.desk(who, "decide", cast.codes[case])["outcome"] for case in cases}


def _judges(cast: Cast, who: str, case: Case) -> dict[str, str]:
    _assess(cast, who, (case,))
    return _decide(cast, who, (case,))


def _letter(cast: Cast, case: Case) -> list[str]:
    files = cast.stage.hub("letter", cast.codes[case], "--to", str(cast.letters))["files"]
    return [f"{cast.letters.name}/{Path(file).name}" for file in files]
