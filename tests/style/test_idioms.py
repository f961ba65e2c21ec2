"""Old Odoo idioms, forbidden names and the direction of dependencies."""

import ast
import glob
import re
import sys
from pathlib import Path

import source

# name -> what to write instead (Odoo 19); several of the old ones do nothing and say nothing
OLD = {
    r"_sql_constraints": "models.Constraint",
    r"\.read_group\(": "_read_group",
    r"odoo\.osv": "odoo.fields.Domain",
    r"type=[\"']json[\"']": 'type="jsonrpc"',
    r"<tree\b": "<list>",
    r"view_mode[\"']?>[^<]*\btree\b": "list",
    r"\battrs=": "invisible=, readonly=, required=",
    r"\bname_get\b": "_compute_display_name",
    r"group_operator": "aggregator",
    r"self\._(cr|uid|context)\b": "self.env.cr, .uid, .context",
    r"stock\.valuation\.layer|stock\.quant\.package|procurement\.group|product\.packaging": "gone",
    r"check_access_rights|user_has_groups": "has_access, has_group",
    r"category_id\"? ref=.*privilege": "privilege_id",
    r"\bt-raw\b": "t-out",
    r"t-(out|esc)=\"f'": "no f-strings in QWeb",
}
# words that name an archive of packages rather than a package
REGISTRY = re.compile(r"https?://(deb|security|archive|registry|files|index)\.[a-z0-9.-]+", re.I)
TEXT = ("*.py", "*.xml", "*.js", "*.scss", "*.csv", "*.md", "*.toml", "*.json", "*.txt", "*.conf")


def _engine_files():
    return [path for path in source.files("*.py") if path.parent.name == "engine"]


def test_no_old_idioms():
    found = [
        f"{source.name(path)}:{number} {pattern}: write {instead}"
        for path in source.files("*.py", "*.xml", "*.js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for pattern, instead in OLD.items()
        if re.search(pattern, line)
    ]
    assert not found, "\n".join(found)


def _places():
    """Where this copy lies and which archives this machine uses: neither belongs in the project."""
    found = {str(source.ROOT), str(Path.home()) + "/"} - {"/", "/root/"}
    for path in glob.glob("/etc/apt/sources.list*/**", recursive=True):
        if Path(path).is_file():
            text = Path(path).read_text(encoding="utf-8", errors="replace")
            found |= {url.rstrip("/") for url in re.findall(r"https?://[^\s\]]+", text)}
    return sorted(found)


def test_no_place_of_this_build():
    folders = ("addons", "tools", "tests", "docs")
    paths = [path for folder in folders for path in source.files(*TEXT, below=folder)]
    paths += [path for path in source.ROOT.iterdir() if path.is_file() and path.name != ".git"]
    places = _places()
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{source.name(path)}: {place}" for place in places if place in text]
        found += [f"{source.name(path)}: {hit[0]}" for hit in REGISTRY.finditer(text)]
    assert not found, found


def test_engine_is_pure():
    allowed = set(sys.stdlib_module_names) | {""}
    strangers = []
    for path in _engine_files():
        for node in ast.walk(source.tree(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            elif isinstance(node, ast.ImportFrom) and node.level > 1:
                names = [f"parent package ({node.module})"]
            strangers += [
                f"{source.name(path)}:{node.lineno} imports {module}"
                for module in names
                if module.split(".")[0] not in allowed
            ]
    assert not strangers, "engine/ uses the standard library only:\n" + "\n".join(strangers)


def test_tests_of_add_ons_stand_alone():
    """Odoo imports an add-on's tests wherever it is installed with --test-enable or tags."""
    allowed = sys.stdlib_module_names | {"odoo", "openpyxl", "psycopg2"}
    strangers = []
    for path in source.files("*.py"):
        if "tests" not in path.parts[len(source.ROOT.parts) :]:
            continue
        for node in source.tree(path).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            strangers += [
                f"{source.name(path)}:{node.lineno} imports {name}"
                for name in names
                if name.split(".")[0] not in allowed
            ]
    assert not strangers, "not there without the repository:\n" + "\n".join(strangers)


def test_engine_is_documented_and_typed():
    missing = []
    for path in _engine_files():
        if path.name == "__init__.py":
            continue
        assert ast.get_docstring(source.tree(path)), f"{source.name(path)} has no docstring"
        for node in source.functions(path):
            where = f"{source.name(path)}:{node.lineno} {node.name}"
            args = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            untyped = [a.arg for a in args if a.arg not in ("self", "cls") and not a.annotation]
            if untyped or (not node.returns and node.name != "__init__"):
                missing.append(f"{where}: annotate {untyped or 'the result'}")
            if not node.name.startswith("_") and not ast.get_docstring(node):
                missing.append(f"{where}: no docstring")
    assert not missing, "\n".join(missing)


def test_public_methods_are_documented():
    """Every method without underscore can be called by anyone over HTTP."""
    missing = []
    for path in source.files("*.py"):
        if "tests" in path.parts or "static" in path.parts:
            continue
        for cls in ast.walk(source.tree(path)):
            if not isinstance(cls, ast.ClassDef):
                continue
            missing += [
                f"{source.name(path)}:{node.lineno} {cls.name}.{node.name}"
                for node in cls.body
                if isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
                and node.name not in ("create", "write", "unlink", "copy", "copy_data", "init")
                and not node.name.startswith("default_get")
                and not any(_decorator(d) in ("setter", "property") for d in node.decorator_list)
            ]
    assert not missing, "\n".join(missing)


def _decorator(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_direction_of_imports():
    """engine <- services <- models <- controllers; no add-on reaches into another's engine."""
    wrong = []
    for path in source.files("*.py"):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(source.ROOT / "addons").parts
        if parts[1] in ("services", "engine") and re.search(
            r"^from \.\.(models|controllers)", text, re.M
        ):
            wrong.append(f"{source.name(path)} imports upwards")
        if parts[0] == "inventory_wms" and re.search(r"odoo\.addons\.(wms_barcode|channel)", text):
            wrong.append(f"{source.name(path)} knows an add-on that builds on it")
    assert not wrong, "\n".join(wrong)


def test_sudo_has_its_reason():
    """A sudo() without a comment that says why (on its line or the eight above) is refused."""
    bare = []
    for path in source.files("*.py"):
        if "tests" in path.parts:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        bare += [
            f"{source.name(path)}:{number + 1} {line.strip()}"
            for number, line in enumerate(lines)
            if ".sudo()" in line.split("#")[0]
            and not any(
                "sudo" in above.partition("#")[2]
                for above in lines[max(0, number - 9) : number + 1]
            )
        ]
    assert not bare, "say why:\n" + "\n".join(bare)
