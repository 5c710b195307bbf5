"""The zip that a deployment makes."""

import zipfile
from pathlib import Path

import pytest

from local.supply import package
from local.supply.ignoring import IgnoreError, kept, read_ignored

ROOT = Path(__file__).parents[3]


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n" * 50, encoding="utf-8")


def test_the_package_holds_what_the_app_needs_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "app.zip"
    assert package.main(["--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names}
    assert top == {"function_app.py", "host.json", "requirements.txt", "shared"}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "shared").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("shared/")} == there


def test_its_size_and_its_biggest_parts_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "app.zip"
    package.main(["--out", str(out), "--biggest", "2"])
    first, *parts = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{out}: {package.in_words(out.stat().st_size)}, ")
    assert parts[0].endswith("shared/core")
    assert "packages that are installed for it" in "\n".join(parts)


def test_the_same_files_make_the_same_package(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b/c.py")
    files = list(kept(tmp_path, ()))
    package.pack(tmp_path, files, tmp_path / "one.zip")
    (tmp_path / "a.py").touch()
    package.pack(tmp_path, files, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_package_is_no_part_of_itself(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    (tmp_path / "app.zip").write_bytes(b"an older one")
    written = package.pack(tmp_path, kept(tmp_path, ()), tmp_path / "app.zip")
    assert set(written) == {"a.py"}


def test_parts_are_folders_two_deep() -> None:
    written = {"a.py": 1, "b/c.py": 2, "b/d/e.py": 4, "b/d/f/g.py": 8}
    assert package.parts(written) == {"a.py": 1, "b": 2, "b/d": 12}


def test_what_is_ignored_stays_behind_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "docs/b.md", "c/docs/d.md", "c/x.zip", "docs.py", "c/tests")
    found = [
        p.relative_to(tmp_path).as_posix() for p in kept(tmp_path, ("docs/", "*.zip", "tests/"))
    ]
    assert found == ["a.py", "c/tests", "docs.py"]


@pytest.mark.parametrize("pattern", ["!keep", "/top", "a/b", "**/x"])
def test_a_pattern_that_is_not_understood_is_refused(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / ".funcignore"
    path.write_text(f"docs/\n# a word\n{pattern}\n", encoding="utf-8")
    with pytest.raises(IgnoreError, match="not understood"):
        read_ignored(path)
