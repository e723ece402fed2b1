"""Worlds around fields: what is computed from them, keys that are named in several ways, and many-to-many tables."""
import django

from commute_world import CREATE
from commute_worlds import CHAR, INT, World, add, alter, check, index, m2m, model, op, options, unique

GENERATED = "models.GeneratedField(expression=%s, output_field=%s, db_persist=True)"
SUMS = ["F('a') + F('c')", "F('c') + 1", "F('a') * 2", "F('b')"]
TEXTS = ["Upper('name')", "Concat('name', 'd')", "Lower(F('d'))"]


def generated(r):
    return GENERATED % (r.choice(SUMS), "models.IntegerField()") if r.random() < 0.6 else GENERATED % (r.choice(TEXTS), "models.CharField(max_length=90)")


FIELDS = ["a", "b", "c", "c", "d", "name", "g", "g"]
COMPUTED = World(
    "computed",
    [
        model("Item", "('a', %s)" % INT, "('b', %s)" % INT, "('c', %s)" % INT, "('d', %s)" % CHAR, "('name', %s)" % CHAR, "('g', %s)" % (GENERATED % ("F('a') + F('b')", "models.IntegerField()"))),
        model("Lone", "('c', %s)" % INT),
        check("Item", "ck_c", "Q(c__gte=0)"),
    ],
    {
        "AddGenerated": lambda r: add("Item", r.choice(["x", "y", "z"]), generated(r)),
        "AddField": lambda r: add("Item", r.choice("xyz"), r.choice([INT, CHAR])),
        "RemoveField": lambda r: op("RemoveField", "Item", r.choice(FIELDS)),
        "RenameField": lambda r: op("RenameField", "Item", r.choice(FIELDS), r.choice(["x", "w"])),
        "AlterField": lambda r: r.choice([
            alter("Item", r.choice("abc"), r.choice(["models.BigIntegerField(default=0)", "models.IntegerField(default=1)", "models.PositiveIntegerField(default=0)", "models.IntegerField(null=True)"])),
            alter("Item", r.choice(["name", "d"]), r.choice(["models.CharField(max_length=40, default='')", "models.TextField(default='')"])),
        ]),
        "AddIndex": lambda r: r.choice([index("Item", "i1", r.choice(FIELDS)), "migrations.AddIndex('Item', models.Index(%s, name='i2'))" % r.choice(["Upper('name')", "F('c') + F('b')", "F('g').desc()"]), index("Item", "i3", "a", condition="Q(%s)" % r.choice(["g__gt=1", "c__gt=F('b')", "name='x'"]))]),
        "AddConstraint": lambda r: r.choice([check("Item", "k1", "Q(%s)" % r.choice(["g__gt=-1", "c__gte=F('a')", "d__startswith='x'", "c__gte=0"])), unique("Item", "k2", r.choice(FIELDS), "id"), unique("Item", "k2", "a", "id", condition="Q(%s)" % r.choice(["g=1", "c__gte=0", "name='x'"])), "migrations.AddConstraint('Item', models.UniqueConstraint(%s, F('id'), name='k3'))" % r.choice(["Lower('name')", "F('g')"])]),
        "AlterUniqueTogether": lambda r: op("AlterUniqueTogether", "Item", "{{(%r, 'id')}}" % r.choice(FIELDS)),
        "Rename": lambda r: r.choice([op("RenameModel", "Item", "Thing"), op("AlterModelTable", "Item", "t1")]),
        "CreateModel": lambda r: model("New", "('a', %s)" % INT, "('g', %s)" % (GENERATED % ("F('a') + 1", "models.IntegerField()"))),
        "AlterModelOptions": lambda r: options("Item", "'ordering': [%s]" % r.choice(["'g'", "F('c').desc()", "Lower('name')", "'-c'"])),
        "RemoveConstraint": lambda r: op("RemoveConstraint", "Item", "ck_c"),
    },
    rows=[
        ([op("RenameField", "Item", "b", "w")], [add("Item", "z", GENERATED % ("F('c') + 1", "models.IntegerField()"))]),
        ([op("RemoveField", "Item", "name")], [options("Item", "'ordering': [Lower('name')]")]),
    ],
    since=(5, 0),
)

# -- keys: to_field, attnames, lookups -----------------------------------------------------------------------------------------

#: Before that the state of Django forgets them (ManyToManyField.deconstruct).
HAS_THROUGH_FIELDS = django.VERSION >= (5, 2)
UNIQUE = "models.CharField(max_length=20, unique=True)"
TO_AUTHOR = "models.ForeignKey('shop.Author', null=True, on_delete=models.CASCADE, related_name='+'%s)"
TO_FIELD = ["", ", to_field='slug'", ", to_field='code'", ", to_field='id'"]


def of_author(r):
    return r.choice(["slug", "code", "name"])


def of_book(r):
    return r.choice(["author", "author", "editor", "title", "c"])


def key_names(r):
    return r.choice(["author", "author_id", "editor", "editor_id", "title", "c"])


def condition(r):
    return "Q(%s)" % r.choice(["author__isnull=False", "author_id__gt=0", "editor_id='x'", "editor__gt='x'", "author=F('c')", "c__gt=F('author_id')", "title__startswith='x'"])


KEYS = World(
    "keys",
    [
        model("Author", "('slug', %s)" % UNIQUE, "('code', models.IntegerField(unique=True))", "('name', %s)" % CHAR),
        model("Book", "('title', %s)" % CHAR, "('c', %s)" % INT, "('author', %s)" % (TO_AUTHOR % ""), "('editor', %s)" % (TO_AUTHOR % ", to_field='slug'"), options="'ordering': ['author__name']"),
        model("Lone", "('c', %s)" % INT),
    ],
    {
        "AddKey": lambda r: add(r.choice(["Book", "Lone"]), r.choice("xyz"), TO_AUTHOR % r.choice(TO_FIELD)),
        "AddOneToOne": lambda r: add("Lone", r.choice("xyz"), "models.OneToOneField('shop.Author', null=True, on_delete=models.CASCADE, related_name='+'%s)" % r.choice(TO_FIELD)),
        "AddField": lambda r: add("Book", r.choice(["x", "author_id_x", "z_id", "z"]), r.choice([INT, CHAR])),
        "AlterKey": lambda r: alter("Book", r.choice(["author", "editor"]), TO_AUTHOR % r.choice(TO_FIELD + [", db_column='who'"])),
        "AlterField": lambda r: r.choice([alter("Author", "slug", "models.CharField(max_length=%d%s)" % (r.choice([20, 30]), r.choice([", unique=True", ""]))), alter("Author", "code", r.choice(["models.BigIntegerField(unique=True)", "models.IntegerField(default=0)", "models.IntegerField(unique=True, null=True)"])), alter("Author", "name", "models.TextField()")]),
        "RemoveField": lambda r: r.choice([op("RemoveField", "Author", of_author(r)), op("RemoveField", "Book", of_book(r))]),
        "RenameField": lambda r: r.choice([op("RenameField", "Author", of_author(r), r.choice(["x", "label"])), op("RenameField", "Book", of_book(r), r.choice(["x", "z", "writer"]))]),
        "AddIndex": lambda r: index("Book", r.choice(["i1", "i2"]), key_names(r), **({"condition": condition(r)} if r.random() < 0.4 else {})),
        "AddConstraint": lambda r: r.choice([check("Book", r.choice(["k1", "k2"]), condition(r)), unique("Book", r.choice(["k1", "k2"]), key_names(r), "id", **({"condition": condition(r)} if r.random() < 0.4 else {}))]),
        "AlterUniqueTogether": lambda r: op("AlterUniqueTogether", "Book", "{{(%r, 'id')}}" % key_names(r)),
        "AlterModelOptions": lambda r: options("Book", "'ordering': [%s]" % r.choice(["'author__name'", "'-editor__slug'", "F('author__name').asc()", "'author_id'", "'editor'", "'title'"])),
        "AlterOrderWithRespectTo": lambda r: op("AlterOrderWithRespectTo", "Lone", None) if r.random() < 0.1 else options("Author", "'ordering': [%r], 'get_latest_by': 'code'" % of_author(r)),
        "RenameModel": lambda r: op("RenameModel", r.choice(["Author", "Book"]), r.choice(["Person", "Work"])),
        "CreateModel": lambda r: model(r.choice(["New", "Person"]), "('k', %s)" % (TO_AUTHOR % r.choice(TO_FIELD)), options="'constraints': [models.UniqueConstraint(fields=['k'], condition=Q(k_id__isnull=False), name=%r)]" % r.choice(["k1", "k9"])),
        "PrimaryKey": lambda r: r.choice([[op("RemoveField", "Lone", "id"), add("Lone", r.choice(["pk1", "pk2"]), "models.IntegerField(primary_key=True, default=0, serialize=False)")], alter("Lone", "id", "models.AutoField(primary_key=True)"), [op("RemoveField", "Lone", "id"), alter("Lone", "c", "models.IntegerField(primary_key=True, serialize=False)")], [op("RemoveField", "Author", "id"), alter("Author", "slug", "models.CharField(max_length=20, primary_key=True, serialize=False)")]]),
    },
    rows=[
        ([index("Book", "i1", "editor_id", condition="Q(editor_id='x')")], [alter("Book", "editor", TO_AUTHOR % "")]),
        ([op("RenameModel", "Book", "Work")], [op("RenameField", "Author", "name", "x")]),
        ([op("RemoveField", "Lone", "id"), add("Lone", "pk1", "models.IntegerField(primary_key=True, default=0, serialize=False)")], [add("Book", "x", "models.ForeignKey('shop.Lone', null=True, on_delete=models.CASCADE)")]),
        ([alter("Lone", "id", "models.AutoField(primary_key=True)")], [add("Book", "x", "models.ForeignKey('shop.Lone', null=True, on_delete=models.CASCADE)")]),
    ],
)

# -- many-to-many --------------------------------------------------------------------------------------------------------------

TABLES = ["item_tags", "shop_item_tags", "shop_tag_items", "shop_thing_tags", "tt", "shop_item_peers"]


def many(r, model_name):
    to = r.choice(["shop.Item", "shop.Tag", "shop.%s" % model_name])
    if r.random() < 0.3:
        through = ", through='shop.Link'" + (", through_fields=%r" % (("item", "tag") if model_name == "Item" else ("tag", "item"),) if r.random() < 0.5 and HAS_THROUGH_FIELDS else "")
        return "models.ManyToManyField(%r, related_name=%r%s)" % ("shop.Tag" if model_name == "Item" else "shop.Item", r.choice(["+", "back"]), through)
    table = ", db_table=%r" % r.choice(TABLES) if r.random() < 0.4 else ""
    return "models.ManyToManyField(%r, related_name=%r%s%s)" % (to, r.choice(["+", "back", "items"]), table, ", symmetrical=False" if r.random() < 0.2 else "")


def many_fields(r):
    return r.choice([("Item", "tags"), ("Item", "peers"), ("Tag", "items"), ("Item", "linked")])


LINK_KEY = "models.ForeignKey(%r, null=True, on_delete=models.CASCADE, related_name=%r)"
MANY = World(
    "many",
    [
        model("Item", "('c', %s)" % INT, "('peers', models.ManyToManyField('self'))"),
        model("Tag", "('c', %s)" % INT, "('items', models.ManyToManyField('shop.Item', related_name='its_tags'))"),
        add("Item", "tags", "models.ManyToManyField('shop.Tag', db_table='item_tags', related_name='its_items')"),
        model("Link", "('item', models.ForeignKey('shop.Item', on_delete=models.CASCADE))", "('tag', models.ForeignKey('shop.Tag', on_delete=models.CASCADE))", "('n', %s)" % INT),
        add("Item", "linked", "models.ManyToManyField('shop.Tag', through='shop.Link', related_name='linking')"),
        model("Lone", "('c', %s)" % INT),
    ],
    {
        "AddManyToMany": lambda r: (lambda name: add(name, r.choice(["x", "tags2", "links"]), many(r, name)))(r.choice(["Item", "Tag", "Lone"])),
        "AlterManyToMany": lambda r: r.choice([alter("Item", "tags", m2m("shop.Tag", **r.choice([{"related_name": "theirs"}, {"db_table": r.choice(TABLES), "related_name": "its_items"}, {"blank": True, "related_name": "its_items", "db_table": "item_tags"}]))), alter("Tag", "items", m2m("shop.Item", related_name=r.choice(["theirs", "its_tags"]), **({"db_table": r.choice(TABLES)} if r.random() < 0.4 else {}))), alter("Item", "peers", m2m("self", **r.choice([{"blank": True}, {"symmetrical": False, "related_name": "fans"}])))]),
        "RemoveField": lambda r: op("RemoveField", *r.choice([("Item", "tags"), ("Item", "peers"), ("Tag", "items"), ("Item", "linked"), ("Link", "item"), ("Link", "tag"), ("Link", "n")])),
        "RenameField": lambda r: op("RenameField", *r.choice([("Item", "tags"), ("Item", "peers"), ("Tag", "items"), ("Item", "linked"), ("Link", "item"), ("Link", "tag"), ("Item", "c")]), r.choice(["tags2", "x", "peers2"])),
        "RenameModel": lambda r: op("RenameModel", r.choice(["Item", "Tag", "Link", "Lone"]), r.choice(["Thing", "Label", "Item_tags", "Item_peers"])),
        "DeleteModel": lambda r: r.choice([op("DeleteModel", "Lone"), [op("RemoveField", "Item", "linked"), op("DeleteModel", "Link")]]),
        "AlterModelTable": lambda r: op("AlterModelTable", r.choice(["Item", "Tag", "Link"]), r.choice(TABLES + ["t1", None])),
        "AddKey": lambda r: add("Link", r.choice(["x", "other"]), LINK_KEY % (r.choice(["shop.Item", "shop.Tag", "shop.Lone"]), r.choice(["+", "back"]))),
        "AlterKey": lambda r: alter("Link", *r.choice([("item", "models.ForeignKey('shop.Item', null=True, on_delete=models.CASCADE)"), ("tag", "models.ForeignKey('shop.Lone', null=True, on_delete=models.CASCADE)"), ("item", "models.IntegerField(null=True)"), ("n", "models.BigIntegerField(default=0)")])),
        "CreateModel": lambda r: r.choice([CREATE % (r.choice(["New", "Tag_tags2", "Item_x", "Thing"]), ", options={'db_table': %r}" % r.choice(TABLES) if r.random() < 0.5 else ""), model("New", "('m', %s)" % many(r, "New")), model("Mid", "('item', %s)" % (LINK_KEY % ("shop.Item", "+")), "('tag', %s)" % (LINK_KEY % ("shop.Tag", "+")))]),
        "AddIndex": lambda r: index(*r.choice([("Item", "c"), ("Link", "n"), ("Link", "item")])[:1], r.choice(TABLES + ["i1", "i2"]), "id"),
        "AddConstraint": lambda r: unique("Link", r.choice(["u1", "u2"]), *r.choice([("item", "tag"), ("item_id", "n"), ("tag", "id")])),
        "AddField": lambda r: add(r.choice(["Item", "Tag", "Link"]), r.choice(["x", "tags2", "its_tags", "linking"]), INT),
        "AlterModelOptions": lambda r: options(r.choice(["Item", "Link"]), r.choice(["'ordering': ['id']", "'default_related_name': 'back'", "'default_related_name': 'its_items'", "'verbose_name': 'x'"])),
    },
    rows=[
        ([CREATE % ("Item_x", ", options={'db_table': 't9'}")], [add("Item", "x", m2m("shop.Tag", related_name="+"))]),
        ([CREATE % ("Item_x", ", options={'db_table': 't9'}")], [op("RenameField", "Item", "tags", "x")]),
        ([op("RenameModel", "Item", "Item_tags")], [op("RenameModel", "Tag", "Label")]),
        ([options("Link", "'default_related_name': 'back'")], [add("Item", "links", m2m("shop.Tag", related_name="back"))]),
        ([options("Link", "'ordering': ['n']"), options("Link", "'verbose_name': 'x'")], [options("Link", "'verbose_name': 'x'")]),
        ([add("Tag", "x", "models.ManyToManyField('shop.Item', related_name='+', through='shop.Link', through_fields=('tag', 'item'))")], [alter("Link", "tag", "models.ForeignKey('shop.Lone', null=True, on_delete=models.CASCADE)")]),
        ([unique("Link", "u1", "item_id", "n")], [op("RemoveField", "Item", "linked"), alter("Link", "item", "models.IntegerField(null=True)")]),
        ([op("RenameModel", "Lone", "Item_x")], [add("Item", "x", m2m("shop.Tag", related_name="+", db_table="t9"))]),
    ],
)

WORLDS = [COMPUTED, KEYS, MANY]
