from django.urls import path

from commonhall.workspace.views import notes

app_name = "workspace"
urlpatterns = [
    path("<int:mentorship_pk>/notes/", notes.notes, name="notes"),
    path("notes/<int:pk>/", notes.note, name="note"),
    path("notes/<int:pk>/rename/", notes.rename, name="note_rename"),
    path("notes/<int:pk>/add/", notes.append, name="note_append"),
    path("notes/<int:pk>/away/", notes.put_away, name="note_away"),
    path("notes/<int:pk>/note.md", notes.markdown, name="note_markdown"),
    path("notes/<int:pk>/note.docx", notes.docx, name="note_docx"),
    path("notes/<int:pk>/versions/", notes.versions, name="note_versions"),
    path("notes/<int:pk>/versions/<int:version_pk>/", notes.version, name="note_version"),
    path("notes/<int:pk>/versions/<int:version_pk>/restore/", notes.restore, name="note_restore"),
]
