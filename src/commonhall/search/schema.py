"""The index beside the table of entries, made by the database itself so that it never falls behind."""

from typing import Any

SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        scopes, text, content='search_entry', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_index(rowid, scopes, text) VALUES (new.id, new.scopes, new.text);
    END
    """,
    """
    CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, scopes, text) VALUES ('delete', old.id, old.scopes, old.text);
    END
    """,
    """
    CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, scopes, text) VALUES ('delete', old.id, old.scopes, old.text);
        INSERT INTO search_index(rowid, scopes, text) VALUES (new.id, new.scopes, new.text);
    END
    """,
    "CREATE VIRTUAL TABLE search_words USING fts5vocab('search_index', 'row')",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS search_entry_added",
    "DROP TRIGGER IF EXISTS search_entry_removed",
    "DROP TRIGGER IF EXISTS search_entry_changed",
    "DROP TABLE IF EXISTS search_words",
    "DROP TABLE IF EXISTS search_index",
)

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public",
    """
    ALTER TABLE search_entry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', scopes) || to_tsvector('english', text)
    ) STORED
    """,
    "CREATE INDEX search_entry_document ON search_entry USING gin (document)",
    "CREATE INDEX search_entry_trigrams ON search_entry USING gin (text public.gin_trgm_ops)",
)

POSTGRESQL_BACK = ("ALTER TABLE search_entry DROP COLUMN IF EXISTS document",)


def build(apps: Any, editor: Any) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop(apps: Any, editor: Any) -> None:
    for statement in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(statement)
