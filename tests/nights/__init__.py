"""Simulated nights: the whole app in one process, from one seed, without sockets and without the
wall clock.

==============  ===================================================================
``loop``        an event loop with virtual time: deterministic, and never waits
``queue``       a queue that behaves like a Storage queue
``script``      what a night consists of, as plain data that can be shrunk and kept
``draw``        makes a script from a seed: ``drawn`` has its parts, ``drawn.rare`` the nights
                around one situation
``scene``       the estate, as the ports of the engine see it
``common``      what outlives an instance
``instance``    one life of the app: its clock, its calls, its death
``faults``      what may go wrong with a call; ``failures`` records what did
``foreign``     readings that the app cannot interpret
``badrules``    rules of the app that raise unforeseen errors
``functions``   the Functions host: messages, timers, requests
``disturb``     what people and machines do to the estate meanwhile
``night``       carries out a script
``judges``      ``known``: ``facts`` gathers what truly happened, ``ledger`` looks up what is
                stored; ``court`` is what judges share. ``promises``: ``witness`` checks them;
                ``hosts``, ``floor``, ``people``, ``stepping`` and ``rest`` judge, ``late`` what
                takes too long, ``truth`` what people are told, ``standing`` what is told of a
                pool
``story``       a failing night in words, and the shortest one that still fails
``mutants``     faults planted in the app, to show that the nights find them
==============  ===================================================================

``python dev.py soak`` runs as many as you like. ``docs/nights.md`` explains how to read one that
failed.
"""
