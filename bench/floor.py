"""The least that any page over these statements costs: psycopg2, one transaction, JSON. Statements come from a file named in
BENCH_STATEMENTS, a pickle of {"name": [(sql, parameters), …]}; `/name` runs and commits them."""

import json
import os
import pickle
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras

psycopg2.extras.register_uuid()
_connection = None
# Written by the measuring script a moment before, on this machine.
_statements: dict[str, list[tuple[str, Any]]] = pickle.loads(
    Path(os.environ["BENCH_STATEMENTS"]).read_bytes()
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    global _connection
    if _connection is None:
        _connection = psycopg2.connect(os.environ["DATABASE_URL"])
    name = environ["PATH_INFO"].lstrip("/")
    answers = []
    with _connection.cursor() as cursor:
        for sql, parameters in _statements[name]:
            if sql.startswith('INSERT INTO "audit_event"'):
                parameters = [
                    uuid.uuid4(),
                    *parameters[1:],
                ]  # a row of the trail for every reading, as the page writes
            cursor.execute(sql, parameters)
            if cursor.description is not None:
                answers.append(cursor.fetchall())
    _connection.commit()
    body = json.dumps(answers, default=str).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
