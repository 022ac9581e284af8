"""What was asked, what it cost, and with which key."""

from apps.engine.models.batches import Batch
from apps.engine.models.calls import Call
from apps.engine.models.connections import VENDOR, ModelConnection
from apps.engine.models.spending import DaySpend, JobSpend

__all__ = ["VENDOR", "Batch", "Call", "DaySpend", "JobSpend", "ModelConnection"]
