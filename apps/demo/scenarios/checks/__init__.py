"""Patient information before it is published: style, access, claims, and a guide that changed."""

from apps.demo.scenarios.checks.desk import SCRIPTS as DESK
from apps.demo.scenarios.checks.earlier import SCRIPTS as EARLIER
from apps.demo.scenarios.checks.later import SCRIPTS as LATER

SCRIPTS = EARLIER + DESK + LATER
