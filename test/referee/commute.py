"""
Does the work of two branches commute? Pairs of migrations, each written by Django's own MigrationWriter, are run with real
Django in both orders, and the final states and schemas are compared.

    python commute.py [--rows] [--random N] [--each N] [--seed S] [--worlds] [--pairs] [--postgres DATABASE-AS-JSON]

--rows: the pairs found by hand; --random: so many pairs of any operations; --mixed: so many of two or three
operations on each side; --each: so many of each two operations; --worlds: all of these in each world but the first; --pairs: those
that stand on the standard input, as {name, world, kinds, mainline, incoming}.

One JSON document a line: {name, world, kinds, base, mainline, incoming, truth}, where the texts are modules (the base is several) and truth is
{"straight": error or null, "turned": error or null, "differs": what or null, "checks": [new system check errors]}.
Straight is mainline first. Pairs of which one alone does not work are left out.
"""
import argparse
import json
import random
import re
import sqlite3
import sys
import warnings

warnings.simplefilter("ignore")

import django
from django.conf import settings

import commute_world


def start(postgres):
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(
        DATABASES={"default": postgres or database},
        INSTALLED_APPS=[],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        AUTH_USER_MODEL="shop.User",
    )
    django.setup()


class FirstWorld:
    """The one that was there first, in the form of the others (commute_worlds.py)."""

    name, base, kinds, rows = "shop", [commute_world.BASE], commute_world.KINDS, commute_world.ROWS
    module, random_source = staticmethod(commute_world.MODULE), staticmethod(commute_world.random_source)


def worlds():
    import commute_fields
    import commute_models

    return [each for each in [*commute_fields.WORLDS, *commute_models.WORLDS] if django.VERSION >= each.since]


def migrations_of(source):
    """A module, or several of them, as migrations of the apps that their first lines name."""
    from django.db.migrations.migration import Migration

    for text in filter(None, re.split(r"^(?=# app: )", source, flags=re.MULTILINE)):
        namespace = {}
        exec(compile(text, "migration", "exec"), namespace)
        migration = Migration("m", text[len("# app: "):].split("\n")[0] if text.startswith("# app: ") else "shop")
        migration.operations = namespace["Migration"].operations
        yield migration


class Bench:
    """A state and a database that can be put back to where they were."""

    def __init__(self, world):
        from django.db import connection
        from django.db.migrations.state import ProjectState

        self.world = world

        self.connection = connection
        self.sqlite = connection.vendor == "sqlite"
        connection.close()
        if self.sqlite:
            # One in memory is not closed otherwise.
            connection.connection = None
        connection.ensure_connection()
        if not self.sqlite:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        self.alone = {}
        state = ProjectState()
        for source in world.base:
            self.run(state, source)
        self.base = (state, self.snapshot())

    def snapshot(self):
        if not self.sqlite:
            return None
        copied = sqlite3.connect(":memory:")
        self.connection.connection.backup(copied)
        return copied

    def restore(self, snapshot):
        # A connection on which something failed may be in the middle of a statement.
        self.connection.connection.close()
        self.connection.connection = None
        self.connection.connect()
        snapshot.backup(self.connection.connection)

    def run(self, state, source):
        """As Migration.apply, and the models rendered as the next migration would render them."""
        for migration in migrations_of(source):
            with self.connection.schema_editor(atomic=True) as editor:
                migration.apply(state, editor)
            apps = fresh(state).apps
        return apps

    def attempt(self, start, sources, is_checked=True):
        """(error or None, state, snapshot, schema, checks) of running modules one after the other."""
        state, snapshot = fresh(start[0]), start[1]
        if self.sqlite:
            self.restore(snapshot)
            return self.finish(state, sources, is_checked)
        from django.db import transaction

        with transaction.atomic():
            result = self.finish(state, sources, is_checked)
            transaction.set_rollback(True)
        return result

    def finish(self, state, sources, is_checked):
        try:
            for source in sources:
                apps = self.run(state, source)
        except Exception as error:
            return {"error": "%s: %s" % (type(error).__name__, str(error).split("\n")[0]), "at": None}
        found = {"error": None, "start": (state, self.snapshot()), "state": state_of(state), "schema": self.schema()}
        return {**found, "checks": [*checks_of(apps), *self.not_made_anew(apps)] if is_checked else []}

    def not_made_anew(self, apps):
        """The tables that some later operation could not make anew from the state, as SQLite does for most of them."""
        found = []
        for model in apps.get_models(include_auto_created=False) if self.sqlite else ():
            try:
                with self.connection.schema_editor(atomic=True) as editor:
                    if model._meta.can_migrate(self.connection) and not model._meta.proxy:
                        editor._remake_table(model)
            except Exception as error:
                found.append("a table cannot be made anew: %s" % re.split(r" Choices|\n", str(error))[0])
        return found

    def by_itself(self, source):
        if source not in self.alone:
            self.alone[source] = self.attempt(self.base, [source])
        return self.alone[source]

    def schema(self):
        introspection = self.connection.introspection
        with self.connection.cursor() as cursor:
            result = {}
            for table in sorted(introspection.table_names(cursor)):
                constraints = introspection.get_constraints(cursor, table)
                # To SQLite a type is a hint, and a key gets that of its target only when its own table is made anew.
                keys = {column for rule in constraints.values() if rule["foreign_key"] and self.sqlite for column in rule["columns"]}
                columns = sorted(
                    (column.name, "key" if column.name in keys else str(column.type_code), bool(column.null_ok), column.default)
                    for column in introspection.get_table_description(cursor, table)
                )
                rules = sorted(
                    (plain_name(name), bool(rule["unique"]), bool(rule["primary_key"]), bool(rule["check"]), str(rule["foreign_key"]), sorted(map(str, rule["columns"] or [])))
                    for name, rule in constraints.items()
                )
                result[table] = [columns, rules]
        return result

    def judge(self, mainline, incoming):
        first, second = self.by_itself(mainline), self.by_itself(incoming)
        if first["error"] or second["error"]:
            return None
        if self.sqlite:
            straight, turned = self.attempt(first["start"], [incoming]), self.attempt(second["start"], [mainline], False)
        else:
            straight, turned = self.attempt(self.base, [mainline, incoming]), self.attempt(self.base, [incoming, mainline], False)
        differs, checks = None, []
        if not straight["error"]:
            checks = sorted(set(straight["checks"]) - set(first["checks"]) - set(second["checks"]))
            if not turned["error"]:
                differs = difference(straight["state"], turned["state"]) or difference(straight["schema"], turned["schema"])
        return {"straight": straight["error"], "turned": turned["error"], "differs": differs, "checks": checks}


def fresh(state):
    """A copy that shares nothing: the state's own clone shares the fields, and renames change those."""
    from django.db.migrations.state import ProjectState

    models = {key: model.clone() for key, model in state.models.items()}
    for model in models.values():
        model.fields = {name: field.clone() for name, field in model.fields.items()}
    return ProjectState(models)


def plain_name(name):
    """Names with a hash are Django's to choose and nobody's to name."""
    return "*" if re.search(r"_[0-9a-f]{8}(_|$)|^__unnamed|^fk_\d+$|_[0-9a-f]{6,8}\w*(_uniq|_fk\w*|_like|_idx|_check)$|_pkey$|_check$|_key$", name) else name


def state_of(state):
    return {"%s.%s" % key: model_of(model) for key, model in sorted(state.models.items())}


def model_of(model):
    fields = {}
    for name, field in model.fields.items():
        _, path, args, kwargs = field.deconstruct()
        fields[name] = "%s %r %r" % (path, args, sorted((key, str(value).lower() if key in ("to", "through") else repr(value)) for key, value in kwargs.items()))
    options = {}
    for key, value in model.options.items():
        if key in ("indexes", "constraints"):
            value = sorted(repr(each.deconstruct()) for each in value)
        elif key in ("unique_together", "index_together"):
            value = sorted(tuple(each) for each in value or [])
        if value:
            options[key] = repr(value)
    return {"name": model.name, "fields": fields, "options": options, "bases": [str(base).lower() for base in model.bases], "managers": [name for name, _ in model.managers]}


def difference(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(set(one) | set(other)):
            if one.get(key) != other.get(key):
                return difference(one.get(key), other.get(key), "%s %s" % (path, key))
        return None
    return None if one == other else ("%s: %s, the other way round %s" % (path.strip(), one, other))[:300]


def checks_of(apps):
    """System checks of the final models, and names that name no field."""
    from django.core.checks import Error

    found, names = [], {}
    for model in apps.get_models(include_auto_created=False):
        try:
            errors = model.check()
        except Exception as error:
            errors = [Error(str(error), obj=model, id="crash")]
        found += ["%s %s" % (each.id, each.msg) for each in errors if isinstance(each, Error) and each.level >= 40 and each.id not in IGNORED]
        try:
            str(model._base_manager.order_by(*model._meta.ordering).query)
        except Exception as error:
            found.append("a model cannot be asked for: %s" % str(error).split(" Choices")[0])
        known = {name for field in model._meta.get_fields() for name in (field.name, getattr(field, "attname", field.name))} | {"pk"}
        for rule in [*model._meta.indexes, *model._meta.constraints]:
            if rule.name in names:
                found.append("name %s is not unique" % rule.name)
            names[rule.name] = model
            for field in getattr(rule, "fields", ()) or ():
                if field.lstrip("-") not in known:
                    found.append("%s names %s" % (rule.name, field))
            found += unknown_in_check(rule, known)
    return sorted(found)


IGNORED = {"fields.E300", "fields.E307", "models.E028"}


def unknown_in_check(rule, known):
    condition = getattr(rule, "condition", None) or getattr(rule, "check", None)
    children = getattr(condition, "children", None) or ()
    return {"%s names %s" % (rule.name, child[0]) for child in children if isinstance(child, tuple) and child[0].split("__")[0] not in known}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--worlds", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--mixed", type=int, default=0)
    parser.add_argument("--each", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", default="")
    options = parser.parse_args()
    start(json.loads(options.postgres) if options.postgres else None)
    if options.pairs:
        known = {world.name: world for world in [FirstWorld, *worlds()]}
        bench = None
        for pair in sorted(map(json.loads, sys.stdin), key=lambda pair: pair.get("world", "shop")):
            world = known[pair.get("world", "shop")]
            bench = bench if bench and bench.world is world else Bench(world)
            answer(bench, pair["name"], pair["kinds"], pair["mainline"], pair["incoming"])
    for world in worlds() if options.worlds else [FirstWorld]:
        judge_world(Bench(world), options)


def answer(bench, name, kinds, mainline, incoming):
    """Print what Django does with a pair; whether it could be asked."""
    try:
        truth = bench.judge(mainline, incoming)
    except Exception as error:
        print(name, repr(error), file=sys.stderr)
        return False
    if truth is None:
        if name:
            alone = bench.by_itself(mainline)["error"] or bench.by_itself(incoming)["error"]
            print(json.dumps({"name": name, "skipped": alone}))
        return False
    world = bench.world
    print(json.dumps({"name": name, "world": world.name, "kinds": kinds, "base": world.base, "mainline": mainline, "incoming": incoming, "truth": truth}))
    return True


def stands(world, alone):
    """Whether a branch would have it by itself: it works, and (but in the first world) the system checks do not refuse its relations."""
    return not alone["error"] and (world is FirstWorld or not any(re.match(r"fields\.E3[03]|models\.E006", each) for each in alone["checks"]))


def judge_world(bench, options):
    world, randomness, pools = bench.world, random.Random(options.seed), {}
    if options.rows:
        for mainline, incoming in world.rows:
            label = lambda source: " + ".join(re.sub(r"migrations\.|models\.", "", each).replace("\n", " ").strip() for each in source)
            for one, other in ((mainline, incoming), (incoming, mainline)):
                answer(bench, "%s | %s" % (label(one), label(other)), ["row", "row"], world.module(one), world.module(other))

    def draw(kind):
        pool = pools.setdefault(kind, [])
        if len(pool) < (200 if kind == "Mixed" else 14) and randomness.random() < 0.7 or not pool:
            for _ in range(20):
                source = world.random_source(kind, randomness)
                if source is not None and stands(world, bench.by_itself(source)):
                    pool.append(source)
                    return source
        return randomness.choice(pool) if pool else None

    def pair(one, other):
        mainline, incoming = draw(one), draw(other)
        return mainline is not None and incoming is not None and answer(bench, None, [one, other], mainline, incoming)

    for _ in range(options.random):
        pair(randomness.choice(world.kinds), randomness.choice(world.kinds))
    for _ in range(options.mixed):
        pair("Mixed", "Mixed")
    if options.each:
        for index, one in enumerate(world.kinds):
            for other in world.kinds[index:]:
                done = 0
                for number in range(3 * options.each):
                    done += done < options.each and pair(*((one, other) if number % 2 else (other, one)))


if __name__ == "__main__":
    main()
