"""A folder of its own for what these tests keep, and workers that do as they are told at once."""

import pytest

from apps.files import tasks


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """The folder that the bytes lie in."""
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.UPLOADS_DIR


@pytest.fixture
def queue(monkeypatch):
    """Workers that run what they are handed before they answer."""

    def run(kwargs, headers):
        tasks.discard_blobs(**kwargs)

    monkeypatch.setattr(tasks.discard_blobs, "apply_async", run)


def lying_in(folder):
    """Every file below the folder, by path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
