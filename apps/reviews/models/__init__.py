"""Changesets, proposals with their sources and evidence, decisions, and policies of stores."""

from apps.reviews.models.changeset import Changeset
from apps.reviews.models.decision import Decision, Reason, Verdict, WrittenVersion
from apps.reviews.models.evidence import Evidence, Source
from apps.reviews.models.policy import StorePolicy
from apps.reviews.models.proposal import LEASE, Proposal, ProposalQuerySet

__all__ = [
    "LEASE",
    "Changeset",
    "Decision",
    "Evidence",
    "Proposal",
    "ProposalQuerySet",
    "Reason",
    "Source",
    "StorePolicy",
    "Verdict",
    "WrittenVersion",
]
