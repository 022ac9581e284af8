"""Red builds of a drive-control monorepo: hundreds of logs, a few causes."""

from apps.demo.scenarios.builds.single import SCRIPTS as SINGLE
from apps.demo.scenarios.builds.sweeps import SCRIPTS as SWEEPS
from apps.demo.scenarios.builds.triage import SCRIPTS as TRIAGE

SCRIPTS = SWEEPS + TRIAGE + SINGLE
