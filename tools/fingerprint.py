"""Fingerprints of the add-ons: which of their files decide what an installation leaves."""

import ast
import hashlib
from pathlib import Path

from tools.store import ADDONS

# Served from disk or used by tests only: they leave no trace in a database.
_NO_TRACE = ("tests", "static", "__pycache__", "i18n")
# Bodies that run while an add-on is installed or that fill stored values.
_RUN_AT_INSTALL = ("init", "_auto_init", "_register_hook", "_load_records")
_DECORATORS_THAT_STORE = ("depends", "model_create_multi", "constrains", "ormcache")


def manifest(addon: Path) -> dict:
    """The manifest of an add-on."""
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def dependencies(addons) -> list[str]:
    """The add-ons outside ``addons`` that these depend on directly, sorted."""
    wanted = {name for addon in addons for name in manifest(ADDONS / addon)["depends"]}
    return sorted(wanted - set(addons))


def files(addons) -> list[Path]:
    """The files of the add-ons that an installation reads, sorted."""
    paths = [path for addon in addons for path in sorted((ADDONS / addon).rglob("*"))]
    return [path for path in paths if path.is_file() and _leaves_trace(path)]


def _leaves_trace(path: Path) -> bool:
    inside = path.relative_to(ADDONS).parts[1:]
    return inside[0] not in _NO_TRACE and "__pycache__" not in inside and path.suffix != ".md"


def whole(addons) -> str:
    """12 hexadecimal digits over every file that an installation reads."""
    return _digest((path, path.read_bytes()) for path in files(addons))


def quick(addons) -> str:
    """The same, without the bodies of Python methods that do not run during installation."""
    return _digest((path, _skeleton(path)) for path in files(addons))


def _digest(parts) -> str:
    digest = hashlib.sha256()
    for path, content in parts:
        digest.update(str(path.relative_to(ADDONS)).encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def _skeleton(path: Path) -> bytes:
    if path.suffix != ".py":
        return path.read_bytes()
    if "engine" in path.relative_to(ADDONS).parts:
        return b""
    return skeleton(path.read_text()).encode()


def skeleton(source: str) -> str:
    """Python text without comments and without the bodies of ordinary functions.

    Fields, constraints, signatures and decorators stay, and so do the bodies of hooks and
    computes. Text that does not parse is returned as it is.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _runs_at_install(node):
            node.body = [ast.Pass()]
    return ast.dump(tree)


def _runs_at_install(node: ast.FunctionDef) -> bool:
    if node.name in _RUN_AT_INSTALL or node.name.endswith("_hook"):
        return True
    if node.name.startswith(("_default_", "_compute_", "_table_query")):
        return True
    text = " ".join(ast.dump(decorator) for decorator in node.decorator_list)
    return any(f"'{name}'" in text for name in _DECORATORS_THAT_STORE)
