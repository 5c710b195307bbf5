"""Part of ``make check``: checks each query as it is stored, and as the workbook sends it.

Run as: python -m local.kusto.check
"""

import sys

from local.kusto import workbook
from local.kusto.grammar import look
from local.kusto.queries import filled, for_workbook, queries


def main() -> int:
    kept = queries()
    sent = {name: filled(for_workbook(q)) for name, q in kept.items() if name.startswith("board/")}
    failed = False
    for where, asked in (("", kept), (" (as the workbook sends it)", sent)):
        for name, looked in look(asked).items():
            for fault in looked.faults:
                failed = True
                at = f"infra/queries/{name}.kql:{fault.line}:{fault.column}{where}"
                print(f"{at} {fault.code} {fault.message}")
    if workbook.FILE.read_text(encoding="utf-8") != workbook.page():
        failed = True
        print("infra/workbook.json is not what its queries make: python -m local.kusto.workbook")
    if not failed:
        print(f"{len(kept)} queries: no faults")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
