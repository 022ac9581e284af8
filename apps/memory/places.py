"""Which paths of a store are taken, known without asking for each."""

from collections.abc import Iterable
from itertools import chain

from apps.memory import paths


class Places:
    """Paths with the ids of what lies there, and quickly what is in the way of another one."""

    def __init__(self, taken: Iterable[tuple[str, str]]) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, dict[str, str]] = {}
        for path, memory_id in taken:
            self.add(path, memory_id)

    def add(self, path: str, memory_id: str) -> None:
        self._files[path] = memory_id
        for folder in paths.ancestors(path):
            self._folders.setdefault(folder, {})[path] = memory_id

    def remove(self, path: str) -> None:
        del self._files[path]
        for folder in paths.ancestors(path):
            del self._folders[folder][path]

    def blocking(self, path: str, besides: str = "") -> tuple[str, str] | None:
        """The path and id of another memory that lies at this path, above it or below it."""
        above = ((each, self._files.get(each, besides)) for each in (path, *paths.ancestors(path)))
        below = self._folders.get(path, {}).items()
        return next((each for each in chain(above, below) if each[1] != besides), None)
