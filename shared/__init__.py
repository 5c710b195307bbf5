"""avd-drain: the drain library. A map, and nothing else.

Imports go down this list only (``make check`` proves it):

===============  ==========================================================
``app``          what ``function_app.py`` calls: one method a kind of trigger
``triggers``     what each kind does, loaded when the first of it fires
``wiring``       names the concrete adapters, and nobody else does
``settings``     every setting, with its type, default and meaning
``api``          HTTP conventions: requests, resources, problems
``adapters``     Azure: control plane, machines, tables, queue
``events``       events, one file a source: payload to intent
``engine``       performs: one step of one drain, intake, tick
``wire``         JSON to records, and back
``ports``        what the engine needs of the outside, as protocols
``errors``       what can go wrong outside, by what to do next
``core``         decides: pure functions of values, knows nobody
===============  ==========================================================

A drain starts in ``engine.drains.intake``, is moved along by ``engine.step.step``, which asks
``core.flow.flow.decide`` what to do. To learn the rules, read ``core`` from ``flow`` on.
"""
