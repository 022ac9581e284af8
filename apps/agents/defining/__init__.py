"""Agents as text: YAML (or JSON) with the API's keys, every complaint at its line."""

from apps.agents.defining.reading import Complaint, Document, Faulty, parse
from apps.agents.defining.writing import dump

__all__ = ["Complaint", "Document", "Faulty", "dump", "parse"]
