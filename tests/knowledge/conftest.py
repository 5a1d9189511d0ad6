"""A copy of the knowledge for each test that breaks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .copies import copy_data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder of its own."""
    return copy_data(tmp_path)
