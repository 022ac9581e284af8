"""A stand-in for the vendor's Messages API: real HTTP, the vendor's wire, and faults on demand.

with StandIn() as there:            # a thread; there.url and there.key are what a client needs
    there.next(Fault.rate_limited(), Fault.invalid_json())
    ...
    assert there.billed == Billed(...)

`python -m tests.standin` runs one for people without a key. It counts a token per four characters,
keeps what a prompt's cache would keep, and remembers whatever it was asked and answered.
"""

from tests.standin.asked import Asked, Billed
from tests.standin.faults import Fault
from tests.standin.server import StandIn

__all__ = ["Asked", "Billed", "Fault", "StandIn"]
