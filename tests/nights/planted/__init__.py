"""Faults to plant, one at a time, each of a kind that somebody might make."""

from tests.nights.planted.hosts import HOSTS
from tests.nights.planted.mutant import Mutant
from tests.nights.planted.rules import RULES
from tests.nights.planted.state import STATE
from tests.nights.planted.telling import TELLING
from tests.nights.planted.unknown import UNKNOWN

MUTANTS: tuple[Mutant, ...] = (*RULES, *HOSTS, *STATE, *TELLING, *UNKNOWN)
