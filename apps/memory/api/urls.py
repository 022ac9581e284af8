from django.urls import path

from apps.memory.api import (
    history,
    memories,
    porting,
    restoring,
    searching,
    stores,
    tidying,
    versions,
)

ONE = "memory_stores/<str:memory_store_id>"
VERSION = f"{ONE}/memory_versions/<str:memory_version_id>"

urlpatterns = [
    path("memory_stores", stores.MemoryStores.as_view()),
    path(ONE, stores.OneMemoryStore.as_view()),
    path(f"{ONE}/archive", stores.ArchivedMemoryStore.as_view()),
    path(f"{ONE}/chain", history.MemoryStoreChain.as_view()),
    path(f"{ONE}/contradictions", tidying.Contradictions.as_view()),
    path(f"{ONE}/diff", history.MemoryStoreDiff.as_view()),
    path(f"{ONE}/export", porting.ExportedMemoryStore.as_view()),
    path(f"{ONE}/history_checks", history.HistoryChecks.as_view()),
    path(f"{ONE}/import", porting.ImportedMemories.as_view()),
    path(f"{ONE}/memories", memories.Memories.as_view()),
    path(f"{ONE}/memories/<str:memory_id>", memories.OneMemory.as_view()),
    path(f"{ONE}/memories/<str:memory_id>/blame", history.MemoryBlamed.as_view()),
    path(f"{ONE}/memories/<str:memory_id>/restore", restoring.RestoredMemory.as_view()),
    path(f"{ONE}/memory_versions", versions.MemoryVersions.as_view()),
    path(VERSION, versions.OneMemoryVersion.as_view()),
    path(f"{VERSION}/redact", versions.RedactedMemoryVersion.as_view()),
    path(f"{ONE}/near_duplicates", tidying.NearDuplicates.as_view()),
    path(f"{ONE}/restore", restoring.RestoredMemoryStore.as_view()),
    path(f"{ONE}/search", searching.MemoryStoreSearch.as_view()),
]
