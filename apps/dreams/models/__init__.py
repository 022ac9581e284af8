"""Dreams, what they read and found, and the schedules that start them."""

from apps.dreams.models.dream import Dream, DreamInput, OutputBehavior, Stage, WaitsFor
from apps.dreams.models.pattern import Pattern
from apps.dreams.models.reading import Observation, Reading
from apps.dreams.models.schedule import DreamSchedule, DreamScheduleRun

__all__ = [
    "Dream",
    "DreamInput",
    "DreamSchedule",
    "DreamScheduleRun",
    "Observation",
    "OutputBehavior",
    "Pattern",
    "Reading",
    "Stage",
    "WaitsFor",
]
