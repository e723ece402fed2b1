"""Plays sessions of a developer against real Django: one JSON session on each line of input, one JSON list of answers for each.

A session is {"database": settings or null, "apps": [...], "steps": [...]}; a step is
    ["write", {path: text or null}]           files of the project; null deletes
    ["manage", command, *arguments]           answers {"error": null or "Type: message", "output": text}
    ["sql", statement]                        answers rows
    ["rows", app]                             answers the names recorded as applied
    ["columns", table]                        answers names of columns
Every step is a process of its own (a fork: Python and Django are read once), so that none sees the modules of another.
"""
import io
import json
import os
import shutil
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
import django.db.backends.sqlite3.base  # noqa: E402,F401
import django.core.management.commands.migrate  # noqa: E402,F401


def play(folder, session, step):
    database = session.get('database') or {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(folder, 'db.sqlite3')}
    sys.path.insert(0, folder)
    if database['ENGINE'].endswith('mysql'):
        import pymysql
        pymysql.version_info = (2, 2, 4, 'final', 0)
        pymysql.install_as_MySQLdb()
    settings.configure(
        DATABASES={'default': database}, INSTALLED_APPS=session['apps'], USE_TZ=True,
        DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
    )
    django.setup()
    from django.db import connection
    kind, *rest = step
    if kind == 'manage':
        output = io.StringIO()
        try:
            call_command(*rest, interactive=False, stdout=output, stderr=output, no_color=True)
        except Exception as error:
            return {'error': '%s: %s' % (type(error).__name__, error), 'output': output.getvalue()}
        return {'error': None, 'output': output.getvalue()}
    with connection.cursor() as cursor:
        if kind == 'columns':
            return sorted(column.name for column in connection.introspection.get_table_description(cursor, rest[0]))
        if kind == 'rows':
            cursor.execute('SELECT name FROM django_migrations WHERE app = %s ORDER BY name', rest)
            return [name for (name,) in cursor.fetchall()]
        cursor.execute(rest[0])
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def forked(folder, session, step):
    if step[0] == 'write':
        for path, content in step[1].items():
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if content is None:
                os.remove(full)
            else:
                with open(full, 'w') as file:
                    file.write(content)
        return None
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = play(folder, session, step)
        except BaseException:
            answer = {'crashed': traceback.format_exc()}
        with os.fdopen(writing, 'w') as pipe:
            json.dump(answer, pipe, default=str)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text)


for line in sys.stdin:
    session = json.loads(line)
    folder = tempfile.mkdtemp(prefix='migration-guard-steps-')
    try:
        answers = [forked(folder, session, step) for step in session['steps']]
    finally:
        shutil.rmtree(folder)
    print(json.dumps(answers), flush=True)
