"""Whatever is wrong with what comes in: one sentence, exit code 1, and nothing is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assessor_desk.environment.paths import Home, StorePaths
from assessor_desk.seals.keyfile import KeyRing
from assessor_desk.tables.sqlite import connect
from tests.cli.place import ROOT, Ended, Person, Place, ended, process, run
from tests.operations.office import PASSPHRASE, READY


def store_of(person: Person) -> StorePaths:
    return Home.at(person.home).only_store()


def data_key(person: Person) -> bytes:
    return KeyRing.from_bytes(store_of(person).keys.read_bytes()).unlock(PASSPHRASE).data


def test_a_wrong_passphrase_says_that_the_work_is_untouched(place: Place, ana: Person) -> None:
    ana.passphrase_file.write_text("not the right one at all\n")

    problem = ana.is_refused("status")

    assert (problem["type"], problem["title"]) == ("wrong-passphrase", "Wrong passphrase")
    assert problem["safe"] == "The work on this laptop is untouched."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The passphrase is missing: the first line is empty."),
        (b"\xff\xfe", "The file with the passphrase is not UTF-8."),
        (b"x" * 5000, "is larger than 4096 bytes."),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_a_passphrase_file_that_cannot_be_used_says_why(ana: Person, content: bytes | None, sentence: str) -> None:
    if content is None:
        ana.passphrase_file.unlink()
    else:
        ana.passphrase_file.write_bytes(content)

    assert sentence in ana.is_refused("status")["detail"]


@pytest.mark.parametrize("written", [f"{PASSPHRASE}\r\nmore", f"\ufeff{PASSPHRASE}", PASSPHRASE])
def test_a_passphrase_file_may_come_from_any_editor(ana: Person, written: str) -> None:
    ana.passphrase_file.write_bytes(written.encode())

    ana.does("status")


def test_the_passphrase_comes_from_standard_input_and_is_never_waited_for_without_a_terminal(ana: Person) -> None:
    home = ("--home", ana.home, "--json")
    told = ended(process("status", *home, "--passphrase-file", "-", stdin=subprocess.PIPE), f"{PASSPHRASE}\n".encode())
    assert told.code == 0

    assert ended(process("status", *home)).problem["detail"] == "The passphrase is missing."


def test_a_laptop_without_a_store_is_told_to_pair(tmp_path: Path) -> None:
    problem = run("status", "--home", tmp_path, "--json").problem

    assert problem["type"] == "store-missing"
    assert problem["next"] == "Pair it with `assessor-desk pair URL CODE`."


def test_a_lost_key_file_is_told_from_no_store_and_from_a_damaged_one(ana: Person) -> None:
    paths = store_of(ana)
    kept = paths.keys.read_bytes()

    paths.keys.write_bytes(kept[:-40])
    assert ana.is_refused("status")["detail"] == "The file with this store's keys is damaged."
    paths.keys.unlink()
    problem = ana.is_refused("status")
    assert problem["type"] == "store-damaged"
    assert "without the file with its keys" in problem["detail"]

    paths.keys.write_bytes(kept)
    ana.does("status")


def test_two_stores_in_one_home_are_named(place: Place, ana: Person) -> None:
    one = store_of(ana)
    other = one.folder.with_name("another")
    shutil.copytree(one.folder, other)

    problem = ana.is_refused("status")
    assert problem["detail"] == f"There are several stores here: {', '.join(sorted(('another', one.id)))}."
    ana.does("status", "--store", one.id)
    assert ana.is_refused("status", "--store", "third")["detail"] == "There is no store third here."


def test_a_damaged_database_is_left_as_it_is(ana: Person) -> None:
    database = store_of(ana).database
    whole = database.read_bytes()
    database.write_bytes(os.urandom(4096) + whole[4096:])
    damaged = database.read_bytes()

    problem = ana.is_refused("queue")

    assert problem["type"] == "store-damaged"
    assert "Do not delete it" in problem["next"]
    assert database.read_bytes() == damaged
    database.write_bytes(whole)
    ana.does("queue")


def test_damage_in_the_middle_of_the_database_is_found(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(READY))
    database = store_of(ana).database
    whole = bytearray(database.read_bytes())
    for page in range(8, len(whole) // 4096):
        whole[page * 4096 + 100] ^= 0xFF
    database.write_bytes(whole)

    told = ana.run("verify")

    assert told.code == 1
    assert told.data.get("faults") or told.problem["type"] == "store-damaged"
    assert "Traceback" not in told.err


def test_a_missing_database_is_told(ana: Person) -> None:
    store_of(ana).database.unlink()

    assert ana.is_refused("queue")["detail"] == "The database of this store is missing."


def test_a_store_of_a_newer_desk_is_not_touched(ana: Person) -> None:
    connection = connect(store_of(ana).database, data_key(ana))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    problem = ana.is_refused("queue")

    assert problem["type"] == "store-too-new"


def test_a_full_disk_keeps_what_was_saved_and_the_same_step_works_later(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(READY.replace("proficient", "developing")))
    line = ana.line("assess", code, "--from", ana.writes(READY.replace("Thank you", "Many thanks")))

    full = _with_full_disk(ana, *line)

    assert full.problem["type"] == "disk-full"
    assert "What was being written" in full.err or "was not saved" in full.err
    assert ana.does("show", code)["letter"] == {"opening": "Thank you for the notes."}
    assert run(*line).data["edits"] == 2


def _with_full_disk(person: Person, *words: str | Path) -> Ended:
    log = store_of(person).database.with_name("store.db-wal")
    fault = ("-P", str(log), "-e", "inject=pwrite64:error=ENOSPC:when=2+")
    desk = [sys.executable, "-m", "assessor_desk", *map(str, words)]
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "signal=none", *fault, *desk]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def test_a_portfolio_that_is_withdrawn_while_being_scored_keeps_its_draft(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(READY))
    place.hub("withdraw", code, ana.handle, "--reason", "Given to Ben on May 12.")

    assert ana.does("sync")["not_accepted"] == []
    problem = ana.is_refused("decide", code)

    assert problem["type"] == "assessment-closed"
    assert problem["detail"].startswith("This portfolio is no longer with you.")
    assert problem["safe"] == "Your draft is kept on this laptop."
    assert ana.does("show", code)["criteria"][0]["rationale"] == "Each point has a name beside it."


def test_a_decision_that_the_hub_refuses_is_told_and_kept(place: Place, ana: Person) -> None:
    code = place.portfolio(ana)
    ana.does("sync")
    ana.does("assess", code, "--from", ana.writes(READY))
    decision = ana.does("decide", code)["decision"]
    place.hub("withdraw", code, ana.handle, "--reason", "Given to Ben on May 12.")

    (refused,) = ana.does("sync")["not_accepted"]

    assert refused.startswith("A decision of ")
    assert "before your decision arrived" in refused
    assert ana.does("status")["refused"] == [refused]
    (kept,) = ana.does("show", code)["decisions"]
    assert (kept["decision"], kept["state"]) == (decision, "refused")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "P-0000"), "“P-0000” is no portfolio code."),
        (("show", "P-9999"), "There is no portfolio P-9999 on this laptop."),
        (("decide", "nonsense"), "“nonsense” is no portfolio code."),
        (("sign-off", "", "--approve"), "No decision that waits for you is called “”."),
        (("assess", "P-9999", "--from", "nowhere.yaml"), "The file nowhere.yaml cannot be read: No such file"),
        (("assess", "P-9999", "--from", "a\0b"), "it has a name that no disk can hold"),
        (("artifact", "inspect", "nowhere.pdf"), "The file nowhere.pdf cannot be read: No such file"),
    ],
)
def test_what_is_not_there_is_told_in_words(ana: Person, words: tuple[str, ...], sentence: str) -> None:
    line = (*words, "--json") if words[0] == "artifact" else ana.line(*words)

    assert sentence in run(*line).problem["detail"]


def test_an_artifact_is_told_by_its_content(tmp_path: Path) -> None:
    note = tmp_path / "note.pdf"
    note.write_text("Only text, whatever the name says.\n")
    told = run("artifact", "inspect", note, "--json")
    assert (told.code, told.data["kind"], told.data["text_length"]) == (0, "text", 35)

    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing of a page")
    told = run("artifact", "inspect", broken, "--json")
    assert told.code == 1
    assert told.data["problem"]


def test_a_recovery_sheet_never_overwrites_and_never_gets_lost(place: Place, tmp_path: Path) -> None:
    ana = place.user("assessor")
    code = place.hub("invite", ana.handle)["code"]
    taken = tmp_path / "taken.txt"
    taken.write_text("mine")

    assert "already" in ana.is_refused("pair", place.url, code, "--recovery-to", taken)["detail"]
    assert "no folder" in ana.is_refused("pair", place.url, code, "--recovery-to", tmp_path / "no" / "x")["detail"]
    assert taken.read_text() == "mine"
    assert "RECOVERY SHEET" in ana.does("pair", place.url, code)["recovery_sheet"]


@pytest.mark.parametrize("code", ["nonsense", "AAAA-AAAA-AAAA.AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"])
def test_a_wrong_invitation_makes_nothing_on_the_laptop(place: Place, code: str) -> None:
    ana = place.user("assessor")

    problem = ana.is_refused("pair", place.url, code)

    assert problem["detail"]
    assert ana.is_refused("status")["type"] == "store-missing"
