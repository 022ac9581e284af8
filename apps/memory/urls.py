from django.urls import path

from apps.memory.views import (
    changing,
    editing,
    memory,
    porting,
    restoring,
    searching,
    store,
    stores,
    tidying,
)

app_name = "memory"
STORE = "memory/<str:store_id>"
MEMORY = f"{STORE}/memories/<str:memory_id>"
VERSION = f"{MEMORY}/versions/<str:version_id>"

urlpatterns = [
    path("memory/", stores.index, name="stores"),
    path("memory/new/", stores.new, name="new_store"),
    path(f"{STORE}/", store.page, name="store"),
    path(f"{STORE}/edit/", stores.edit, name="edit_store"),
    path(f"{STORE}/archive/", stores.archive, name="archive_store"),
    path(f"{STORE}/delete/", stores.delete, name="delete_store"),
    path(f"{STORE}/restore/", restoring.page, name="restore_store"),
    path(f"{STORE}/export/", porting.export, name="export"),
    path(f"{STORE}/import/", porting.bring, name="import"),
    path(f"{STORE}/import/<str:file_id>/", porting.plan, name="import_plan"),
    path(f"{STORE}/activity/", store.activity, name="activity"),
    path(f"{STORE}/checks/", store.checks, name="checks"),
    path(f"{STORE}/checks/chain/", porting.chain, name="chain"),
    path(f"{STORE}/search/", searching.page, name="search"),
    path(f"{STORE}/tidy/", tidying.page, name="tidy"),
    path(f"{STORE}/new/", editing.new, name="new_memory"),
    path(f"{STORE}/at/<path:path>", store.at, name="at"),
    path(f"{MEMORY}/", memory.page, name="memory"),
    path(f"{MEMORY}/edit/", editing.edit, name="edit"),
    path(f"{MEMORY}/rename/", changing.rename, name="rename"),
    path(f"{MEMORY}/delete/", changing.delete, name="delete"),
    path(f"{VERSION}/restore/", changing.restore, name="restore"),
    path(f"{VERSION}/redact/", changing.redact, name="redact"),
]
