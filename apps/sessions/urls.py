from django.urls import path

from apps.sessions.views import imports, lists, live, mounts, palette, saved, session

app_name = "sessions"
urlpatterns = [
    path("sessions/", lists.index, name="list"),
    path("sessions/rows/", live.rows, name="rows"),
    path("sessions/stream", live.list_stream, name="list_stream"),
    path("sessions/views/", saved.save, name="save_view"),
    path("sessions/views/<str:view_id>/delete", saved.delete, name="delete_view"),
    path("sessions/<str:session_id>/", session.page, name="session"),
    path("sessions/<str:session_id>/events/", session.events, name="events"),
    path("sessions/<str:session_id>/events/<path:event_id>/", session.event, name="event"),
    path("sessions/<str:session_id>/news/", session.news, name="news"),
    path("sessions/<str:session_id>/stream", live.session_stream, name="session_stream"),
    path("sessions/<str:session_id>/timeline.json", session.timeline, name="timeline"),
    path("sessions/<str:session_id>/export.<str:extension>", session.export, name="export"),
    path("sessions/<str:session_id>/what-happened/", session.what_happened, name="what_happened"),
    path("memory/<str:store_id>/sessions/", mounts.of_memory_store, name="of_memory_store"),
    path(
        "memory/<str:store_id>/memories/<str:memory_id>/sessions/",
        mounts.of_memory,
        name="of_memory",
    ),
    path("import/", imports.index, name="import"),
    path("import/<str:import_id>/", imports.run, name="import_run"),
    path("palette/", palette.results, name="palette"),
]
