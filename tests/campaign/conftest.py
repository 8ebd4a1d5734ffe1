"""A loopback for each worker, and the run's processes: the wire tests' own."""

from tests.wire.conftest import address, start, wire

__all__ = ["address", "start", "wire"]
