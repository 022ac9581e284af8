"""Addresses of comparisons: pages below `dreams/`, and the API's."""

from django.urls import path

from apps.dreams.comparing import api, views

COMPARISON = "dreams/comparisons/<str:comparison_id>"
ONE = "dream_comparisons/<str:dream_comparison_id>"

pages = [
    path("dreams/comparisons/", views.index, name="comparisons"),
    path("dreams/comparisons/new/", views.new, name="new_comparison"),
    path("dreams/comparisons/new/estimate/", views.estimate, name="estimate_comparison"),
    path(f"{COMPARISON}/", views.page, name="comparison"),
    path(f"{COMPARISON}/rows/<str:row_id>/pick/", views.pick, name="pick_compared"),
    path(f"{COMPARISON}/reveal/", views.reveal, name="reveal_comparison"),
    path(f"{COMPARISON}/hand-in/", views.hand_in, name="hand_in_comparison"),
    path(f"{COMPARISON}/stop/", views.stop, name="stop_comparison"),
    path(f"{COMPARISON}/archive/", views.archive, name="archive_comparison"),
]
endpoints = [
    path("dream_comparisons", api.DreamComparisons.as_view()),
    path("dream_comparisons/standings", api.DreamContenders.as_view()),
    path("dream_comparisons/estimate", api.DreamComparisonEstimate.as_view()),
    path(ONE, api.OneDreamComparison.as_view()),
    path(f"{ONE}/archive", api.ArchivedComparison.as_view()),
    path(f"{ONE}/cancel", api.CanceledComparison.as_view()),
    path(f"{ONE}/hand_in", api.HandedInComparison.as_view()),
    path(f"{ONE}/rows", api.DreamComparisonRows.as_view()),
    path(f"{ONE}/rows/<str:row_id>/pick", api.PickedComparisonRow.as_view()),
]
