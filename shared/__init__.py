"""avd-drain: the drain library. A map, and nothing else.

Imports go down this list only (``make check`` proves it):

===============  ==========================================================
``app``          what ``function_app.py`` calls: one method a kind of trigger
``wiring``       names the concrete adapters, and nobody else does
``settings``     every setting, with its type, default and meaning; ``triggersettings``
                 those about what starts drains by itself, ``mapping`` the rules for
                 events, ``nightly`` the schedules of a file
``events``       events, one file a type: payload to intent
``api``          HTTP conventions: requests, resources, problems
``adapters``     Azure: control plane, machines, tables, queue
``engine``       performs: one step of one drain, intake, tick
``ports``        what the engine needs of the outside, as protocols
``errors``       what can go wrong outside, by what to do next
``core``         decides: pure functions of values, knows nobody
===============  ==========================================================

A drain starts in ``engine.intake``, is moved along by ``engine.step``, which asks
``core.flow.decide`` what to do. To learn the rules, read ``core`` from ``flow`` on.
"""
