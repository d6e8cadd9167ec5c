"""The least that any page over these statements costs: psycopg2, one transaction, JSON. Statements come from a file named in
BENCH_STATEMENTS, a pickle of {"name": [(sql, parameters), …]}; `/name` runs and commits them, on a connection of the thread."""

import json
import os
import pickle
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras

psycopg2.extras.register_uuid()
_own = threading.local()
# Rows of which every request makes a new one.
_NEW_ROWS = ('INSERT INTO "audit_event"', 'INSERT INTO "therapy_sessions_draftversion"')
# Written by the measuring script a moment before, on this machine.
_statements: dict[str, list[tuple[str, Any]]] = pickle.loads(
    Path(os.environ["BENCH_STATEMENTS"]).read_bytes()
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    connection = getattr(_own, "connection", None)
    if connection is None:
        connection = _own.connection = psycopg2.connect(os.environ["DATABASE_URL"])
    name = environ["PATH_INFO"].lstrip("/")
    answers = []
    with connection.cursor() as cursor:
        for sql, parameters in _statements[name]:
            if sql.startswith(_NEW_ROWS):
                parameters = [uuid.uuid4(), *parameters[1:]]
            cursor.execute(sql, parameters)
            if cursor.description is not None:
                answers.append(cursor.fetchall())
    connection.commit()
    body = json.dumps(answers, default=str).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
