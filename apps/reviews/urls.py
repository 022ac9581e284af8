from django.urls import path

from apps.reviews.views import (
    batching,
    changesets,
    deciding,
    desk,
    live,
    policies,
    rows,
    undoing,
)

app_name = "reviews"
PROPOSAL = "reviews/<str:proposal_id>"

urlpatterns = [
    path("reviews/", desk.index, name="queue"),
    path("reviews/rows/", rows.rows, name="rows"),
    path("reviews/count/", rows.count, name="count"),
    path("reviews/stream", live.stream, name="stream"),
    path("reviews/batch/", batching.batch, name="batch"),
    path("reviews/changesets/<str:changeset_id>/", changesets.page, name="changeset"),
    path(f"{PROPOSAL}/", desk.page, name="proposal"),
    path(f"{PROPOSAL}/decide/", deciding.decide, name="decide"),
    path(f"{PROPOSAL}/skip/", deciding.skip, name="skip"),
    path(f"{PROPOSAL}/claim/", deciding.claim, name="claim"),
    path(f"{PROPOSAL}/release/", deciding.release, name="release"),
    path(f"{PROPOSAL}/undo/", undoing.undo, name="undo"),
    path(f"{PROPOSAL}/repropose/", deciding.repropose, name="repropose"),
    path(f"{PROPOSAL}/standing/", deciding.standing, name="standing"),
    path("memory/<str:store_id>/reviews/", policies.page, name="policy"),
]
