"""Stores, memories, their versions, and checks of their history."""

from apps.memory.models.check import HistoryCheck
from apps.memory.models.memory import Memory
from apps.memory.models.store import MemoryStore
from apps.memory.models.version import MemoryVersion, Operation

__all__ = ["HistoryCheck", "Memory", "MemoryStore", "MemoryVersion", "Operation"]
