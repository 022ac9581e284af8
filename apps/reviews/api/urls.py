from django.urls import path

from apps.reviews.api import changesets, proposals

ONE = "proposals/<str:proposal_id>"

urlpatterns = [
    path("changesets", changesets.Changesets.as_view()),
    path("changesets/<str:changeset_id>", changesets.OneChangeset.as_view()),
    path("memory_stores/<str:memory_store_id>/review_policy", changesets.ReviewPolicy.as_view()),
    path("proposals", proposals.Proposals.as_view()),
    path("proposals/batch", proposals.ProposalsBatch.as_view()),
    path(ONE, proposals.OneProposal.as_view()),
    path(f"{ONE}/claim", proposals.ProposalClaimed.as_view()),
    path(f"{ONE}/decision", proposals.ProposalDecided.as_view()),
    path(f"{ONE}/release", proposals.ProposalReleased.as_view()),
    path(f"{ONE}/repropose", proposals.ProposalReproposed.as_view()),
    path(f"{ONE}/revert", proposals.ProposalReverted.as_view()),
]
