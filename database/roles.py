"""The database roles: the owner migrates and backs up, the app role serves the web, tests wear either.

What each role may do in the tables is `database/sql` and `access/rls`, laid after every migrate.
"""

from collections.abc import Iterator, Mapping

from psycopg2 import sql

DATABASE = "ipt"
OWNER, APP, TEST = "ipt_owner", "ipt_app", "ipt_test"
ATTRIBUTES = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS",
    # Test servers only. NOINHERIT: it has the others' rights only while it wears their role.
    TEST: "LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS",
}


def role_statements(passwords: Mapping[str, str], already: set[str]) -> Iterator[sql.Composable]:
    """What a superuser runs once per server: a role for each password, but for those already there."""
    for role, password in passwords.items():
        if role in already:
            continue
        yield sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
            sql.Identifier(role), sql.SQL(ATTRIBUTES[role]), sql.Literal(password)
        )
        if role == TEST:
            yield sql.SQL("GRANT {}, {} TO {}").format(*map(sql.Identifier, (OWNER, APP, TEST)))


def database_statement(name: str = DATABASE) -> sql.Composable:
    """The database belongs to the owner role; run after the roles."""
    return sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
