"""The hub against its own description: requests made up from the document, sent for real."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assessor_desk.hub import openapi
from assessor_desk.hub.actors import Role
from assessor_desk.hub.data import Hub
from assessor_desk.hub.routes import ROUTES
from tests.hub.people_here import desk_of

EXAMPLES = 25
ENDLESS = "/v1/events"
DOCUMENT = schemathesis.openapi.from_dict(json.loads(openapi.document(ROUTES, "Teaching Lab")))


@schemathesis.serializer("application/zip")
def _as_it_is(_context: schemathesis.SerializationContext, value: Any) -> Any:
    return value if isinstance(value, bytes) else bytes(str(value), "utf-8", "surrogatepass")


@pytest.mark.parametrize(("method", "path"), [(row.method, row.path) for row in ROUTES if row.path != ENDLESS])
def test_the_hub_keeps_to_its_own_description(hub: Hub, url: str, method: str, path: str) -> None:
    desk = desk_of(hub, "ana", *Role)
    requests = DOCUMENT[path][method].as_strategy()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=requests)
    def run(case: Any) -> None:
        # A made-up code or archive fits the description and is refused all the same.
        case.call_and_validate(
            base_url=url,
            headers={"Authorization": desk.marks["Authorization"]},
            excluded_checks=[positive_data_acceptance],
        )

    run()
