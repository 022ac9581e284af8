"""Stores, memories, and their versions."""

from apps.memory.models.memory import Memory
from apps.memory.models.store import MemoryStore
from apps.memory.models.version import MemoryVersion, Operation

__all__ = ["Memory", "MemoryStore", "MemoryVersion", "Operation"]
