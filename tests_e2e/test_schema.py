"""The published description of /api/v1 against a real server: whatever it allows, and much that it does not, is sent."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fascicle.web.app import create_app

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(create_app().inner.openapi())
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
SENT = [
    pytest.param(label, mode, id=f"{label}, {mode.value}")
    for label, operation in OPERATIONS.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters())
]
"""Every operation with what it allows; with what it does not allow where anything at all is sent."""


@pytest.mark.parametrize(("label", "mode"), SENT)
def test_no_request_brings_a_server_error(base: str, label: str, mode: GenerationMode) -> None:
    """Every answer is one the description promises, and none is an error of the server."""
    operation = OPERATIONS[label]

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=base, checks=CHECKS)

    ask()
