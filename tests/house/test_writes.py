"""Views, forms and tasks change nothing themselves: acts do."""

import ast

from tests.house.tree import PRODUCT, furniture, named, parsed, python

ON_ROWS = {"save", "delete", "asave", "adelete"}
ON_TABLES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete"}


def through_a_table(node):
    """Whether a chain of calls begins at some `.objects`."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def writes(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on_row = node.func.attr in ON_ROWS and not node.args  # picture.save(file) is no row
            if on_row or (node.func.attr in ON_TABLES and through_a_table(node.func.value)):
                yield f"{named(path)}:{node.lineno} .{node.func.attr}()"


def test_views_forms_and_tasks_never_save():
    pieces = [path for path in python() if PRODUCT in path.parents and furniture(path) in {"views", "forms", "tasks"}]
    assert len(pieces) > 10
    assert not [line for path in pieces for line in writes(path)]


def test_signals_are_not_used():
    users = []
    for path in python():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module in {"django.dispatch", "django.db.models.signals"}:
                users.append(named(path))
    assert not users


def test_no_import_hides_in_a_function():
    """But for what must wait until Django has loaded its apps, and for parts imported only in a child or a verb."""
    allowed = {"src/commonhall/config/apps.py", "src/commonhall/core/child.py"}
    hidden = set()
    for path in python():
        for function in ast.walk(parsed(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("commonhall"):
                        hidden.add(named(path))
    assert hidden <= allowed
