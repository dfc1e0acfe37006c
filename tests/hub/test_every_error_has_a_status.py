import pytest

from assessor_desk import errors
from assessor_desk.errors import DeskError
from assessor_desk.hub import problems
from assessor_desk.wire import codec
from assessor_desk.wire.problems import MEDIA_TYPE, Problem


def family(kind: type[DeskError]) -> list[type[DeskError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in family(child))]


@pytest.mark.parametrize("kind", [each for each in family(DeskError) if each.__module__ == errors.__name__])
def test_an_error_becomes_a_problem_that_a_person_can_read(kind: type[DeskError]) -> None:
    answer = problems.refused(kind("Something happened."))

    told = codec.from_bytes(bytes(answer.body), Problem)
    assert answer.media_type == MEDIA_TYPE
    assert 400 <= told.status < 500 or told.status in (500, 503, 507)
    assert (told.slug, told.detail) == (kind.type, "Something happened.")


def test_trouble_of_the_database_is_worth_another_try() -> None:
    answer = problems.refused(errors.StoreBusyError("Busy."))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
