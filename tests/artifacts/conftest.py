"""What the tests of artifacts share: a worker that is warm for one test."""

from collections.abc import Iterator

import pytest

from assessor_desk.artifacts.renderer import Renderer


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as warm:
        yield warm
