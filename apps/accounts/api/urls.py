from django.urls import path

from apps.accounts.api.audit_entries import AuditEntries, OneAuditEntry

urlpatterns = [
    path("audit_entries", AuditEntries.as_view()),
    path("audit_entries/<str:entry_id>", OneAuditEntry.as_view()),
]
