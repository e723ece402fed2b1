"""What real Django makes of a tree of migrations: one request a line on stdin, one answer a line on stdout (JSON).

A request is a small project:
    {"files": {"shop/migrations/0001_initial.py": "..."},   the modules, as text
     "installed": ["shop"],                                 INSTALLED_APPS, besides Django's own,
     "contrib": ["auth"],                                   and which of these (default: all)
     "migrationModules": {}, "userModel": "auth.User",      settings
     "migrate": true,                                       migrate an empty database with it, too
     "databases": [[["shop", "0001_initial"]]],             rows of databases to migrate with it, nothing being run
     "merge": true,                                         run `makemigrations --merge` on it, too
     "linearMigrations": true, "firstParty": ["shop"],      ask django-linear-migrations, too, with FIRST_PARTY_APPS
     "numbers": ["0001_squashed_0004"]}                     names whose number is wanted

and this the answer:
    {"labels": {"shop": "shop"},                            app label of each installed entry
     "error": {"type": "NodeNotFoundError", "message": "...", "node": [app, name] or null} or null,
     "leaves": {app: [name]}, "roots": {...}, "conflicts": {...}, "plan": [[app, name]],
     "migrated": null or {"type": ..., "message": ...},     what stopped it
     "databases": [{"conflicts": {...}, "left": ["shop.0002"], "error": null}],  of each: what is not applied in the end
     "linear": [["dlm.E001", "shop's max_migration.txt ..."]] or {"type": ..., "message": ...},
     "merged": {path: text} or {"error": "..."}, "numbers": [1]}

Everything comes from MigrationLoader, which imports the files from a temporary directory; nothing of it is imitated.
"""

import importlib
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True

import django
from django.apps import apps
from django.conf import settings

CONTRIB = ["contenttypes", "auth", "admin", "sessions", "sites", "flatpages", "redirects"]

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[],
    MIGRATION_MODULES={},
    SECRET_KEY="none",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.migrations.autodetector import MigrationAutodetector  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402
from django.test.utils import override_settings  # noqa: E402


def answer(request):
    with tempfile.TemporaryDirectory() as root:
        write(root, request.get("files", {}))
        settings.MIGRATION_MODULES = request.get("migrationModules", {})
        settings.AUTH_USER_MODEL = request.get("userModel") or "auth.User"
        loaded = set(sys.modules)
        sys.path.insert(0, root)
        importlib.invalidate_caches()
        try:
            return judge(root, request)
        finally:
            sys.path.remove(root)
            for name in set(sys.modules) - loaded:
                if not name.startswith("django"):
                    del sys.modules[name]


def judge(root, request):
    result = {"error": None, "numbers": [MigrationAutodetector.parse_number(name) for name in request.get("numbers", [])]}
    installed = request.get("installed", [])
    linear = ["django_linear_migrations"] if request.get("linearMigrations") else []
    try:
        apps.set_installed_apps(["django.contrib." + name for name in request.get("contrib", CONTRIB)] + linear + installed)
    except Exception as error:
        return {**result, "error": describe(error)}
    try:
        result["labels"] = {config.name: config.label for config in apps.get_app_configs() if config.name in installed}
        if linear:
            result["linear"] = check_linear(request.get("firstParty"))
        loader = MigrationLoader(None)
        leaves = loader.graph.leaf_nodes()
        result["leaves"] = by_app(leaves)
        result["roots"] = by_app(loader.graph.root_nodes())
        result["conflicts"] = {app: sorted(names) for app, names in loader.detect_conflicts().items()}
        result["plan"] = loader.graph._generate_plan(leaves, True)
        if request.get("databases"):
            result["databases"] = [migrate_rows(rows) for rows in request["databases"]]
        if request.get("migrate"):
            result["migrated"] = migrate()
        if request.get("merge"):
            result["merged"] = merge(root)
    except Exception as error:
        result["error"] = describe(error)
    finally:
        apps.unset_installed_apps()
    return result


def check_linear(first_party):
    """The system checks of django-linear-migrations, as [id, message]."""
    from django_linear_migrations.apps import check_max_migration_files, get_first_party_app_labels

    with override_settings(**({} if first_party is None else {"FIRST_PARTY_APPS": first_party})):
        get_first_party_app_labels.cache_clear()
        try:
            return [[error.id, error.msg] for error in check_max_migration_files()]
        except Exception as error:
            return describe(error)


def migrate():
    """What an empty database says to all migrations, in the order of the plan."""
    # An in-memory database lives as long as its connection, which ignores close().
    BaseDatabaseWrapper.close(connection)
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    except Exception as error:
        return describe(error)
    return None


def migrate_rows(rows):
    """`migrate --fake` of a database that has these rows: the order of its checks is that of the command."""
    BaseDatabaseWrapper.close(connection)
    recorder = MigrationRecorder(connection)
    try:
        recorder.ensure_schema()
        for app, name in rows:
            recorder.record_applied(app, name)
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        conflicts = {app: sorted(names) for app, names in executor.loader.detect_conflicts().items()}
        if not conflicts:
            executor.migrate(executor.loader.graph.leaf_nodes(), fake=True)
        loader = MigrationLoader(connection)
        left = sorted(".".join(key) for key in set(loader.disk_migrations) - set(loader.applied_migrations))
        return {"conflicts": conflicts, "left": left, "error": None}
    except Exception as error:
        return {"conflicts": {}, "left": [], "error": describe(error)}


def merge(root):
    """The files that `makemigrations --merge` writes, without the header that names the time."""
    before = set(python_files(root))
    try:
        call_command("makemigrations", merge=True, interactive=False, verbosity=0, include_header=False)
    except (Exception, SystemExit) as error:
        return {"error": str(error)}
    return {path: read(root, path) for path in python_files(root) if path not in before}


def write(root, files):
    for path, text in files.items():
        target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8", newline="") as file:
            file.write(text)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
        return file.read()


def python_files(root):
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".py"):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def describe(error):
    node = getattr(error, "node", None)
    return {"type": type(error).__name__, "message": str(error), "node": list(node) if node else None}


def by_app(keys):
    found = {}
    for app, name in keys:
        found.setdefault(app, []).append(name)
    return {app: sorted(names) for app, names in found.items()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
