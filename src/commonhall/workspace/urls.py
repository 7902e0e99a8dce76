from django.urls import path

from commonhall.workspace.views import actions, goals, notes, private

app_name = "workspace"
urlpatterns = [
    path("<int:mentorship_pk>/private/", private.private_notes, name="private"),
    path("private/<int:pk>/", private.private_note, name="private_note"),
    path("private/<int:pk>/remove/", private.private_remove, name="private_remove"),
    path("<int:mentorship_pk>/goals/", goals.goals, name="goals"),
    path("<int:mentorship_pk>/goals/from-agreement/", goals.take_goals, name="goals_take"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/close/", goals.goal_close, name="goal_close"),
    path("goals/<int:pk>/into/<int:mentorship_pk>/", goals.goal_carry, name="goal_carry"),
    path("<int:mentorship_pk>/actions/", actions.actions, name="actions"),
    path("actions/<int:pk>/edit/", actions.action_edit, name="action_edit"),
    path("actions/<int:pk>/done/", actions.action_done, name="action_done"),
    path("notes/<int:pk>/actions/", actions.take_actions, name="note_actions"),
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
