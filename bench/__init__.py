"""The measurements: ``make bench``, or ``python -m bench --help``. Timings live here, never as limits in
tests. ``README.md`` tells what each row does.

``rows/`` has one file a group of rows; ``harness/`` runs the parts that they measure.
"""
