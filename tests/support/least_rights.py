"""The sample estate with least rights: the app's identity has the rights of the documented table,
and no others."""

import json
from pathlib import Path

from local.sim.estate.file import SAMPLE
from shared.core.start.permissions import TABLE, Scope


def estate(folder: Path) -> Path:
    """Write the estate's file and return its path. The VMs are in a resource group of their own, so
    that a right on the pools is not one on the VMs."""
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
