"""The way of the data runs one way: a module imports only from modules above it, and heavy packages late."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rmtext

PACKAGE = Path(rmtext.__file__).parent
ORDER = (
    "errors", "sources", "columns", "answers", "codebook", "coding", "corpus", "language", "non_answers",
    "inspection", "segment", "model", "encoder", "heads", "decision", "analyzer", "spacy_component", "tables",
    "statistics", "privacy", "quotes", "report", "evaluation", "training",
)  # fmt: skip
IMPORT_ALL = ("__init__", "__main__", "cli", "console")
HEAVY = {
    "altair", "jinja2", "onnx", "onnxruntime", "polars", "py3langid", "pyreadstat", "python_calamine", "rich",
    "safetensors", "sklearn", "spacy", "tokenizers", "torch", "transformers", "vl_convert", "xlsxwriter", "yaml",
}  # fmt: skip
FILES = sorted(path for path in PACKAGE.rglob("*.py") if not {"_models", "_corpora"} & set(path.parts))


def station(path: Path) -> str:
    """The module of the way that a file belongs to: ``report/charts.py`` to ``report``."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, in functions and for type checking too.

    After a bare ``import rmtext`` it is what the file takes from it.
    """
    package = ("rmtext", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name != "rmtext" or alias.asname)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rmtext":
            yield node.lineno, f"rmtext.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join((*above, *([node.module] if node.module else [])))
            if source == "rmtext":
                yield from ((node.lineno, f"rmtext.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, source


def upward(name: str, imported: str) -> bool:
    """Whether the module ``name`` may import ``imported``."""
    head, _, rest = imported.partition(".")
    if head != "rmtext" or name in IMPORT_ALL or rest == "__version__":
        return True
    target = rest.partition(".")[0]
    return target == name or (target in ORDER and ORDER.index(target) < ORDER.index(name))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_every_module_has_its_place():
    assert {station(path) for path in FILES} <= {*ORDER, *IMPORT_ALL}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_above(path):
    wrong = [f"line {line}: {name}" for line, name in imports(parse(path), path) if not upward(station(path), name)]
    assert not wrong


# Whoever imports the training has come to wait.
LIGHT = [path for path in FILES if station(path) != "training"]


@pytest.mark.parametrize("path", LIGHT, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_packages_are_imported_where_they_are_used(path):
    tree = parse(path)
    late = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _for_types(node)
        for child in ast.walk(node)
    }
    early = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and node not in late]
    names = [name for node in early for _, name in imports(node, path)]
    assert not {name.partition(".")[0] for name in names} & HEAVY


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("from rmtext.errors import RmtextError", True),
        ("from rmtext.analyzer import Analyzer", False),
        ("def f():\n    from rmtext.analyzer import Analyzer", False),
        ("if TYPE_CHECKING:\n    import rmtext.analyzer as a", False),
        ("from rmtext import analyzer", False),
        ("from rmtext import errors", True),
        ("import rmtext\nrmtext.__version__", True),
        ("import rmtext\nrmtext.load()", False),
        ("import rmtext as r", False),
        ("from rmtext import __version__", True),
        ("from .. import analyzer", False),
        ("from ..analyzer import Analyzer", False),
        ("from . import facility", True),
        ("from .facility import kmeans", True),
        ("import numpy as np, spacy.tokens", True),
    ],
)
def test_the_check_sees_every_form_of_import(code, allowed):
    path = PACKAGE / "heads" / "inner.py"
    found = [name for _, name in imports(ast.parse(code), path)]
    assert found
    assert all(upward("heads", name) for name in found) == allowed
