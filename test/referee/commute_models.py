"""Worlds around models: families of them, two apps and the user model, and names that change their case or their places."""
import django

from commute_world import CREATE
from commute_worlds import CHAR, INT, World, add, alter, check, child, index, m2m, model, op, options, proxy, unique

# -- parents, children and proxies ---------------------------------------------------------------------------------------------

FAMILY_MODELS = ["Place", "Restaurant", "Pub", "Corner", "Diner"]


def key_to(r, to=None, names=("+", "back", "notes", "items", None, None)):
    name = r.choice(names)
    return "models.ForeignKey(%r, null=True, on_delete=models.CASCADE%s)" % (to or "shop.%s" % r.choice(FAMILY_MODELS), "" if name is None else ", related_name=%r" % name)


def key(to, name=None):
    return "models.ForeignKey('shop.%s', null=True, on_delete=models.CASCADE%s)" % (to, "" if name is None else ", related_name='%s'" % name)


def own_field(r):
    return r.choice([("Place", "c"), ("Place", "name"), ("Restaurant", "d"), ("Restaurant", "e"), ("Note", "c"), ("Note", "place")])


def new_name(r):
    return r.choice(["x", "y", "x", "d", "notes", "back", "restaurant", "pub", "note", "new"])


FAMILY = World(
    "family",
    [
        model("Place", "('name', %s)" % CHAR, "('c', %s)" % INT),
        child("Restaurant", "shop.Place", "('d', %s)" % INT, "('e', %s)" % CHAR),
        child("Pub", "shop.Restaurant", "('f', %s)" % INT),
        proxy("Corner", "shop.Place"),
        proxy("Diner", "shop.Restaurant"),
        model("Note", "('c', %s)" % INT, "('place', models.ForeignKey('shop.Place', null=True, on_delete=models.CASCADE, related_name='notes'))"),
        model("Cat", "('c', %s)" % INT),
    ],
    {
        "AddField": lambda r: add(r.choice(["Place", "Restaurant", "Pub", "Note"]), new_name(r), r.choice([INT, CHAR, "models.IntegerField(null=True)"])),
        "AddKey": lambda r: add(r.choice(["Note", "Cat", "Cat", "Pub"]), r.choice(["x", "y", "z"]), key_to(r)),
        "AddKeyToCat": lambda r: add(r.choice(["Place", "Restaurant", "Pub", "Note"]), r.choice(["x", "y", "z"]), key_to(r, "shop.Cat")),
        "AddManyToMany": lambda r: add(r.choice(["Cat", "Note", "Restaurant"]), r.choice(["x", "y"]), m2m("shop.%s" % r.choice(FAMILY_MODELS), **r.choice([{}, {"related_name": "back"}, {"related_name": "+"}]))),
        "CreateChild": lambda r: child(r.choice(["New", "Newer"]), "shop.%s" % r.choice(["Place", "Restaurant", "Pub", "Note"]), "(%r, %s)" % (new_name(r), r.choice([INT, CHAR, key_to(r, "shop.Cat")])), options=r.choice(["", "", "'default_related_name': 'back'", "'ordering': ['c']"])),
        "CreateProxy": lambda r: proxy(r.choice(["New", "Newer"]), "shop.%s" % r.choice(["Place", "Restaurant", "Corner", "Note"]), options=r.choice(["", "'ordering': ['c']", "'verbose_name': 'x'"])),
        "CreateModel": lambda r: model(r.choice(["New", "Newer", "X"]), "('k', %s)" % key_to(r), options=r.choice(["", "'default_related_name': 'back'", "'default_related_name': 'notes'"])),
        "RemoveField": lambda r: op("RemoveField", *own_field(r)),
        "RenameField": lambda r: op("RenameField", *own_field(r), new_name(r)),
        "AlterField": lambda r: r.choice([alter("Place", "c", "models.BigIntegerField(default=0)"), alter("Restaurant", "d", r.choice(["models.CharField(max_length=9)", "models.BigIntegerField(default=0)"])), alter("Note", "place", key_to(r))]),
        "RenameModel": lambda r: op("RenameModel", r.choice(["Pub", "Diner", "Corner", "Note", "Cat"]), r.choice(["Bar", "New", "X", "Item"])),
        "DeleteModel": lambda r: op("DeleteModel", r.choice(["Pub", "Diner", "Corner", "Note"])),
        "AlterModelTable": lambda r: op("AlterModelTable", r.choice(["Place", "Restaurant", "Pub", "Note"]), r.choice(["t1", "shop_new", "t2"])),
        "AlterModelOptions": lambda r: options(r.choice([*FAMILY_MODELS, "Note", "Note", "Cat"]), r.choice(["'default_related_name': 'back'", "'default_related_name': 'notes'", "'ordering': ['c']", "'ordering': ['-name']", "'ordering': ['d']", "'verbose_name': 'x'"])),
        "AlterModelManagers": lambda r: "migrations.AlterModelManagers(%r, [(%r, models.Manager())])" % (r.choice(FAMILY_MODELS), r.choice(["objects", "every"])),
        "AddIndex": lambda r: index(*r.choice([("Place", "i1", "c"), ("Restaurant", "i1", "d"), ("Restaurant", "i2", "d", "e"), ("Note", "i2", "place"), ("Pub", "i3", "f")])),
        "AddConstraint": lambda r: r.choice([unique("Restaurant", "u1", "d", "e"), check("Place", "k1", "Q(c__gte=0)"), check("Restaurant", "k1", "Q(d__gte=0)"), op("AlterUniqueTogether", "Restaurant", "{{('d', 'e')}}")]),
    },
    rows=[
        ([add("Cat", "z", key("Restaurant", "notes"))], [model("Newer", "('k', %s)" % key("Pub", "notes"))]),
        ([add("Cat", "x", key("Corner", "back"))], [add("Note", "y", key("Place", "back"))]),
        ([add("Cat", "x", key("Diner", "back"))], [add("Note", "y", key("Place", "back"))]),
        ([add("Cat", "x", key("Pub", "items"))], [add("Place", "items")]),
        ([add("Cat", "x", key("Place", "items"))], [add("Pub", "items")]),
        ([add("Cat", "x", key("Place", "cats', related_query_name='note"))], [add("Note", "y", key("Place"))]),
        ([add("Cat", "x", key("Place"))], [child("New", "shop.Place")]),
        ([add("Place", "k", key("Cat", "+"))], [add("Pub", "k_id")]),
        ([add("Pub", "k", key("Cat", "+"))], [add("Place", "k_id")]),
        ([op("RenameModel", "Corner", "New")], [op("RenameModel", "Diner", "New")]),
        ([add("Cat", "x", key("Restaurant", "pub"))], [child("Bar", "shop.Pub")]),
        ([add("Cat", "x", m2m("shop.Cat"))], [add("Cat", "y", key("Cat"))]),
        ([options("Note", "'default_related_name': 'back'")], [add("Cat", "x", key("Corner", "back"))]),
    ],
)

# -- two apps, and the user model ----------------------------------------------------------------------------------------------

USER = "models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE%s)"
NAMES = ["", "", ", related_name='+'", ", related_name='back'", ", related_name='posts'"]


def key_in(r, to):
    return "models.ForeignKey('shop.%s', null=True, on_delete=models.CASCADE%s)" % (to, r.choice(NAMES))


def shop_model(r):
    return r.choice(["Item", "Item", "User", "Lone"])


APPS = World(
    "apps",
    [
        model("User", "('name', %s)" % CHAR, "('password', %s)" % CHAR, "('last_login', models.DateTimeField(null=True))"),
        model("Item", "('c', %s)" % INT, "('name', %s)" % CHAR, "('code', models.IntegerField(unique=True))"),
        model("Lone", "('c', %s)" % INT),
    ],
    {
        "RemoveField": lambda r: op("RemoveField", *r.choice([("Item", "c"), ("Item", "name"), ("User", "name"), ("Lone", "c")])),
        "RenameField": lambda r: op("RenameField", *r.choice([("Item", "c"), ("Item", "name"), ("Item", "code"), ("User", "name")]), r.choice(["x", "s", "title"])),
        "AddField": lambda r: add(shop_model(r), r.choice(["x", "s", "t", "posts", "post_set"])),
        "AlterField": lambda r: alter("Item", "code", r.choice(["models.IntegerField(default=1)", "models.BigIntegerField(unique=True)"])),
        "RenameModel": lambda r: op("RenameModel", shop_model(r), r.choice(["Thing", "Person"])),
        "DeleteModel": lambda r: op("DeleteModel", r.choice(["Lone", "User"])),
        "AlterModelTable": lambda r: op("AlterModelTable", shop_model(r), r.choice(["blog_post", "blog_new", "t1"])),
        "CreateModel": lambda r: CREATE % (r.choice(["New", "Thing"]), r.choice(["", ", options={'db_table': 'blog_new'}", ", options={'db_table': 'blog_post_tags'}"])),
        "AddUserKey": lambda r: add(r.choice(["Item", "Lone"]), r.choice("xy"), USER % r.choice(NAMES)),
        "AddIndex": lambda r: index("Item", r.choice(["i1", "i2"]), r.choice(["c", "name"])),
        "BlogKey": lambda r: "blog: " + add("Post", r.choice("xy"), r.choice([key_in(r, shop_model(r)), key_in(r, "Item").replace(", null", ", to_field='code', null")])),
        "BlogUserKey": lambda r: "blog: " + add("Post", r.choice("xy"), USER % r.choice(NAMES)),
        "BlogMany": lambda r: "blog: " + add("Post", r.choice(["x", "tags"]), r.choice([m2m("shop.Item"), m2m("shop.User", related_name="back"), "models.ManyToManyField(settings.AUTH_USER_MODEL, related_name='back')"])),
        "BlogCreate": lambda r: "blog: " + model(r.choice(["New", "Newer"]), "('k', %s)" % r.choice([key_in(r, shop_model(r)), USER % r.choice(NAMES)]), options=r.choice(["", "", "'db_table': 't1'", "'db_table': 'shop_thing'", "'ordering': ['k__name']"])),
        "BlogChild": lambda r: "blog: " + child(r.choice(["New", "Newer"]), "shop.%s" % shop_model(r), "(%r, %s)" % (r.choice(["x", "s", "t"]), INT)),
        "BlogRemove": lambda r: "blog: " + op("RemoveField", *r.choice([("Post", "item"), ("Post", "t"), ("Special", "s")])),
        "BlogRename": lambda r: "blog: " + r.choice([op("RenameModel", "Post", r.choice(["New", "Thing"])), op("RenameField", "Post", "item", "x"), op("RenameField", "Special", "s", "x")]),
        "BlogOptions": lambda r: "blog: " + options(r.choice(["Post", "Special"]), r.choice(["'ordering': ['item__name']", "'ordering': ['c']", "'default_related_name': 'posts'", "'verbose_name': 'x'"])),
        "BlogIndex": lambda r: "blog: " + r.choice([index("Post", r.choice(["i1", "i2"]), r.choice(["item", "t"])), unique("Post", "u1", "item_id", "t"), check("Post", "k1", "Q(item__isnull=False)")]),
        "BlogAlter": lambda r: "blog: " + r.choice([alter("Post", "item", key_in(r, "Item")), alter("Post", "t", CHAR)]),
    },
    rows=[
        ([add("Lone", "x", USER % "")], [op("DeleteModel", "User")]),
        (["blog: " + add("Post", "x", USER % "")], [op("RenameModel", "User", "Person")]),
        (["blog: " + model("New", "('k', %s)" % USER % "")], [op("RenameModel", "User", "Person")]),
        (["blog: " + add("Post", "x", USER % ", related_name='back'")], [add("Item", "y", USER % ", related_name='back'")]),
        (["blog: " + add("Post", "x", USER % ", related_name='back'")], [add("Item", "y", "models.ForeignKey('shop.User', null=True, on_delete=models.CASCADE, related_name='back')")]),
        (["blog: " + add("Post", "x", USER % "")], [add("Item", "y", USER % "")]),
    ],
    blog=[
        model("Post", "('t', models.CharField(max_length=9))", "('item', models.ForeignKey('shop.Item', null=True, on_delete=models.CASCADE))"),
        child("Special", "shop.Item", "('s', %s)" % INT),
    ],
)

# -- names that change their case or their places ------------------------------------------------------------------------------


def field_name(r):
    return r.choice(["a", "b", "c", "c", "d", "d", "name"])


def swap(r):
    field = ["RenameField", "Item"]
    return r.choice([
        [op(*field, "c", "tmp"), op(*field, "d", "c"), op(*field, "tmp", "d")],
        [op(*field, "c", "tmp"), op(*field, "d", "c"), op(*field, "tmp", "d")],
        [op(*field, "d", "e"), op(*field, "c", "d")],
        [op("RenameModel", "Cat", "Tmp"), op("RenameModel", "Lone", "Cat"), op("RenameModel", "Tmp", "Lone")],
        [op("AlterModelTable", "Item", "tmp"), op("AlterModelTable", "Lone", "shop_item"), op("AlterModelTable", "Item", "shop_lone")],
        [op("RemoveField", "Item", "c"), op(*field, "d", "c")],
    ])


def sql(text, *state):
    return "migrations.RunSQL(%r, '', state_operations=[%s])" % (text, ", ".join(state))


#: From Django 5.1 on SQLite forgets such an index with the next table that it makes anew. (RenameModel that changes the case alone fails in all versions.)
HAS_TOGETHER = django.VERSION < (5, 1)
TOGETHER = {
    "RenameIndexFields": lambda r: op("RenameIndex", "Item", r.choice(["n1", "n2", "i1"]), None, "{('a', 'b')}"),
    "AlterIndexTogether": lambda r: op("AlterIndexTogether", "Item", r.choice(["{set()}", "{{('a', 'b'), ('c', 'd')}}", "{{('b', 'c')}}"])),
}
SEPARATE_TABLE = "migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('ALTER TABLE shop_item RENAME TO t1', '')], state_operations=[%s])" % op("AlterModelTable", "Item", "t1")
NAMED = World(
    "names",
    [
        model("Cat", "('t', %s)" % CHAR),
        model("Item", *["(%r, %s)" % (name, INT) for name in "abcd"], "('name', %s)" % CHAR, "('cat', models.ForeignKey('shop.Cat', null=True, on_delete=models.CASCADE))", options="'ordering': ['name']"),
        model("Lone", "('c', %s)" % INT, "('x', models.IntegerField(null=True))"),
        index("Item", "ix_a", "a"),
        check("Item", "ck_b", "Q(b__gte=0)"),
        *([op("AlterIndexTogether", "Item", "{{('a', 'b')}}")] if HAS_TOGETHER else []),
    ],
    {
        "RenameCase": lambda r: op("RenameField", *r.choice([("Item", "c", "C"), ("Item", "name", "Name"), ("Item", "d", "D"), ("Item", "cat", "Cat"), ("Lone", "c", "C"), ("Item", "a", "A")])),
        "Swap": swap,
        **(TOGETHER if HAS_TOGETHER else {}),
        "AddField": lambda r: add(r.choice(["Item", "Item", "Lone"]), r.choice(["x", "C", "tmp", "D", "e", "Name"]), r.choice([INT, CHAR])),
        "AlterField": lambda r: alter("Item", field_name(r), r.choice(["models.BigIntegerField(default=0)", "models.IntegerField(default=5)", "models.PositiveIntegerField(default=0)", CHAR, "models.TextField(default='')"])),
        "RemoveField": lambda r: op("RemoveField", *r.choice([("Item", field_name(r)), ("Item", "cat"), ("Lone", "c")])),
        "RenameField": lambda r: op("RenameField", "Item", r.choice([field_name(r), "cat"]), r.choice(["x", "tmp", "e", "y"])),
        "RenameModel": lambda r: op("RenameModel", r.choice(["Item", "Lone", "Cat"]), r.choice(["Thing", "Tmp", "New"])),
        "AddIndex": lambda r: index("Item", r.choice(["i1", "n1", "i2"]), field_name(r), "id"),
        "RenameIndex": lambda r: op("RenameIndex", "Item", r.choice(["n1", "i1"]), "ix_a"),
        "AddConstraint": lambda r: r.choice([check("Item", r.choice(["k1", "k2"]), "Q(%s__gte=0)" % field_name(r)), unique("Item", r.choice(["k1", "k2"]), field_name(r), "id")]),
        "AlterUniqueTogether": lambda r: op("AlterUniqueTogether", "Item", "{{(%r, 'id')}}" % field_name(r)),
        "AlterModelOptions": lambda r: options("Item", "'ordering': [%r]" % field_name(r)),
        "AlterModelTable": lambda r: op("AlterModelTable", r.choice(["Item", "Lone"]), r.choice(["t1", "t2"])),
        "CreateModel": lambda r: CREATE % (r.choice(["New", "Thing", "Tmp"]), r.choice(["", ", options={'db_table': 't1'}"])),
        "DeleteModel": lambda r: op("DeleteModel", "Lone"),
        "PrimaryKey": lambda r: r.choice([[op("RemoveField", "Lone", "id"), add("Lone", r.choice(["pk1", "pk2"]), "models.IntegerField(primary_key=True, default=0, serialize=False)")], [op("RemoveField", "Item", "id"), alter("Item", "a", "models.IntegerField(primary_key=True, serialize=False)")], alter("Lone", "id", "models.AutoField(primary_key=True)")]),
        "SqlWithState": lambda r: r.choice([
            sql("ALTER TABLE shop_item RENAME TO t1", op("AlterModelTable", "Item", "t1")),
            sql("ALTER TABLE shop_lone RENAME TO t2", op("AlterModelTable", "Lone", "t2")),
            sql("ALTER TABLE shop_item RENAME COLUMN c TO x", op("RenameField", "Item", "c", "x")),
            sql("ALTER TABLE shop_item ADD COLUMN x integer NULL", add("Item", "x")),
            sql("CREATE INDEX i1 ON shop_item (c)", index("Item", "i1", "c")),
        ]),
        "Separate": lambda r: r.choice([
            SEPARATE_TABLE,
            "migrations.SeparateDatabaseAndState(database_operations=[%s], state_operations=[%s])" % (op("AlterModelTable", "Item", "t1"), op("AlterModelTable", "Item", "t1")),
            "migrations.SeparateDatabaseAndState(database_operations=[], state_operations=[%s])" % options("Item", "'verbose_name': 'x'"),
        ]),
    },
    rows=[
        ([op("RenameField", "Item", "c", "C")], [op("RemoveField", "Item", "c")]),
        ([op("RenameField", "Item", "cat", "x")], [op("RenameModel", "Cat", "Kat")]),
        ([op("RenameField", "Item", "cat", "Cat")], [op("RenameField", "Item", "b", "y")]),
        ([op("RenameField", "Item", "b", "y")], [op("RemoveField", "Item", "c")]),
        ([add("Lone", "k", "models.ForeignKey('shop.Cat', null=True, on_delete=models.CASCADE, db_column='kk')")], [add("Lone", "k_id")]),
        ([sql("ALTER TABLE shop_item RENAME TO t1", op("AlterModelTable", "Item", "t1"))], [add("Item", "x")]),
        ([sql("ALTER TABLE shop_item RENAME TO t1", op("AlterModelTable", "Item", "t1"))], [alter("Item", "d", "models.BigIntegerField(default=0)")]),
        ([sql("ALTER TABLE shop_item RENAME COLUMN c TO x", op("RenameField", "Item", "c", "x"))], [add("Item", "y")]),
        ([SEPARATE_TABLE], [alter("Item", "d", "models.BigIntegerField(default=0)")]),
        *[([op("RenameField", "Item", "c", "tmp"), op("RenameField", "Item", "d", "c"), op("RenameField", "Item", "tmp", "d")], [other]) for other in [add("Item", "x"), op("RemoveField", "Item", "name"), alter("Item", "name", "models.TextField()"), alter("Item", "c", "models.BigIntegerField(default=0)"), index("Item", "i1", "c"), op("RemoveField", "Item", "c")]],
    ],
    since=(4, 1),
)

WORLDS = [FAMILY, APPS, NAMED]
