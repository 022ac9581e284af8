"""What is wrong with a history, row by row."""

from dataclasses import dataclass, field

MOST_KEPT = 200
"""Faults that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not as it was written, and what is wrong with it, in words.

    `sequence` is 0 where it is no version but a memory or the store itself. `version_id` is empty
    where the version is missing and nobody knows its id.
    """

    sequence: int
    version_id: str
    memory_id: str
    problem: str

    def __str__(self) -> str:
        version = f"version {self.sequence}" if self.sequence else ""
        named = f"{version} ({self.version_id})" if version and self.version_id else version
        place = named or (f"memory {self.memory_id}" if self.memory_id else "the store")
        return f"{place}: {self.problem}"


@dataclass(slots=True)
class Verdict:
    """What was found. `version_count` and `chain_hash` say where the chain ends."""

    store_id: str
    version_count: int
    chain_hash: str
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    @property
    def has_passed(self) -> bool:
        return self.fault_count == 0

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_KEPT:
            self.faults.append(fault)
