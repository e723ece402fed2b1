"""
What commute.py lets meet besides commute_world.py: a world is a small project around one kind of tie between models, fields and names, operations that
are aimed at it, and pairs found by hand. An operation is its source; `blog: migrations…` is one of the second app.
"""
from itertools import groupby

from commute_world import CHECK, F_, HEADER

ID = "('id', models.BigAutoField(primary_key=True))"
MORE = "from django.conf import settings\nfrom django.db.models.functions import Concat, Lower, Upper\n"


def module(operations, app="shop"):
    """A module of operations that are given as source, or as Python code that stands before them; its first line says its app."""
    apps = [each.split(": ")[0] for each in operations if each.startswith("blog: ")]
    operations = [each.removeprefix("blog: ") for each in operations]
    code = "\n\n".join(each for each in operations if each.startswith("def "))
    rest = "".join("        %s,\n" % each for each in operations if not each.startswith("def "))
    return "# app: %s\n%s%s%s\n\nclass Migration(migrations.Migration):\n    operations = [\n%s    ]\n" % (apps[0] if apps else app, HEADER.strip("\n") + "\n", MORE + "\n", code, rest)


class World:
    """A base, kinds of operations that are aimed at it, and pairs found by hand."""

    def __init__(self, name, base, makers, rows=(), blog=(), since=(3, 2)):
        self.name, self.makers, self.rows, self.since = name, makers, rows, since
        self.base = [module(base), *([module(blog, "blog")] if blog else [])]
        self.kinds = list(makers)
        self.module = module

    def random_source(self, kind, r):
        """A module with one operation of a kind; of the kind Mixed, with two or three of any, a module for each app."""
        kinds = [kind] if kind != "Mixed" else [r.choice(self.kinds) for _ in range(r.choice([2, 3]))]
        made = [text for each in kinds for text in self.operations(each, r)]
        return "".join(module(list(texts)) for _, texts in groupby(made, lambda text: text.startswith("blog: ")))

    def operations(self, kind, r):
        made = self.makers[kind](r)
        return made if isinstance(made, list) else [made]


def model(name, *fields, options="", bases=""):
    return "migrations.CreateModel(%r, [%s]%s%s)" % (name, ", ".join([ID, *fields]), ", options={%s}" % options if options else "", ", bases=(%r,)" % bases if bases else "")


def child(name, parent, *fields, options=""):
    """A model that inherits from another one, as makemigrations writes it."""
    pointer = "('%s_ptr', models.OneToOneField(%r, auto_created=True, on_delete=models.CASCADE, parent_link=True, primary_key=True, serialize=False))" % (parent.split(".")[1].lower(), parent)
    return "migrations.CreateModel(%r, [%s]%s, bases=(%r,))" % (name, ", ".join([pointer, *fields]), ", options={%s}" % options if options else "", parent.lower())


def proxy(name, parent, options=""):
    return "migrations.CreateModel(%r, [], options={'proxy': True, 'indexes': [], 'constraints': []%s}, bases=(%r,))" % (name, ", " + options if options else "", parent.lower())


def op(name, *args):
    """An operation whose arguments are literals, or source that stands in `{}`."""
    return "migrations.%s(%s)" % (name, ", ".join(each[1:-1] if isinstance(each, str) and each.startswith("{") else repr(each) for each in args))


def m2m(to, **kwargs):
    return "models.ManyToManyField(%r%s)" % (to, "".join(", %s=%r" % each for each in kwargs.items()))


def index(model, name, *fields, **kwargs):
    return "migrations.AddIndex(%r, models.Index(fields=%r, name=%r%s))" % (model, list(fields), name, "".join(", %s=%s" % each for each in kwargs.items()))


def check(model, name, condition):
    return "migrations.AddConstraint(%r, models.CheckConstraint(%s=%s, name=%r))" % (model, CHECK, condition, name)


def unique(model, name, *fields, **kwargs):
    return "migrations.AddConstraint(%r, models.UniqueConstraint(fields=%r, name=%r%s))" % (model, list(fields), name, "".join(", %s=%s" % each for each in kwargs.items()))


def add(model, name, field="models.IntegerField(null=True)"):
    return F_(model, name, field)


def alter(model, name, field):
    return "migrations.AlterField(%r, %r, %s)" % (model, name, field)


def options(model, text):
    return "migrations.AlterModelOptions(%r, {%s})" % (model, text)


INT = "models.IntegerField(default=0)"
CHAR = "models.CharField(max_length=20, default='')"
