"""Write src/migrations/contrib.ts: the migrations of Django's own apps, as the installed Django has them.

    python scripts/contrib-nodes.py > src/migrations/contrib.ts

The result is the same from Django 3.2 to 6.1.
"""
import importlib
import pkgutil

from django.conf import settings

APPS = ["contenttypes", "auth", "admin", "sessions", "sites", "flatpages", "redirects"]

settings.configure(SECRET_KEY="none", INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS])

import django  # noqa: E402
from django.db.migrations.migration import SwappableTuple  # noqa: E402

django.setup()


def text(dependency):
    """`app.name`; the dependency on the user model as `settings.AUTH_USER_MODEL`."""
    if isinstance(dependency, SwappableTuple):
        assert dependency.setting == settings.AUTH_USER_MODEL
        return "settings.AUTH_USER_MODEL"
    return ".".join(dependency)


print("import type {NodeKey} from './key.ts';")
print()
print("/**")
print(" * The migrations of Django's own apps with what they depend on, the same from Django 3.2 to 6.1: a project may depend")
print(" * on them, and they take part in the order of `migrate`. Written by scripts/contrib-nodes.py.")
print(" */")
print("export const CONTRIB: Readonly<Record<string, Readonly<Record<string, readonly NodeKey[]>>>> = {")
for app in APPS:
    package = importlib.import_module(f"django.contrib.{app}.migrations")
    print(f"\t{app}: {{")
    for _, name, _ in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module[1]):
        migration = importlib.import_module(f"{package.__name__}.{name}").Migration
        assert not migration.run_before and not migration.replaces
        print(f"\t\t'{name}': [{', '.join(repr(text(each)) for each in migration.dependencies)}],")
    print("\t},")
print("};")
