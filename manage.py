#!/usr/bin/env python
"""Every command of agentsite; `manage.py up` starts the whole console."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
