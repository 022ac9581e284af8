"""Dreams, what they read and found, the schedules that start them, and comparisons of two."""

from apps.dreams.models.comparison import (
    Comparison,
    ComparisonPick,
    ComparisonRow,
    ComparisonSide,
    Letter,
)
from apps.dreams.models.dream import Dream, DreamInput, OutputBehavior, Stage, WaitsFor
from apps.dreams.models.pattern import Pattern
from apps.dreams.models.reading import Observation, Reading
from apps.dreams.models.schedule import DreamSchedule, DreamScheduleRun

__all__ = [
    "Comparison",
    "ComparisonPick",
    "ComparisonRow",
    "ComparisonSide",
    "Dream",
    "DreamInput",
    "DreamSchedule",
    "DreamScheduleRun",
    "Letter",
    "Observation",
    "OutputBehavior",
    "Pattern",
    "Reading",
    "Stage",
    "WaitsFor",
]
