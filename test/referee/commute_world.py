"""
What commute.py lets meet: a small project, random operations aimed at the same models, fields and names, and the pairs that
were found by hand. Operations that Django can write are written by its MigrationWriter; code and SQL are text.
"""
import django
from django.db import migrations, models
from django.db.models import F, Q

CHECK = "condition" if django.VERSION >= (5, 1) else "check"

HEADER = """import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models
from django.db.models import F, Q

"""


def MODULE(operations):
    """A module of operations that are given as source, or as Python code that stands before them."""
    code = "\n\n".join(each for each in operations if each.startswith("def "))
    rest = "".join("        %s,\n" % each for each in operations if not each.startswith("def "))
    return "%s%s\n\nclass Migration(migrations.Migration):\n    operations = [\n%s    ]\n" % (HEADER, code, rest)


def written(operation):
    """An operation as makemigrations writes it; its imports are those of the header."""
    from django.db.migrations.writer import OperationWriter

    text, _ = OperationWriter(operation, indentation=2).serialize()
    return text.strip().rstrip(",")


def FK(to, **kwargs):
    return "models.ForeignKey(%r, null=True, on_delete=models.CASCADE%s)" % (to, "".join(", %s=%r" % each for each in kwargs.items()))


BASE = MODULE(
    [
        "migrations.CreateModel('Cat', [('id', models.BigAutoField(primary_key=True)), ('t', models.CharField(max_length=9))])",
        "migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), ('a', models.IntegerField(default=0)), ('b', models.IntegerField(default=0)), ('c', models.IntegerField(default=0)), ('d', models.CharField(max_length=20, null=True)), ('name', models.CharField(max_length=20)), ('cat', models.ForeignKey('shop.Cat', null=True, on_delete=models.CASCADE, related_name='first'))], options={'ordering': ['name']})",
        "migrations.CreateModel('Tag', [('id', models.BigAutoField(primary_key=True)), ('word', models.CharField(max_length=9)), ('items', models.ManyToManyField('shop.Item', related_name='tags'))])",
        "migrations.CreateModel('Lone', [('id', models.BigAutoField(primary_key=True)), ('c', models.IntegerField(default=0)), ('x', models.IntegerField(null=True))])",
        "migrations.AddIndex('Item', models.Index(fields=['a'], name='ix_a'))",
        "migrations.AddConstraint('Item', models.CheckConstraint(%s=Q(b__gte=0), name='ck_b'))" % CHECK,
    ]
)

NEW_FIELDS = ["x", "y", "z"]
INDEXES = ["i1", "i2"]
RULES = ["k1", "k2"]
TYPES = [
    lambda r: models.IntegerField(null=True),
    lambda r: models.IntegerField(default=r.choice([0, 1])),
    lambda r: models.CharField(max_length=r.choice([20, 30]), default=""),
    lambda r: models.CharField(max_length=50, null=True, db_index=True),
    lambda r: models.BigIntegerField(default=0, unique=r.random() < 0.2),
    lambda r: models.ForeignKey(r.choice(["shop.Cat", "shop.Lone", "shop.Item"]), null=True, on_delete=models.CASCADE, related_name=r.choice(["+", "+", "back", "items"])),
]


def model(r):
    return r.choice(["Item", "Item", "Item", "Lone"])


def plain(r, name):
    return r.choice(["c", "x"] if name == "Lone" else ["a", "b", "c", "c", "d", "name"])


def new_field(r):
    kind = r.choice(TYPES)(r)
    if r.random() < 0.1:
        kind.db_column = r.choice(["x", "y"])
    return kind


def rule(r, name):
    field = plain(r, name)
    label = r.choice(RULES)
    if r.random() < 0.5:
        return models.CheckConstraint(**{CHECK: Q(**{"%s__isnull" % field: False}) | Q(id__gt=0)}, name=label)
    return models.UniqueConstraint(fields=[field, "id"], name=label)


def add_field(r):
    return migrations.AddField(model(r), r.choice(NEW_FIELDS), new_field(r))


def alter_field(r):
    name = model(r)
    return migrations.AlterField(name, plain(r, name), r.choice(TYPES[:4])(r))


def rename_field(r):
    name = model(r)
    return migrations.RenameField(name, plain(r, name), r.choice(["x", "z", "w"]))


def create_model(r):
    name = r.choice(["New", "Newer", "Thing"])
    fields = [("id", models.BigAutoField(primary_key=True)), (r.choice(NEW_FIELDS), new_field(r))]
    options = {"db_table": r.choice(["t1", "shop_thing"])} if r.random() < 0.3 else {}
    if r.random() < 0.2:
        return migrations.CreateModel(name, [("item_ptr", models.OneToOneField("shop.Item", auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False)), fields[1]], bases=("shop.item",))
    return migrations.CreateModel(name, fields, options=options)


def options_of(r):
    return r.choice([{"ordering": [r.choice("abc")]}, {"verbose_name": r.choice(["one", "two"])}, {}, {"get_latest_by": r.choice("bc")}])


def separate(r):
    inner = r.choice([add_field, alter_field, rename_field])(r)
    return migrations.SeparateDatabaseAndState(state_operations=[inner])


MAKERS = {
    "CreateModel": create_model,
    "DeleteModel": lambda r: migrations.DeleteModel(r.choice(["Tag", "Lone", "Lone"])),
    "RenameModel": lambda r: migrations.RenameModel(r.choice(["Item", "Cat", "Lone"]), r.choice(["Thing", "New", "Kat"])),
    "AlterModelTable": lambda r: migrations.AlterModelTable(r.choice(["Item", "Lone", "Cat"]), r.choice(["t1", "shop_thing", "t2"])),
    "AlterUniqueTogether": lambda r: migrations.AlterUniqueTogether("Item", {tuple(r.sample(["a", "b", "c", "name"], 2))}),
    "AlterModelOptions": lambda r: migrations.AlterModelOptions(model(r), options_of(r)),
    "AlterModelManagers": lambda r: migrations.AlterModelManagers(model(r), [(r.choice(["objects", "all_of"]), models.Manager())]),
    "AlterOrderWithRespectTo": lambda r: migrations.AlterOrderWithRespectTo("Item", r.choice(["cat", "cat", None])),
    "AddField": add_field,
    "AddManyToMany": lambda r: migrations.AddField(r.choice(["Item", "Lone"]), r.choice(NEW_FIELDS), models.ManyToManyField(r.choice(["shop.Cat", "shop.Item"]), related_name="+")),
    "AlterField": alter_field,
    "RemoveField": lambda r: migrations.RemoveField(*r.choice([("Item", "c"), ("Item", "c"), ("Item", "d"), ("Item", "name"), ("Item", "cat"), ("Lone", "c"), ("Lone", "x"), ("Tag", "items")])),
    "RenameField": rename_field,
    "AddIndex": lambda r: migrations.AddIndex(*(lambda name: (name, models.Index(fields=[plain(r, name)], name=r.choice(INDEXES))))(model(r))),
    "RemoveIndex": lambda r: migrations.RemoveIndex("Item", "ix_a"),
    "AddConstraint": lambda r: migrations.AddConstraint(*(lambda name: (name, rule(r, name)))(model(r))),
    "RemoveConstraint": lambda r: migrations.RemoveConstraint("Item", "ck_b"),
    "Separate": separate,
}
if django.VERSION >= (4, 1):
    MAKERS["RenameIndex"] = lambda r: migrations.RenameIndex("Item", new_name=r.choice(["i1", "ix_new"]), old_name="ix_a")
if django.VERSION >= (5, 2):
    MAKERS["AlterConstraint"] = lambda r: migrations.AlterConstraint("Item", "ck_b", models.CheckConstraint(condition=Q(b__gte=0), name="ck_b", violation_error_message=r.choice("no")))

CODE = [
    "def code(apps, editor):\n    Item = apps.get_model('shop', 'Item')\n    list(Item.objects.filter(c=0))",
    "def code(apps, editor):\n    Item = apps.get_model('shop', 'Item')\n    Item.objects.update(name='new')",
    "def code(apps, editor):\n    Lone = apps.get_model('shop', 'Lone')\n    for each in Lone.objects.all():\n        each.c = 1\n        each.save()",
    "def code(apps, editor):\n    apps.get_model('shop', 'Cat').objects.filter(t='x').delete()",
]
SQL = ["UPDATE shop_item SET c = 1", "DELETE FROM shop_lone WHERE x = 0", "UPDATE shop_cat SET t = 'y'"]
KINDS = [*MAKERS, "RunPython", "RunSQL"]


def random_operations(kind, r):
    if kind == "RunPython":
        return [r.choice(CODE), "migrations.RunPython(code, migrations.RunPython.noop)"]
    if kind == "RunSQL":
        return ["migrations.RunSQL(%r, '')" % r.choice(SQL)]
    return [written(MAKERS[kind](r))]


def random_source(kind, r):
    """A module with one operation of a kind; of the kind Mixed, with two or three of any."""
    if kind != "Mixed":
        return MODULE(random_operations(kind, r))
    kinds = [r.choice(KINDS) for _ in range(r.choice([2, 3]))]
    kinds = [each for index, each in enumerate(kinds) if each != "RunPython" or each not in kinds[:index]]
    return MODULE([text for each in kinds for text in random_operations(each, r)])


def F_(model_name, name, field="models.IntegerField(null=True)"):
    return "migrations.AddField(%r, %r, %s)" % (model_name, name, field)


def alter(name, field):
    return "migrations.AlterField('Item', %r, %s)" % (name, field)


ADD_X = F_("Item", "x")
REMOVE_C = "migrations.RemoveField('Item', 'c')"
RENAME_NAME = "migrations.RenameField('Item', 'name', 'title')"
INDEX_EXPRESSION = "migrations.AddIndex('Item', models.Index(%s, name='i1'))"
RENAME_C = "migrations.RenameField('Item', 'c', 'z')"
ALTER_C = alter("c", "models.IntegerField(default=1)")
TOGETHER = "migrations.AlterUniqueTogether('Item', {('b', 'c')})"
INDEX_C = "migrations.AddIndex('Item', models.Index(fields=['c'], name='i1'))"
CHECK_C = "migrations.AddConstraint('Item', models.CheckConstraint(%s=Q(c__gte=0), name='k1'))" % CHECK
UNIQUE_C = "migrations.AddConstraint('Item', models.UniqueConstraint(fields=['c'], name='u1'))"
RENAME_ITEM = "migrations.RenameModel('Item', 'Thing')"
RENAME_CAT = "migrations.RenameModel('Cat', 'Kat')"
DELETE_LONE = "migrations.DeleteModel('Lone')"
CREATE = "migrations.CreateModel(%r, [('id', models.BigAutoField(primary_key=True)), ('v', models.IntegerField())]%s)"
CHILD = "migrations.CreateModel('Child', [('lone_ptr', models.OneToOneField('shop.Lone', auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False)), ('y', models.IntegerField())], bases=('shop.lone',))"
OPTIONS = "migrations.AlterModelOptions('Item', %s)"
M2M = F_("Item", "m", "models.ManyToManyField('shop.Cat', related_name='+')")
RUN = ["def code(apps, editor):\n    list(apps.get_model('shop', 'Item').objects.filter(c=1))", "migrations.RunPython(code)"]
RUN_NAME = ["def code(apps, editor):\n    list(apps.get_model('shop', 'Item').objects.filter(name='q'))", "migrations.RunPython(code)"]
INSERT = ["def code(apps, editor):\n    apps.get_model('shop', 'Lone').objects.create(c=1)", "migrations.RunPython(code)"]
NOT_NULL = "migrations.AddField('Lone', 'n', models.IntegerField(default=0), preserve_default=False)"

#: Both orders of each are run. From the project's research: pairs that were measured by hand.
ROWS = [
    ([ADD_X], [F_("Item", "y")]),
    ([ADD_X], [REMOVE_C]),
    ([ADD_X], [ALTER_C]),
    ([ALTER_C], [alter("name", "models.CharField(max_length=90)")]),
    ([OPTIONS % "{'verbose_name': 'i'}"], [TOGETHER]),
    (["migrations.AlterModelTable('Item', 't1')"], [ADD_X]),
    (["migrations.AlterOrderWithRespectTo('Item', 'cat')"], [ADD_X]),
    ([INDEX_C], ["migrations.AddIndex('Item', models.Index(fields=['c'], name='i2'))"]),
    ([CHECK_C], [UNIQUE_C]),
    ([M2M], [ADD_X]),
    ([CREATE % ("N1", "")], [CREATE % ("N2", "")]),
    ([ADD_X], RUN_NAME),
    (["migrations.SeparateDatabaseAndState(state_operations=[%s])" % ADD_X], [ADD_X]),
    ([TOGETHER], ["migrations.AlterUniqueTogether('Item', {('a', 'b')})"]),
    ([OPTIONS % "{'ordering': ['a']}"], [OPTIONS % "{'verbose_name': 'i'}"]),
    (["migrations.AlterModelManagers('Item', [('m1', models.Manager())])"], ["migrations.AlterModelManagers('Item', [('m2', models.Manager())])"]),
    (["migrations.AlterModelTable('Item', 't1')"], ["migrations.AlterModelTable('Item', 't2')"]),
    ([ALTER_C], [alter("c", "models.BigIntegerField(default=0)")]),
    ([ALTER_C], [ALTER_C]),
    (["migrations.AlterOrderWithRespectTo('Item', 'cat')"], ["migrations.AlterOrderWithRespectTo('Item', None)"]),
    ([INDEX_C], [RENAME_C]),
    ([CHECK_C], [RENAME_C]),
    ([UNIQUE_C], [RENAME_C]),
    ([TOGETHER], [RENAME_C]),
    ([ALTER_C], [RENAME_C]),
    ([REMOVE_C], [REMOVE_C, F_("Item", "c", "models.CharField(max_length=3, default='')")]),
    ([RENAME_C], [RENAME_C, F_("Item", "c")]),
    ([F_("Item", "k", FK("shop.Cat", related_name="+"))], [RENAME_CAT]),
    ([M2M], [RENAME_CAT]),
    (RUN, [REMOVE_C]),
    (RUN, [RENAME_C]),
    ([REMOVE_C], [ALTER_C]),
    ([RENAME_C], [REMOVE_C]),
    ([RENAME_C], ["migrations.RenameField('Item', 'c', 'y')"]),
    ([RENAME_C], ["migrations.RenameField('Item', 'd', 'z')"]),
    ([RENAME_C], [F_("Item", "z")]),
    ([DELETE_LONE], [F_("Lone", "q")]),
    ([DELETE_LONE], ["migrations.AddIndex('Lone', models.Index(fields=['c'], name='i1'))"]),
    ([DELETE_LONE], ["migrations.AlterModelOptions('Lone', {'verbose_name': 'l'})"]),
    ([DELETE_LONE], [DELETE_LONE]),
    ([DELETE_LONE], [F_("Item", "lone", FK("shop.Lone"))]),
    ([DELETE_LONE], ["migrations.CreateModel('P', [('id', models.BigAutoField(primary_key=True)), ('lone', %s)])" % FK("shop.Lone")]),
    ([DELETE_LONE], [CHILD]),
    ([RENAME_ITEM], [ADD_X]),
    ([RENAME_ITEM], ["migrations.RenameModel('Item', 'Other')"]),
    ([RENAME_ITEM], [CREATE % ("Thing", "")]),
    ([RENAME_CAT], [F_("Lone", "cat", FK("shop.Cat"))]),
    ([RENAME_ITEM], RUN_NAME),
    ([NOT_NULL], INSERT),
    ([ADD_X], [ADD_X]),
    ([ADD_X], [F_("Item", "x", "models.CharField(max_length=3, default='')")]),
    ([ADD_X], [F_("Item", "X")]),
    ([REMOVE_C], [REMOVE_C]),
    ([REMOVE_C], [INDEX_C]),
    ([REMOVE_C], [UNIQUE_C]),
    ([REMOVE_C], [CHECK_C]),
    ([REMOVE_C], [TOGETHER]),
    ([REMOVE_C], [OPTIONS % "{'ordering': ['c']}"]),
    ([INDEX_C], ["migrations.AddIndex('Item', models.Index(fields=['b'], name='i1'))"]),
    ([INDEX_C], ["migrations.AddIndex('Lone', models.Index(fields=['c'], name='i1'))"]),
    ([CHECK_C], [CHECK_C.replace("c__gte", "b__gte")]),
    ([UNIQUE_C], [UNIQUE_C.replace("['c']", "['b']")]),
    (["migrations.RemoveIndex('Item', 'ix_a')"], ["migrations.RemoveIndex('Item', 'ix_a')"]),
    (["migrations.RemoveConstraint('Item', 'ck_b')"], ["migrations.RemoveConstraint('Item', 'ck_b')"]),
    (["migrations.RemoveConstraint('Item', 'ck_b')"], ["migrations.RemoveConstraint('Item', 'ck_b')", "migrations.RemoveField('Item', 'b')"]),
    ([CREATE % ("N", "")], [CREATE % ("N", "")]),
    ([CREATE % ("N1", ", options={'db_table': 'one'}")], [CREATE % ("N2", ", options={'db_table': 'one'}")]),
    ([F_("Lone", "y")], [CHILD]),
    (["migrations.RunSQL('ALTER TABLE shop_item ADD COLUMN x integer', '')"], [ADD_X]),
    (["migrations.RunSQL('UPDATE shop_item SET c = 2', '')"], [RENAME_C]),
    ([F_("Item", "k", FK("shop.Lone"))], [F_("Item", "l", FK("shop.Lone"))]),
    ([ADD_X, "migrations.RemoveField('Item', 'x')"], [ADD_X]),
    ([ALTER_C], [INDEX_C]),
    ([ALTER_C], [REMOVE_C]),
    ([alter("c", "models.CharField(max_length=9)")], [CHECK_C]),
    (["migrations.RenameModel('Tag', 'Label')"], [CREATE % ("N1", ", options={'db_table': 'shop_label_items'}")]),
    (["migrations.RenameField('Tag', 'items', 'things')"], [CREATE % ("Tag_things", "")]),
    (["migrations.AlterModelTable('Tag', 'tt')"], [CREATE % ("N1", ", options={'db_table': 'tt_items'}")]),
    ([CREATE % ("Zed", "")], [INDEX_C.replace("i1", "shop_zed")]),
    ([F_("Tag", "m", "models.ManyToManyField('shop.Lone', db_table='mm')")], [INDEX_C.replace("i1", "mm")]),
    (["migrations.AlterModelTable('Item', 'tmp')", "migrations.AlterModelTable('Lone', 'shop_item')", "migrations.AlterModelTable('Item', 'shop_lone')"], [F_("Lone", "q")]),
    (["def rm(name):\n    return migrations.RemoveField('Item', name)", "rm('c')"], [ALTER_C]),
    (["migrations.RemoveField('%s' % 'Item', 'c')"], [ALTER_C]),
    (["def ops():\n    return [migrations.RemoveField('Item', 'c')]", "migrations.SeparateDatabaseAndState(database_operations=ops() + [], state_operations=ops())"], [ALTER_C]),
    (["def fld():\n    return %s" % FK("shop.Lone"), F_("Item", "x", "fld()")], [DELETE_LONE]),
    ([F_("Item", "x", FK("shop.Lone").replace("'shop.Lone'", "'%s.Lone' % 'shop'"))], [DELETE_LONE]),
    (["migrations.CreateModel('N', [('id', models.BigAutoField(primary_key=True))] + [*[('l', %s)]])" % FK("shop.Lone")], [DELETE_LONE]),
    ([CREATE % ("N", ", options=dict(db_table='tt')")], ["migrations.AlterModelTable('Lone', 'tt')"]),
    ([CREATE % ("N", ", options={**{'db_table': 'tt'}}")], ["migrations.AlterModelTable('Lone', 'tt')"]),
    ([INDEX_EXPRESSION % "F('c').desc()"], [REMOVE_C]),
    ([INDEX_EXPRESSION % "models.functions.Upper('name').desc()"], [RENAME_NAME]),
    ([CHECK_C.replace("Q(c__gte=0)", "Q(**{'c__gte': 0})")], [REMOVE_C]),
    ([CHECK_C.replace("Q(c__gte=0)", "Q(models.Case(models.When(c__gt=0, then=models.Value(True)), default=models.Value(False), output_field=models.BooleanField()))")], [REMOVE_C]),
    (["def made():\n    return Q(c__gte=0)", CHECK_C.replace("Q(c__gte=0)", "made()")], [REMOVE_C]),
    ([CHECK_C.replace("Q(c__gte=0)", "Q(name='c') | Q(name='d')")], [REMOVE_C]),
    ([CHECK_C.replace("Q(c__gte=0)", "~Q(name='c')")], [REMOVE_C]),
    ([INDEX_C.replace("['c']", "['a'], db_tablespace='c'")], [REMOVE_C]),
    ([alter("d", "models.CharField('v', max_length=30, null=True)")], [alter("d", "models.CharField(verbose_name='v', max_length=30, null=True, blank=False)")]),
    ([CHECK_C.replace("c__gte", "cat_id__gte")], ["migrations.RenameField('Item', 'cat', 'kat')"]),
    ([CHECK_C.replace("c__gte", "cat_id__gte")], ["migrations.RemoveField('Item', 'cat')"]),
    ([OPTIONS % "{'ordering': ['cat_id']}"], ["migrations.RemoveField('Item', 'cat')"]),
    ([OPTIONS % "{'ordering': ['cat__t']}"], ["migrations.RenameField('Cat', 't', 'title')"]),
    ([OPTIONS % "{'ordering': ['-cat__t']}"], ["migrations.RemoveField('Cat', 't')"]),
    ([OPTIONS % "{'ordering': ['cat__id']}"], ["migrations.RemoveField('Cat', 't')"]),
    ([F_("Lone", "cat", FK("shop.Cat", to_field="id"))], ["migrations.RenameField('Cat', 'id', 'ident')"]),
    (["migrations.RenameField('Item', 'c', 'C')"], [INDEX_C]),
    (["migrations.RenameField('Item', 'c', 'C')"], [ADD_X]),
    ([alter("c", "models.BigIntegerField(default=0)")], [CHECK_C]),
    ([alter("b", "models.PositiveIntegerField(default=0)")], [ADD_X]),
    ([alter("name", "models.TextField()")], ["migrations.AddIndex('Item', models.Index(fields=['a'], condition=Q(name__gt='m'), name='i1'))"]),
]
if django.VERSION >= (4, 1):
    RENAME_INDEX = "migrations.RenameIndex('Item', new_name='%s', old_name='ix_a')"
    ROWS += [([RENAME_INDEX % "n1"], ["migrations.RemoveIndex('Item', 'ix_a')"]), ([RENAME_INDEX % "n1"], [RENAME_INDEX % "n2"])]
if django.VERSION >= (4, 2):
    COMMENT = "migrations.AlterModelTableComment('Item', %r)"
    ROWS += [([COMMENT % "one"], [COMMENT % "two"])]
if django.VERSION >= (5, 0):
    GENERATED = F_("Item", "g", "models.GeneratedField(expression=F('c') + 1, output_field=models.IntegerField(), db_persist=True)")
    ROWS += [([GENERATED], [REMOVE_C]), ([GENERATED], [RENAME_C]), ([GENERATED], [alter("c", "models.BigIntegerField(default=0)")]), ([GENERATED], [ADD_X])]
if django.VERSION >= (5, 2):
    ROWS += [(["migrations.AlterConstraint('Item', 'ck_b', models.CheckConstraint(condition=Q(b__gte=0), name='ck_b', violation_error_message='n'))"], ["migrations.RemoveConstraint('Item', 'ck_b')"])]
else:
    ROWS += [(["migrations.AlterIndexTogether('Item', {('a', 'b')})"], ["migrations.AlterIndexTogether('Item', {('b', 'c')})"])] if django.VERSION < (5, 1) else []


def run(line):
    """RunPython with one line of code; Item is the model."""
    return ["def code(apps, editor):\n    from django.db.models import Count, OuterRef\n    Item = apps.get_model('shop', 'Item')\n    %s" % line, "migrations.RunPython(code)"]


def sql(text):
    return ["migrations.RunSQL(%r, '')" % text]


REMOVE_ITEMS = "migrations.RemoveField('Tag', 'items')"
INDEXED = sql("CREATE INDEX qq ON shop_item (c)")
#: Code and SQL, in the ways that they may be given and in what they may name.
ROWS += [
    (run("list(Item.objects.annotate(n=Count('tags')))"), [REMOVE_ITEMS]),
    (run("list(Item.objects.annotate(n=Count('c')))"), [RENAME_C]),
    (run("Item.objects.bulk_update([], ['c'])"), [REMOVE_C]),
    (run("Item.objects.update_or_create(name='q', defaults={'c': 1})"), [REMOVE_C]),
    (run("Item(c=1, name='q').save()"), [RENAME_C]),
    (run("list(Item.objects.select_related('cat'))"), ["migrations.RenameField('Item', 'cat', 'kat')"]),
    (run("list(Item.objects.prefetch_related('tags'))"), [REMOVE_ITEMS]),
    (run("list(Item.objects.values('cat__t'))"), ["migrations.RenameField('Cat', 't', 'title')"]),
    (run("list(Item.objects.only('c'))"), [REMOVE_C]),
    (run("Item._meta.get_field('c')"), [REMOVE_C]),
    (run("list(Item.objects.filter(c=1))"), ["migrations.AddIndex('Item', models.Index(fields=['c'], name='i1'))"]),
    (run("list(apps.get_model('shop', 'Lone').objects.filter(c=1))"), [REMOVE_C]),
    (run("for name in ('Item', 'Lone'):\n        Model = apps.get_model('shop', name)\n        list(Model.objects.filter(c=1))"), [REMOVE_C]),
    (run("list(apps.get_app_config('shop').get_model('Lone').objects.filter(c=1))"), [DELETE_LONE]),
    (["def made(name):\n    def code(apps, editor):\n        list(apps.get_model('shop', name).objects.filter(c=1))\n    return code", "migrations.RunPython(made('Item'))"], [REMOVE_C]),
    (["def made(name):\n    def code(apps, editor):\n        list(apps.get_model('shop', name).objects.filter(c=1))\n    return code", "migrations.RunPython(made('Lone'))"], [REMOVE_C]),
    (["migrations.RunPython(lambda apps, editor: list(apps.get_model('shop', 'Item').objects.filter(c=1)))"], [REMOVE_C]),
    (INDEXED, [alter("a", "models.BigIntegerField(default=0)")]),
    (INDEXED, [alter("a", "models.IntegerField(default=0, help_text='a')")]),
    (INDEXED, ["migrations.RemoveField('Item', 'cat')"]),
    (INDEXED, [F_("Item", "x", "models.IntegerField(default=0)")]),
    (INDEXED, [CHECK_C.replace("c__gte", "a__gte")]),
    (INDEXED, [RENAME_CAT]),
    (INDEXED, ["migrations.RenameField('Item', 'a', 'z')"]),
    (sql("CREATE VIEW vv AS SELECT a FROM shop_item"), [RENAME_CAT]),
    (sql("CREATE VIEW vv AS SELECT a FROM shop_item"), [ADD_X]),
    (sql("CREATE VIEW vv AS SELECT a FROM shop_item"), [F_("Item", "x", "models.IntegerField(default=0)")]),
    (sql("CREATE VIEW vv AS SELECT * FROM shop_item"), ["migrations.RemoveField('Item', 'd')"]),
    (sql("SELECT setval('shop_lone_id_seq', 40)"), [DELETE_LONE]),
    (sql("SELECT setval('shop_lone_id_seq', 40)"), ["migrations.RenameModel('Lone', 'New')"]),
    (sql("SELECT setval(pg_get_serial_sequence('shop_lone', 'id'), 40)"), ["migrations.RenameModel('Lone', 'New')"]),
    (sql("ALTER INDEX shop_lone_pkey RENAME TO zz"), [DELETE_LONE]),
]
