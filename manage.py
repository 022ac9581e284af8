#!/usr/bin/env python
"""Every command of agentsite; `manage.py up` starts the whole console.

Every other command works whether or not `up` runs: it uses the database and the queue of the data
folder, started for its own duration where they are not running.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from django.core.management import execute_from_command_line

from agentsite import embedded
from agentsite.embedded.trouble import CannotStart

STARTS_ITS_OWN = "up"
NEEDS_NOTHING = {"", "help", "version", "--version", "startapp", "check", "collectstatic"}


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")
    command = arguments[1] if len(arguments) > 1 else ""
    try:
        if command == STARTS_ITS_OWN:
            embedded.choose_folder(arguments)
        with _servers(command, arguments):
            execute_from_command_line(list(arguments))
    except CannotStart as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


def _servers(command: str, arguments: Sequence[str]) -> AbstractContextManager[object]:
    if command in NEEDS_NOTHING | {STARTS_ITS_OWN} or {"--help", "-h"} & set(arguments):
        return nullcontext()
    return embedded.servers_in_use()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
