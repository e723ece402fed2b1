/**
 * What runs inside the project's own Django: one script, one request, one answer. Written for Python 3.8 and Django 3.2 on.
 *
 * `renamed` maps rows of django_migrations to the names that the same migrations have today. As long as the rows still have the old ones,
 * Django is told the new ones (`speak_of`): it then knows what the database holds, as with `replaces` in the files, but without touching
 * a file, also where old and new names overlap, and for a squash. The one check of Django's that is waived meanwhile
 * (loader.py:MigrationLoader.check_consistent_history) is made here, for all other migrations.
 */
const SCRIPT = String.raw`
import io, json, os, sys
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections, router, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

def key(text):
    return tuple(text.split('.', 1))

def text(pair):
    return '.'.join(pair)

def words(error):
    return {'type': type(error).__name__, 'message': str(error)}

def sqlite_file(connection):
    name = str(connection.settings_dict['NAME'] or '')
    if connection.vendor != 'sqlite' or not name or ':memory:' in name or 'mode=memory' in name:
        return None
    return os.path.realpath(name[5:].split('?')[0] if name.startswith('file:') else name)

def rows_of(connection):
    return [text(pair) for pair in MigrationRecorder(connection).applied_migrations()]

def look(alias):
    connection = connections[alias]
    options = connection.settings_dict
    file = sqlite_file(connection)
    answer = {'alias': alias, 'vendor': connection.vendor, 'engine': options['ENGINE'], 'name': str(options['NAME'] or ''),
              'host': str(options.get('HOST') or ''), 'port': str(options.get('PORT') or ''), 'file': file,
              'rows': [], 'error': None}
    try:
        if file is None or os.path.exists(file):
            answer['rows'] = rows_of(connection)
    except Exception as error:
        answer['error'] = words(error)
    return answer

def look_at_all(request):
    return {'django': django.get_version(), 'debug': bool(settings.DEBUG), 'settings': os.environ.get('DJANGO_SETTINGS_MODULE', ''), 'cwd': os.path.realpath(os.getcwd()),
            'databases': [look(alias) for alias in connections]}

def speak_of(alias, renamed):
    if not renamed:
        return
    recorded = MigrationRecorder.applied_migrations
    def applied_migrations(self):
        rows = recorded(self)
        if self.connection.alias != alias:
            return rows
        return {renamed.get(pair, pair): row for pair, row in rows.items()}
    MigrationRecorder.applied_migrations = applied_migrations
    consistent = MigrationLoader.check_consistent_history
    def check_consistent_history(self, connection):
        if connection.alias != alias:
            consistent(self, connection)
    MigrationLoader.check_consistent_history = check_consistent_history

def early(loader, applied):
    """Pairs of applied migrations and parents that are not (loader.py:check_consistent_history)."""
    found = []
    for child in sorted(set(applied) & set(loader.graph.nodes)):
        for parent in sorted(loader.graph.node_map[child].parents):
            if tuple(parent) in applied:
                continue
            squash = loader.replacements.get(tuple(parent))
            if squash is not None and all(tuple(each) in applied for each in squash.replaces):
                continue
            found.append((child, tuple(parent)))
    return found

def live(loader, pair):
    for name, squash in loader.replacements.items():
        if pair in [tuple(each) for each in squash.replaces] and name in loader.graph.nodes:
            return live(loader, name)
    return pair

def ready(alias, renamed):
    """What has to be applied before the renamed rows make sense, and what stands against it."""
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    loader = executor.loader
    rows = MigrationRecorder(connection).applied_migrations()
    mine = set(renamed.values()) & set(rows)
    unknown = sorted(pair for pair in mine if pair not in loader.disk_migrations)
    moved = {live(loader, pair) for pair in mine} & set(loader.graph.nodes)
    waiting = set()
    for pair in moved:
        waiting.update(tuple(each) for each in loader.graph.forwards_plan(pair) if tuple(each) not in loader.applied_migrations)
    last = [pair for pair in waiting if not any(tuple(child) in waiting for child in loader.graph.node_map[pair].children)]
    plan = [tuple(each) for leaf in sorted(loader.graph.leaf_nodes()) for each in loader.graph.forwards_plan(leaf)]
    wrong = [(child, parent) for child, parent in early(loader, rows) if child not in mine and child not in moved]
    return executor, {'unknown': [text(pair) for pair in unknown], 'waiting': [text(pair) for pair in sorted(waiting)],
                      'targets': [text(pair) for pair in sorted(last, key=plan.index)],
                      'inconsistent': [[text(child), text(parent)] for child, parent in wrong],
                      'conflicts': sorted(loader.detect_conflicts())}

def complaints(connection, state):
    """Where the database is not what the applied migrations say: [app label, what, 'missing', 'extra' or 'differs']."""
    found = []
    introspection = connection.introspection
    named = connection.vendor in ('sqlite', 'postgresql')
    with connection.cursor() as cursor:
        tables = {name.lower() for name in introspection.table_names(cursor)}
        for model in state.apps.get_models(include_auto_created=True):
            meta = model._meta
            if not meta.can_migrate(connection) or not router.allow_migrate_model(connection.alias, model) or '"' in meta.db_table:
                continue
            table = introspection.identifier_converter(meta.db_table)
            def say(what, kind):
                found.append([meta.app_label, what, kind])
            if table.lower() not in tables:
                say('table %s is missing' % table, 'missing')
                continue
            there = {column.name.lower(): column for column in introspection.get_table_description(cursor, table)}
            types = {}
            if connection.vendor == 'sqlite':
                cursor.execute('PRAGMA table_info(%s)' % connection.ops.quote_name(table))
                types = {row[1].lower(): row[2].lower() for row in cursor.fetchall()}
            expected = [field for field in meta.local_fields if field.column and field.db_type(connection)]
            for field in expected:
                column = there.pop(introspection.identifier_converter(field.column).lower(), None)
                where = '%s.%s' % (table, field.column)
                if column is None:
                    say('column %s is missing' % where, 'missing')
                    continue
                if not field.primary_key and bool(column.null_ok) != bool(field.null):
                    say('column %s %s be null' % (where, 'can' if column.null_ok else 'cannot'), 'differs')
                kind = types.get(field.column.lower())
                if kind is not None and kind != field.db_type(connection).lower():
                    say('column %s is %s and not %s' % (where, kind, field.db_type(connection)), 'differs')
            for name in sorted(there):
                say('column %s.%s belongs to no applied migration' % (table, name), 'extra')
            if named:
                known = introspection.get_constraints(cursor, table)
                for rule in list(meta.indexes) + list(meta.constraints):
                    if rule.name not in known:
                        say('%s on %s is missing' % (rule.name, table), 'differs')
    return found

def check(request):
    alias, renamed = request['alias'], request['renamed']
    connection = connections[alias]
    speak_of(alias, renamed)
    executor, answer = ready(alias, renamed)
    state = executor._create_project_state(with_applied_migrations=True)
    try:
        answer['complaints'] = complaints(connection, state)
    except Exception as error:
        answer['complaints'] = [['', '%s: %s' % (type(error).__name__, error), True]]
    answer['pending'] = [text((migration.app_label, migration.name))
                         for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    answer['rollsBack'] = bool(connection.features.can_rollback_ddl)
    return answer

def migrate(request):
    alias, renamed = request['alias'], request['renamed']
    speak_of(alias, renamed)
    if renamed:
        answer = ready(alias, renamed)[1]
        if answer['unknown'] or answer['inconsistent'] or answer['conflicts']:
            raise RuntimeError('the history is not the one that was looked at: %s' % json.dumps(answer))
    said = io.StringIO()
    try:
        call_command('migrate', *request['target'], database=alias, interactive=False, no_color=True, stdout=said, stderr=said)
    except Exception as error:
        return {'said': said.getvalue(), 'failed': words(error)}
    return {'said': said.getvalue(), 'failed': None}

def rename(request):
    alias, renamed = request['alias'], request['renamed']
    connection = connections[alias]
    with transaction.atomic(using=alias):
        rows = {(row.app, row.name): row.pk for row in MigrationRecorder(connection).migration_qs}
        leaving = {pair: pk for pair, pk in rows.items() if pair in renamed}
        staying = set(rows) - set(leaving)
        table = MigrationRecorder(connection).migration_qs
        for pair, pk in leaving.items():
            if renamed[pair] in staying:
                table.filter(pk=pk).delete()
            else:
                table.filter(pk=pk).update(name=renamed[pair][1])
        loader = MigrationLoader(connection)
        broken = early(loader, MigrationRecorder(connection).applied_migrations())
        if broken:
            raise RuntimeError('%s would be applied before %s' % (text(broken[0][0]), text(broken[0][1])))
    return {'renamed': [text(pair) for pair in leaving]}

def reversible(operation):
    inner = list(getattr(operation, 'database_operations', [])) + list(getattr(operation, 'state_operations', []) or [])
    if hasattr(operation, 'database_operations'):
        return all(reversible(each) for each in inner)
    return bool(operation.reversible)

def backwards(request):
    executor = MigrationExecutor(connections[request['alias']])
    targets = [(app, name or None) for app, name in request['targets']]
    plan = executor.migration_plan(targets)
    return {'plan': [[text((migration.app_label, migration.name)), back] for migration, back in plan],
            'irreversible': [[text((migration.app_label, migration.name)), operation.describe()]
                             for migration, _ in plan for operation in migration.operations if not reversible(operation)]}

def backup(request):
    import sqlite3
    connection = connections[request['alias']]
    if not os.path.isdir(os.path.dirname(request['file'])) or not hasattr(sqlite3.Connection, 'backup'):
        return {'done': False}
    connection.ensure_connection()
    target = sqlite3.connect(request['file'] + '.part')
    with target:
        connection.connection.backup(target)
    target.close()
    os.replace(request['file'] + '.part', request['file'])
    return {'done': True}

def alone(file):
    """No two of these at once: one that was left behind by a killed run may still be at work."""
    try:
        import fcntl
        handle = open(file, 'w')
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise RuntimeError('another repair of this repository is still at work in the database')
    return handle

def answer(request):
    request['renamed'] = {key(old): key(new) for old, new in request.get('renamed', {}).items()}
    handle = alone(request['lock']) if request.get('lock') else None
    return ACTIONS[request['action']](request)

ACTIONS = {'look': look_at_all, 'check': check, 'migrate': migrate, 'rename': rename, 'backwards': backwards, 'backup': backup}
try:
    result = {'ok': True, 'answer': answer(REQUEST)}
except BaseException as error:
    result = {'ok': False, 'error': words(error)}
sys.stdout.flush()
line = ('\n%s%s\n' % (REQUEST['marker'], json.dumps(result))).encode('ascii')
while line:
    line = line[os.write(1, line):]
`;

/** What can be asked. Node keys are texts (`shop.0003_a`); `lock`: a file that keeps a second writer out, where Python can see it. */
export type Request =
	| {readonly action: 'look'}
	| {readonly action: 'check'; readonly alias: string; readonly renamed: Readonly<Record<string, string>>}
	| {
			readonly action: 'migrate';
			readonly alias: string;
			readonly renamed: Readonly<Record<string, string>>;
			/** Arguments of `migrate`: none, an app, an app and a name. */
			readonly target: readonly string[];
			readonly lock: string;
	  }
	| {
			readonly action: 'rename';
			readonly alias: string;
			readonly renamed: Readonly<Record<string, string>>;
			readonly lock: string;
	  }
	| {
			readonly action: 'backwards';
			readonly alias: string;
			/** Where each app goes back to; an empty name: before its first migration. */
			readonly targets: readonly (readonly [app: string, name: string])[];
	  }
	| {readonly action: 'backup'; readonly alias: string; readonly file: string};

/**
 * The argument of `manage.py shell -c`: Python that answers one request with one line that starts with `marker`. Everything is in
 * base64, so that no quoting (of ours, of docker, of Windows) can change it.
 */
export function bootstrap(request: Request, marker: string): string {
	const encoded = (value: string) => Buffer.from(value, 'utf8').toString('base64');
	const [script, asked] = [encoded(SCRIPT), encoded(JSON.stringify({...request, marker}))];
	const decoded = (value: string) => `base64.b64decode('${value}').decode()`;
	return `import base64, json; exec(compile(${decoded(script)}, '<migration-guard>', 'exec'), {'__name__': 'migration_guard', 'REQUEST': json.loads(${decoded(asked)})})`;
}
