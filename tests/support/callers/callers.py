"""Callers in tests: Anna may do everything, everywhere."""

from shared.api.http.callers import Caller
from shared.core.access.roles import EVERYWHERE, Grant, Role

ANNA = Caller(
    "anna", "oid:anna", grants=(Grant(frozenset({"anna"}), Role.ADMIN),), reach=EVERYWHERE
)
