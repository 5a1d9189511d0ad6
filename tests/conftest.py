"""What every test needs: a cache folder of its own, so that no test reads or writes the user's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """FASCICLE_CACHE names a temporary folder for the whole session, for subprocesses too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASCICLE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
