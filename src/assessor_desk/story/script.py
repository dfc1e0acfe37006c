"""The story step by step: three portfolios, two assessors, one approver, from intake to the letter and round 2."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assessor_desk.story.stage import Person, Stage, StoryError

PROGRAMS = ("lead-ed", "dupage", "eln")
PEOPLE = (("ana", "Ana Reyes", "assessor"), ("ben", "Ben Okafor", "assessor"), ("cleo", "Cleo Park", "approver"))


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
    def documents(self) -> tuple[tuple[str, str], ...]:
        """Return who takes in which document, the flawed version in place of the good one."""
        return (self.first, self.flawed or f"{self.folder}.yaml"), (self.second, f"{self.folder}-second.yaml")


FAMILY = Case("family-school-connections-round-1", "ana", "ben")
TEAM = Case("elevating-sel-team", "ben", "ana", flawed="elevating-sel-team-first.yaml")
COACHING = Case("collaborative-coaching", "ana", "ben")
FAMILY_AGAIN = Case("family-school-connections-round-2", "ana", "ben")
CASES = (FAMILY, TEAM, COACHING)

REASONS = (
    "evaluation-compares: The rationale names a figure, but not where it stands. Which table did you look at?",
    "letter: The closing could say what the team may try first.",
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
        """Sync the desks of some people, or of everyone, and return what each did; nothing may be refused."""
        reports = {handle: self.desk(handle, "sync") for handle in handles or tuple(self.people)}
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
    offered = [each for program in PROGRAMS for each in cast.stage.hub("add-program", program)]
    for handle, name, role in PEOPLE:
        cast.people[handle] = cast.stage.person(handle, name)
        roles = [word for program in PROGRAMS for word in ("--role", f"{role}:{program}")]
        cast.stage.hub("add-user", handle, "--name", name, *roles)
    cast.stage.start_hub()
    return {"fingerprint": made["fingerprint"], "micro_credentials": len(offered)}


def _portfolios_arrive(cast: Cast) -> dict[str, Any]:
    for case in CASES:
        cast.codes[case] = _imported(cast, case)["code"]
    return {"codes": list(cast.codes.values())}


def _desks_pair(cast: Cast) -> dict[str, Any]:
    for person in cast.people.values():
        invitation = cast.stage.hub("invite", person.handle)["code"]
        sheet = str(person.home.parent / "recovery sheet.txt")
        called = f"{person.name}'s laptop"
        cast.stage.desk(person, "pair", cast.stage.url, invitation, "--name", called, "--recovery-to", sheet)
    return {"desks": len(cast.people)}


def _work_is_assigned(cast: Cast) -> dict[str, Any]:
    for case in CASES:
        _assign(cast, case)
    return cast.sync()


def _hub_goes_away(cast: Cast) -> dict[str, Any]:
    cast.stage.stop_hub()
    return {"sentence": cast.stage.refused(cast.people["ana"], "sync")}


def _offline_assessing(cast: Cast) -> dict[str, Any]:
    return {case.folder: _assess(cast, case) for case in CASES}


def _offline_signing(cast: Cast) -> dict[str, Any]:
    signed = {case.folder: [_decide(cast, case, who) for who, _ in case.documents] for case in CASES}
    return {"outcomes": signed, "waiting": cast.desk("ana", "status")["waiting"]}


def _hub_comes_back(cast: Cast) -> dict[str, Any]:
    cast.stage.start_hub(cast.stage.port)
    first = cast.sync("ana")
    sealed = cast.sync("cleo") and cast.desk("cleo", "approvals")
    if sealed:
        raise StoryError("The approver could read a first decision before the second one was in.")
    return {"sent": first | cast.sync("ben"), "seen_by_approver_before_both_were_in": len(sealed)}


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
    returns = [word for reason in REASONS for word in ("--return", reason)]
    cast.desk("cleo", "sign-off", cast.codes[TEAM], *returns)
    cast.stage.start_hub(cast.stage.port)
    return cast.sync("cleo")


def _corrected(cast: Cast) -> dict[str, Any]:
    cast.sync("ben")
    shown = cast.desk("ben", "show", cast.codes[TEAM])
    edits = cast.desk("ben", "assess", cast.codes[TEAM], "--from", cast.document(f"{TEAM.folder}.yaml"))["edits"]
    refused = cast.stage.refused_by_hub("letter", cast.codes[TEAM], "--to", str(cast.letters))
    outcome = _decide(cast, TEAM, TEAM.first)
    cast.sync("ben", "cleo")
    cast.desk("cleo", "sign-off", cast.codes[TEAM], "--approve")
    cast.sync("cleo", "ben", "ana")
    return {"returned": shown["returned"], "edits": edits, "outcome": outcome, "letter_before": refused}


def _letters_are_released(cast: Cast) -> dict[str, Any]:
    return {"files": [file for case in CASES for file in _letter(cast, case)]}


def _round_two(cast: Cast) -> dict[str, Any]:
    received = _imported(cast, FAMILY_AGAIN)
    if received["code"] != cast.codes[FAMILY]:
        raise StoryError("Round 2 got another code than round 1.")
    cast.codes[FAMILY_AGAIN] = received["code"]
    _assign(cast, FAMILY_AGAIN)
    cast.sync("ana", "ben")
    _assess(cast, FAMILY_AGAIN)
    outcomes = [_decide(cast, FAMILY_AGAIN, who) for who, _ in FAMILY_AGAIN.documents]
    cast.sync("ana", "ben", "cleo")
    cast.desk("cleo", "sign-off", cast.codes[FAMILY_AGAIN], "--approve")
    cast.sync()
    return {"round": received["round"], "outcomes": outcomes, "files": _letter(cast, FAMILY_AGAIN)}


def _everything_holds(cast: Cast) -> dict[str, Any]:
    hub = cast.stage.hub("verify")
    desks = {handle: cast.desk(handle, "verify")["holds"] for handle in cast.people}
    return {"hub": hub, "desks": desks}


def _laptop_is_cleared(cast: Cast) -> dict[str, Any]:
    receipt = cast.desk("ben", "remove", cast.codes[COACHING])
    cast.sync("ben")
    return {"artifacts": len(receipt["artifacts"]), "rows": receipt["rows"], "erased": receipt["erased_at"] is not None}


STEPS = (
    Step("A hub opens and offers three programs.", _hub_opens),
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
    Step("Offline, the approver signs two and returns one with reasons.", _approver_signs_and_returns),
    Step("The assessor corrects, signs again, and the approver signs off.", _corrected),
    Step("The feedback letters are released.", _letters_are_released),
    Step("Round 2 of one portfolio runs its whole way.", _round_two),
    Step("The hub and every desk prove that nothing was changed.", _everything_holds),
    Step("A finished portfolio is removed from a laptop, with a receipt.", _laptop_is_cleared),
)


def _imported(cast: Cast, case: Case) -> dict[str, Any]:
    (received,) = cast.stage.hub("import", cast.folder(case))
    found: dict[str, Any] = received
    return found


def _assign(cast: Cast, case: Case) -> None:
    cast.stage.hub("assign", cast.codes[case], case.first)
    cast.stage.hub("assign", cast.codes[case], case.second, "--part", "second assessor")


def _assess(cast: Cast, case: Case) -> dict[str, Any]:
    edits = {}
    for who, document in case.documents:
        answer = cast.desk(who, "assess", cast.codes[case], "--from", cast.document(document))
        if answer["open"]:
            raise StoryError(f"{document} leaves something open: {answer['open']}")
        edits[who] = answer["edits"]
    return edits


def _decide(cast: Cast, case: Case, who: str) -> str:
    return str(cast.desk(who, "decide", cast.codes[case])["outcome"])


def _letter(cast: Cast, case: Case) -> list[str]:
    files = cast.stage.hub("letter", cast.codes[case], "--to", str(cast.letters))["files"]
    return [Path(file).name for file in files]
