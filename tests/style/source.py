"""The project's own source as the style tests see it."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("inventory_wms", "wms_barcode", "channel_connectors")


def files(*patterns, below="addons"):
    """Paths below a folder of the project that match any of the glob patterns, sorted."""
    found = {path for pattern in patterns for path in (ROOT / below).rglob(pattern)}
    return sorted(path for path in found if "node_modules" not in path.parts)


def name(path):
    """Path as shown in a failure."""
    return str(path.relative_to(ROOT))


@functools.cache
def tree(path):
    """Parsed Python source of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path):
    """Every function and method of a file."""
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def python_files():
    """All Python of the project: add-ons, launcher, tests."""
    return files("*.py") + files("*.py", below="tools") + files("*.py", below="tests")
