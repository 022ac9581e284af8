"""Longer texts by several writers at once: plan, write side by side, merge, be graded."""

from apps.demo.scenarios.drafts.alone import SCRIPTS as ALONE
from apps.demo.scenarios.drafts.crowded import SCRIPTS as CROWDED
from apps.demo.scenarios.drafts.many import SCRIPTS as MANY
from apps.demo.scenarios.drafts.together import SCRIPTS as TOGETHER

SCRIPTS = TOGETHER + CROWDED + MANY + ALONE
