"""A storage that kills its process, with `kill -9`, as soon as the bytes are where they belong."""

import os
import signal

from django.core.files.storage import FileSystemStorage


class Deadly(FileSystemStorage):
    def _save(self, name, content):
        super()._save(name, content)
        os.kill(os.getpid(), signal.SIGKILL)
        return name
