"""The sample estate as an installation has it: the app's identity holds the rights of the table, and no other."""

import json
from pathlib import Path

from local.sim.estate.file import SAMPLE
from shared.core.start.permissions import TABLE, Scope


def estate(folder: Path) -> Path:
    """The file of it. The VMs lie in a group of their own, so that a right on the pools is none on them."""
    pool = f'vm_group = "rg-machines"\nrights = {_at(Scope.POOLS)}\nvm_rights = {_at(Scope.MACHINES)}\n'
    told = SAMPLE.read_text(encoding="utf-8").replace("[[pool]]\n", f"[[pool]]\n{pool}")
    told += f"\n[rights]\nsubscriptions = {_at(Scope.SUBSCRIPTION)}\n"
    told += f"configurations = {_at(Scope.CONFIGURATIONS)}\n"
    told += f"sources = {_at(Scope.SOURCES)}\n"
    path = folder / "least-rights.toml"
    path.write_text(told, encoding="utf-8")
    return path


def _at(scope: Scope) -> str:
    return json.dumps([right.action for right in TABLE if right.scope is scope])
