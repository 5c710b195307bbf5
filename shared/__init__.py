"""The drain library. This page is a map; the package itself imports nothing.

Imports go down this list only (``make check`` proves it):

===============  ==========================================================
``app``          what ``function_app.py`` calls: one method per kind of trigger
``triggers``     what each kind of trigger does, loaded when the first of it fires
``wiring``       the only module that names the concrete adapters
``settings``     every setting, with its type, default and meaning
``api``          the HTTP API: routes, handlers, views, problems
``adapters``     Azure: control plane, machines, tables, queues
``events``       events, one file per source: payload to intent
``engine``       performs: steps of drains, intake, timers
``wire``         JSON to records, and back
``ports``        what the engine needs of the outside, as protocols
``errors``       what can go wrong outside, by what to do next
``core``         decides: pure functions of values
===============  ==========================================================

A drain starts in ``engine.drains.intake``. ``engine.step.step`` moves it along and asks
``core.flow.flow.decide`` what to do. To learn the rules, read ``core`` from ``flow`` on.
"""
