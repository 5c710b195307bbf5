"""Conditions of a policy that must hold before the next host goes out. One file for each kind, one
line in the union below.

A kind is a frozen value. It says what to ask outside (``ask``), what the reply means (``why``), and
whether the operator allows it (``faults``). A condition holds back the next host only, never a host
that is out. If there is no reply, the next host is held back as well.
"""

from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import Ask, Reply
from shared.core.conditions.httpok import HttpOk
from shared.core.conditions.pooltag import PoolTag
from shared.core.conditions.serviceissue import NoServiceIssue

Condition = NoAlertFiring | NoServiceIssue | PoolTag | HttpOk
"""All kinds of conditions."""

__all__ = ["Ask", "Condition", "Reply"]
