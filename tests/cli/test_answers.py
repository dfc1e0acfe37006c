"""What a command prints: one sentence for a refusal, nothing that hides or turns, and never a traceback."""

import json

import pytest

from assessor_desk.cli.answers import DEBUG, Answer, answered, shown, stopped, table
from assessor_desk.errors import NotReadyError
from tests.cli.place import run

HOSTILE = "plan\x1b[2J\u202egnp.\r\n\u2028exe\u200b"


def broken() -> Answer:
    raise ZeroDivisionError("the secret plan of P-7F3K")


def refused() -> Answer:
    raise NotReadyError(f"{HOSTILE} is open.", safe="Your draft is saved.", next="Do it.")


def test_a_refusal_is_one_sentence_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(refused, as_json=False) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert err == "plan [2J gnp. exe is open. Your draft is saved. Do it.\n"


def test_a_refusal_as_json_says_the_same_in_parts(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(refused, as_json=True) == 1

    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "problem": {
            "type": "not-ready",
            "title": "Not ready to sign",
            "detail": f"{HOSTILE} is open.",
            "safe": "Your draft is saved.",
            "next": "Do it.",
        }
    }
    assert err.count("\n") == 1


def test_a_fault_of_our_own_is_one_sentence_without_its_details(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(broken, as_json=True) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["problem"]["type"] == "unexpected"
    assert err.count("\n") == 1
    assert "secret plan" not in out + err
    assert "Traceback" not in err

    answered(broken, as_json=False, debug=True)
    assert "ZeroDivisionError: the secret plan" in capsys.readouterr().err
    monkeypatch.setenv(DEBUG, "1")
    answered(broken, as_json=False)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_who_stops_a_command_hears_that_nothing_was_harmed(capsys: pytest.CaptureFixture[str]) -> None:
    assert stopped() == 130
    assert capsys.readouterr().err == "Stopped. What was saved before is untouched.\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_that_hides_or_turns_the_writing_reaches_a_terminal(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    answered(lambda: Answer({"title": HOSTILE, "mark": "\U000e0041"}, (f"  {HOSTILE}",)), as_json=as_json)

    out = capsys.readouterr().out
    assert all(sign.isprintable() or sign == "\n" for sign in out)
    if as_json:
        assert json.loads(out) == {"title": HOSTILE, "mark": "\U000e0041"}
    else:
        assert out.startswith("  plan")


def test_columns_stand_under_each_other_whatever_a_name_holds() -> None:
    assert table([("a\n\nb", "1"), ("long name", "2")]) == ("a b        1", "long name  2")
    assert table([]) == ()
    assert shown("  set in") == "  set in"


def test_what_is_no_utf_8_gets_json_in_ascii() -> None:
    plain = run("programs", "list", "--json", encoding="iso-8859-1")

    assert plain.code == 0
    assert plain.out.isascii()
    assert len(plain.data["programs"]) == 5


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_without_a_command_the_desk_tells_what_there_is(words: tuple[str, ...]) -> None:
    told = run(*words)

    assert (told.code, told.err) == (0, "")
    for word in ("pair", "sync", "assess", "decide", "sign-off", "package export", "programs list", "hub serve"):
        assert f"\n  {word} " in told.out


def test_help_for_a_command_tells_its_options() -> None:
    told = run("help", "sign-off")

    assert told.code == 0
    assert "--return REASON" in told.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("stats",), "Did you mean `status`? See `assessor-desk help`."),
        (("xyzzy",), "“xyzzy” is no command. See `assessor-desk help`."),
        (("decide",), "the following arguments are required: PORTFOLIO"),
        (("queue", "--pass", "x"), "unrecognized arguments: --pass x"),
        (("sign-off", "P-7F3K"), "one of the arguments --approve --return is required"),
        (("sign-off", "P-7F3K", "--approve", "--return", "No."), "not allowed with argument"),
    ],
)
def test_what_is_not_understood_ends_with_2_and_a_hint(words: tuple[str, ...], hint: str) -> None:
    told = run(*words)

    assert (told.code, told.out) == (2, "")
    assert hint in told.err


def test_the_version_is_told() -> None:
    assert run("--version").out == "assessor-desk 0.1.0\n"
