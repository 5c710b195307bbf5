"""Simulated nights: the whole app in one process, from one seed, with no socket and no wall clock.

==============  ===================================================================
``loop``        an event loop whose time is virtual: deterministic, and never waits
``queue``       a queue that behaves as Storage queues do
``script``      what a night is made of, as plain data: it can be shrunk and kept
``draw``        makes a script of a seed
``scene``       the estate, as the ports of the engine see it
``common``      what outlives an instance
``instance``    one life of the app: its clock, its calls, its death
``faults``      what may go wrong with a call; ``failures`` what did
``foreign``     what readings show that nothing can be made of
``badrules``    rules of the app that raise what nobody foresaw
``functions``   what the Functions host does: messages, timers, requests
``disturb``     what people and machines do to the estate meanwhile
``night``       carries out a script
``witness``     holds what truly happened to the nine promises: ``facts`` gathers it, ``ledger``
                looks up what is stored, ``hosts``, ``floor``, ``people``, ``stepping`` and
                ``rest`` judge, ``late`` what takes too long, ``truth`` what people are told, ``court`` is what judges share
``story``       a failing night in words, and the shortest that still fails
``mutants``     faults planted in the app, to show that the nights find them
==============  ===================================================================

``python dev.py soak`` runs as many as you like; ``docs/nights.md`` tells how to read one that
failed.
"""
