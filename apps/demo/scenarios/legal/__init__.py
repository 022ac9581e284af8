"""Contracts in London: drafting, redlines, and files that will not open."""

from apps.demo.scenarios.legal.amending import SCRIPTS as AMENDING
from apps.demo.scenarios.legal.reading import SCRIPTS as READING
from apps.demo.scenarios.legal.teamwork import SCRIPTS as TEAMWORK

SCRIPTS = AMENDING + READING + TEAMWORK
