"""What real Django reverses: one request a line on stdin, one answer a line on stdout (JSON).

A request is a project as oracle.py has it, and targets:
    {"files": …, "installed": …, "contrib": …, "userModel": …, "targets": [["shop", "0002_price"], ["shop", null]]}

and this the answer: for each target the plan of `migrate` with every migration recorded as applied, as [[app, name]] or an error; and what each
operation of the project says of itself:
    {"plans": [[["shop", "0003_size"]]], "reversible": {"shop.0003_size": [true, false]}}
"""

import importlib
import json
import sys
import tempfile

import oracle
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


def answer(request):
    with tempfile.TemporaryDirectory() as root:
        oracle.write(root, request["files"])
        settings.AUTH_USER_MODEL = request.get("userModel") or "auth.User"
        loaded = set(sys.modules)
        sys.path.insert(0, root)
        importlib.invalidate_caches()
        try:
            apps.set_installed_apps(["django.contrib." + name for name in request["contrib"]] + request["installed"])
            try:
                return judge(request)
            finally:
                apps.unset_installed_apps()
        except Exception as error:
            return {"error": oracle.describe(error)}
        finally:
            sys.path.remove(root)
            for name in set(sys.modules) - loaded:
                # Django's own apps read AUTH_USER_MODEL when they are imported.
                if not name.startswith("django") or name.startswith("django.contrib.") and ".migrations" in name:
                    del sys.modules[name]


def judge(request):
    BaseDatabaseWrapper.close(connection)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    disk = MigrationExecutor(connection).loader.disk_migrations
    for key in {*disk, *(tuple(target) for migration in disk.values() for target in migration.replaces)}:
        recorder.record_applied(*key)
    return {
        "plans": [plan(target) for target in request["targets"]],
        "reversible": {
            "%s.%s" % key: [operation.reversible for operation in migration.operations] for key, migration in disk.items()
        },
    }


def plan(target):
    try:
        found = MigrationExecutor(connection).migration_plan([tuple(target)])
    except Exception as error:
        return {"error": str(error)}
    return [[migration.app_label, migration.name] for migration, backwards in found if backwards]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
