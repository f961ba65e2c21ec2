"""Which core methods our add-ons extend, replace or call, and what those looked like when read.

A hook is ``model.method``.  Ours are found in the code, so that no list has to be kept:

* every method that a class of ours defines on one of Odoo's models and that Odoo has as well;
* every private method that our code calls on one of the models it names (or in ``REACHED``);
* every method of Odoo that asks for the cost method or the valuation of goods: each answers for
  ``lifo`` and ``perpetual_move`` as for a value it does not know, and ours depend on that answer.

Each is recorded with the core classes that have it, their signature and a hash of their source.
"""

import ast
import functools
import hashlib
import inspect
import json
import os
import re
import sys
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"
OURS = ("inventory_wms", "wms_barcode", "channel_connectors")
_PACKAGES = tuple(f"odoo.addons.{name}." for name in OURS)
# Models that our code gets to through fields only, without ever naming them.
REACHED = ("mrp.workorder", "purchase.order.line", "sale.order.line", "stock.move.line", "uom.uom")
_DECIDES = re.compile(
    r"cost_method|'real_time'|\.valuation\b|property_valuation|inventory_valuation"
)
_MODEL_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)*")


@functools.cache
def trees():
    """The syntax trees of our add-ons' code, without their tests."""
    return [
        ast.parse(path.read_text(encoding="utf-8"))
        for name in OURS
        for path in sorted((ADDONS / name).rglob("*.py"))
        if "tests" not in path.parts[len(ADDONS.parts) :]
    ]


def private_calls():
    """Names of private methods that our code calls."""
    names = {
        node.func.attr
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return {name for name in names if re.match(r"_(?!_|wms)", name)}


def own_names():
    """Names of the methods and functions that our code defines."""
    return {
        node.name
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def models_named(registry):
    """Odoo's models whose name stands in our code, and those it reaches without naming them."""
    words = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _MODEL_NAME.fullmatch(node.value)
    }
    found = {name for name in (*words, *REACHED) if name in registry and is_core(registry[name])}
    return found - {"base"}


def is_core(model):
    """Whether Odoo has the model without us."""
    return any(
        cls.__module__.startswith("odoo.addons.")
        and not cls.__module__.startswith(_PACKAGES)
        and getattr(cls, "_name", None) == model._name
        for cls in model.__mro__
    )


def function_of(cls, name):
    """The function that a class defines under a name, also when it is a class method."""
    what = cls.__dict__.get(name)
    what = getattr(what, "__func__", what)
    return what if inspect.isfunction(inspect.unwrap(what)) else None


def core_functions(model, name):
    """(class, function) of core that define a method of a model, in their order.

    The ORM's own count once, as those of ``base``, and only the private ones.
    """
    roots = ["odoo.addons."]
    if model._name == "base" and name.startswith("_"):
        roots.append("odoo.orm.")
    return [
        (cls, function_of(cls, name))
        for cls in model.__mro__
        if cls.__module__.startswith(tuple(roots))
        and not cls.__module__.startswith(_PACKAGES)
        and function_of(cls, name)
    ]


@functools.cache
def source_of(function):
    """The source of a function without its comments and blank lines."""
    text = inspect.getsource(inspect.unwrap(function))
    if text[0].isspace():
        # in a class: dedent would fail on a string with lines at the margin
        tree = ast.parse("if True:\n" + text).body[0].body
        return "\n".join(map(ast.unparse, tree))
    return ast.unparse(ast.parse(text))


def described(function):
    """Signature and hash of a function."""
    return {
        "signature": str(inspect.signature(inspect.unwrap(function))),
        "source": hashlib.sha256(source_of(function).encode()).hexdigest()[:16],
    }


def overridden(registry):
    """(model, method) of core's models that classes of ours define."""
    return {
        (name, method)
        for name, model in registry.items()
        if is_core(model)
        for cls in model.__mro__
        if cls.__module__.startswith(_PACKAGES)
        for method in vars(cls)
        if function_of(cls, method)
    }


def deciding(registry):
    """(model, method) of core's methods that ask for the cost method or the valuation."""
    return {
        (name, method)
        for name, model in registry.items()
        if is_core(model)
        for cls in model.__mro__
        if cls.__module__.startswith("odoo.addons.")
        and not cls.__module__.startswith(_PACKAGES)
        and _file_decides(cls.__module__)
        for method in vars(cls)
        if function_of(cls, method) and _decides(function_of(cls, method))
    }


@functools.cache
def _file_decides(module):
    """Whether any line of a class's file may; reading each function takes most of a minute."""
    path = Path(sys.modules[module].__file__)
    return bool(_DECIDES.search(path.read_text(encoding="utf-8").replace('"', "'")))


def _decides(function):
    try:
        return bool(_DECIDES.search(source_of(function)))
    except OSError:  # made while Odoo runs: a related field's or a lambda's, without source
        return False


def hooks(registry):
    """model.method -> core's classes that have it, of what stands at the top of this file."""
    wanted = {(name, method) for name in models_named(registry) for method in private_calls()}
    wanted |= {("base", method) for method in private_calls() - own_names()}
    found = {}
    for name, method in sorted(wanted | overridden(registry) | deciding(registry)):
        functions = core_functions(registry[name], method)
        if functions:
            found[f"{name}.{method}"] = {
                f"{cls.__module__}.{cls.__name__}": described(function)
                for cls, function in functions
            }
    return found


def without(found, known):
    """What is not known yet: of each hook, the classes that the other list does not have."""
    rest = {
        hook: {cls: facts for cls, facts in classes.items() if cls not in known.get(hook, {})}
        for hook, classes in found.items()
    }
    return {hook: classes for hook, classes in rest.items() if classes}


def unnamed(registry, known):
    """Private methods that we call, that some core model has, and that no known hook names."""
    named = {hook.rsplit(".", 1)[1] for hook in known} | own_names()
    return {
        method: sorted(name for name, model in registry.items() if core_functions(model, method))
        for method in private_calls() - named
        if any(core_functions(model, method) for model in registry.values())
    }


def differences(known, found):
    """What changed, one line each."""
    lines = []
    for hook in sorted(known.keys() | found.keys()):
        before, now = known.get(hook, {}), found.get(hook, {})
        for cls in sorted(before.keys() | now.keys()):
            if cls not in now:
                lines.append(f"{hook}: gone from {cls}")
            elif cls not in before:
                lines.append(f"{hook}: new in {cls}, or newly used by us")
            else:
                lines += [
                    f"{hook}: another {what} in {cls}: {before[cls][what]} -> {now[cls][what]}"
                    for what in ("signature", "source")
                    if before[cls][what] != now[cls][what]
                ]
    return "\n".join(lines)


def compare(path, found):
    """What changed since the file was written, which ``./wms hooks --accept`` does."""
    if os.environ.get("WMS_ACCEPT_HOOKS"):
        path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return differences(json.loads(path.read_text(encoding="utf-8")), found)
