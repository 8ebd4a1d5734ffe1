"""What holds for all tests."""

import gc

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was imported and collected out of every later collection of garbage.

    Every application that is stopped collects once, to have failed tasks reported, and would walk through all tests each time.
    """
    if session.items:
        gc.collect()
        gc.freeze()
