"""Conditions that a policy sets for the next host to go out: asked outside, judged here. They hold the
next host, never one that is out. One file a kind, one line in the union below.

A kind is a frozen value that says what must be asked (``ask``), what the answer means (``why``), and
whether the operator allows it (``faults``). What cannot be told holds the next host, too.
"""

from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import Ask, Reply
from shared.core.conditions.httpok import HttpOk
from shared.core.conditions.pooltag import PoolTag
from shared.core.conditions.serviceissue import NoServiceIssue

Condition = NoAlertFiring | NoServiceIssue | PoolTag | HttpOk

__all__ = ["Ask", "Condition", "Reply"]
