"""Somebody to talk, and a store to talk about."""

import pytest

from apps.memory.models import MemoryStore
from tests.memory.mcp.talking import Talk


@pytest.fixture
def talk():
    return Talk("read", "write")


@pytest.fixture
def store(talk):
    return MemoryStore.objects.create(workspace=talk.key.workspace, name="Team notes")
