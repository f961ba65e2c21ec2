"""Size budgets: small files, short functions, little nesting (design, section 2)."""

import ast
import statistics

import source

FILE, FUNCTION, CLASS, COMPLEXITY, PARAMETERS, NESTING = 500, 60, 400, 10, 6, 3
_BRANCHES = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.comprehension,
    ast.match_case,
)
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def _length(node):
    return node.end_lineno - node.lineno + 1


def _complexity(function):
    """McCabe's number: decision points plus one."""
    return 1 + sum(isinstance(node, _BRANCHES) for node in _own_nodes(function))


def _own_nodes(function):
    """Nodes of a function without those of functions inside it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            todo += ast.iter_child_nodes(node)


def _nesting(node, depth=0):
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        # an `elif` is the child of an `if`, but reads as its sibling
        chained = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        deeper = isinstance(child, _BLOCKS) and not chained
        deepest = max(deepest, _nesting(child, depth + deeper))
    return deepest


def _parameters(function):
    args = function.args
    names = [arg.arg for arg in args.posonlyargs + args.args + args.kwonlyargs]
    return len([name for name in names if name not in ("self", "cls")])


def _overrides_core(function):
    """Core fixes the signature of the methods that we extend."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
        for node in ast.walk(function)
    )


def _over(limit, measure, nodes_of):
    return [
        f"{source.name(path)}:{node.lineno} {getattr(node, 'name', '')}: {measure(node)}"
        for path in source.python_files()
        for node in nodes_of(path)
        if measure(node) > limit
    ]


def test_files_are_small():
    long = [
        f"{source.name(path)}: {lines}"
        for path in source.python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE
    ]
    assert not long, f"split these files (more than {FILE} lines):\n" + "\n".join(long)


def test_functions_are_short():
    over = _over(FUNCTION, _length, source.functions)
    assert not over, "split these functions:\n" + "\n".join(over)
    lengths = sorted(_length(f) for path in source.files("*.py") for f in source.functions(path))
    assert statistics.median(lengths) <= 12
    assert lengths[int(len(lengths) * 0.95)] <= 45


def test_classes_are_short():
    def classes(path):
        return [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.ClassDef)]

    over = _over(CLASS, _length, classes)
    assert not over, "split these classes:\n" + "\n".join(over)


def test_functions_are_simple():
    over = _over(COMPLEXITY, _complexity, source.functions)
    over += _over(NESTING, _nesting, source.functions)
    assert not over, "too many branches, or nested too deep:\n" + "\n".join(over)


def test_functions_take_few_parameters():
    def own(path):
        return [f for f in source.functions(path) if not _overrides_core(f)]

    over = _over(PARAMETERS, _parameters, own)
    assert not over, "make a dataclass of these parameters:\n" + "\n".join(over)


def test_other_files_are_small():
    limits = {"*.xml": 350, "*.js": 250, "*.scss": 150}
    over = [
        f"{source.name(path)}: {lines}"
        for pattern, limit in limits.items()
        for path in source.files(pattern)
        if "views" in path.parts or "static" in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]
    assert not over, "split these files:\n" + "\n".join(over)
