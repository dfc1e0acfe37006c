"""`docs/cli.md` and the program hold each other: commands, options, JSON and YAML, both ways."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assessor_desk import errors
from assessor_desk.artifacts.renderer import Renderer
from assessor_desk.cli.answers import UnexpectedError
from assessor_desk.cli.commands import DEBUG, DESK, JSON, Choice, Command, Option
from assessor_desk.cli.main import PLACES, commands
from assessor_desk.operations.assessment_file import FEEDBACK_KINDS, FLAG_KINDS, LETTER_BLOCKS
from assessor_desk.operations.documents import assess
from assessor_desk.operations.showing import portfolio
from tests.cli.every_command import collected
from tests.cli.place import opened
from tests.operations.office import Office, laptop

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
COMMANDS = {" ".join(command.words): command for word in PLACES for command in commands(word)}
SECTIONS = dict(re.findall(r"^### ([^\n]*)\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
SECTIONS_OF_COMMANDS = {name: text for name, text in SECTIONS.items() if name != "Options of a desk"}
each_command = pytest.mark.parametrize("name", COMMANDS)


def blocks(text: str, language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [content for named, content in fenced if named == language]


def rows(text: str) -> list[str]:
    """Return the options that a section's tables describe."""
    return [name.replace("\\|", "|") for name in re.findall(r"^\| `(.*?)` \| \S", text, re.MULTILINE)]


def written(option: Option) -> str:
    """Return an option with what follows it, as people write it."""
    settings = dict(option.settings)
    name = option.flags[0]
    if not name.startswith("--"):
        return str(settings.get("metavar", name.upper()))
    if settings.get("action") == "store_true":
        return name
    return f"{name} {settings.get('metavar', name.lstrip('-').upper())}"


def in_line(option: Option | Choice) -> str:
    """Return an option as a usage line shows it."""
    if isinstance(option, Choice):
        return f"({' | '.join(written(each) + _again(each) for each in option.options)})"
    settings, told = dict(option.settings), written(option) + _again(option)
    optional = settings.get("nargs") == "?" or (told.startswith("--") and not settings.get("required"))
    return f"[{told}]" if optional else told


def _again(option: Option) -> str:
    settings = dict(option.settings)
    return "..." if settings.get("action") == "append" or settings.get("nargs") == "+" else ""


def usage(command: Command) -> str:
    """Return the line that shows how a command is written."""
    at_desk = all(each in command.options for each in DESK)
    own = [each for each in command.options if not (at_desk and each in DESK)]
    places = [in_line(each) for each in own if isinstance(each, Option) and not each.flags[0].startswith("--")]
    options = [in_line(each) for each in own if isinstance(each, Choice) or each.flags[0].startswith("--")]
    noun = [command.words[0], *map(in_line, command.before_verb)]
    end = ["[desk]"] if at_desk else [in_line(DEBUG)]
    return " ".join(["assessor-desk", *noun, *command.words[1:], *places, *options, *end])


def own_options(command: Command) -> set[str]:
    """Return the options that a command has beside those of every desk."""
    flat = [option for each in command.options for option in (each.options if isinstance(each, Choice) else (each,))]
    return {written(each) for each in flat if each not in DESK}


def test_every_command_has_its_section_and_nothing_else_has() -> None:
    assert sorted(SECTIONS_OF_COMMANDS) == sorted(COMMANDS)
    assert {command.words[0] for command in COMMANDS.values()} == set(PLACES)


@each_command
def test_a_section_shows_the_line_and_every_option(name: str) -> None:
    command, section = COMMANDS[name], SECTIONS[name]

    (line,) = blocks(section, "")
    assert line.strip() == usage(command)
    assert sorted(rows(section)) == sorted(own_options(command))


def test_the_options_of_a_desk_and_of_the_hub_are_described_once() -> None:
    assert rows(SECTIONS["Options of a desk"]) == [written(each) for each in (*DESK, DEBUG)]
    of_hub = DOCUMENT.partition("\n## A hub\n")[2].partition("\n### ")[0]
    befores = {written(each) for command in COMMANDS.values() for each in command.before_verb}
    assert set(rows(of_hub)) == befores
    assert all(JSON in command.options for name, command in COMMANDS.items() if name != "hub serve")


def test_every_type_of_problem_is_listed() -> None:
    def types(error: type[errors.DeskError]) -> set[str]:
        return {error.type}.union(
            *(types(each) for each in error.__subclasses__() if each.__module__ == errors.__name__)
        )

    (listed,) = re.findall(r"The types are (.*?) for a fault", DOCUMENT, re.DOTALL)
    assert set(re.findall(r"`([a-z-]+)`", listed)) == types(errors.DeskError) - {"desk-error"} | {UnexpectedError.type}
    problem = json.loads(blocks(DOCUMENT.partition("**Problems.**")[2], "json")[0])
    assert set(problem["problem"]) == set(errors.NotReadyError("").problem())


@dataclass
class Shape:
    """The JSON that a section shows, and which of its members were met in real answers."""

    shown: Any
    met: set[str] = field(default_factory=set)

    def hold(self, real: Any) -> list[str]:
        """Return what a real answer has that is not shown, or the other way round."""
        return list(self._differences(self.shown, real, ""))

    def never_met(self) -> list[str]:
        return sorted(set(_members(self.shown, "")) - self.met)

    def _differences(self, shown: Any, real: Any, at: str) -> list[str]:
        if real is None or shown is None:
            return []
        if isinstance(real, dict) and isinstance(shown, dict):
            return self._of_members(shown, real, at)
        if isinstance(real, list) and isinstance(shown, list):
            return [each for value in real for each in self._differences(shown[0] if shown else None, value, f"{at}[]")]
        same = type(real) is type(shown) or at.endswith((".answer", ".value"))
        return [] if same else [f"{at} is shown as {shown!r} and is {real!r}"]

    def _of_members(self, shown: dict[str, Any], real: dict[str, Any], at: str) -> list[str]:
        wildcard = next((name for name in shown if name.isupper()), None)
        found = []
        for name, value in real.items():
            known = wildcard or name
            self.met.add(f"{at}.{known}")
            if known not in shown:
                found.append(f"{at}.{name} is not shown")
            else:
                found += self._differences(shown[known], value, f"{at}.{known}")
        missing = [] if wildcard else sorted(shown.keys() - real.keys())
        return found + [f"{at}.{name} is shown and not there" for name in missing]


def _members(shown: Any, at: str) -> list[str]:
    if isinstance(shown, list):
        return [each for value in shown[:1] for each in _members(value, f"{at}[]")]
    if not isinstance(shown, dict):
        return []
    names = [f"{at}.{name}" for name in shown]
    return names + [each for name, value in shown.items() for each in _members(value, f"{at}.{name}")]


def test_the_json_of_every_command_is_what_it_really_answers(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with opened(tmp_path) as place:
        answers = collected(place, tmp_path / "files")

    assert sorted(answers) == sorted(name for name in COMMANDS if name != "hub serve")
    differences = []
    for name, given in answers.items():
        shapes = {type(shown): Shape(shown) for shown in map(json.loads, blocks(SECTIONS[name], "json"))}
        for answer in given:
            differences += [f"{name}: {each}" for each in shapes[type(answer)].hold(answer)]
        for shape in shapes.values():
            differences += [f"{name}: {each} never occurred" for each in shape.never_met()]
    assert sorted(set(differences)) == []


def test_the_yaml_of_an_assessment_is_really_taken_in(tmp_path: Path) -> None:
    whole, completion = blocks(DOCUMENT, "yaml")
    office = Office()
    with laptop(office, tmp_path) as ana, Renderer() as renderer:
        judged, coached = ana.gets(office.assignment()), ana.gets(office.assignment("office.checked"))
        assess(ana.workplace, judged, whole.encode(), "cli.md", renderer)
        assess(ana.workplace, coached, completion.encode(), "cli.md", renderer)
        shown, checked = portfolio(ana.workplace, judged), portfolio(ana.workplace, coached)

    assert shown.open == ()
    assert [(each.level, len(each.evidence)) for each in shown.criteria] == [(3, 3), (1, 0)]
    assert set(shown.letter) == set(LETTER_BLOCKS)
    assert checked.checks[0].answer is True
    assert checked.conditions[0].answer is not None
    for kind in (*FEEDBACK_KINDS, *FLAG_KINDS, *LETTER_BLOCKS):
        assert re.search(rf"\b{kind}\b", whole), kind
