"""The bill of materials (SBOM) of what the lock pins: CycloneDX 1.6, as JSON.

The same lock makes the same file, so releases can be compared.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from local.supply.licences import Licence
from local.supply.lock import Pinned

NAME = "avd-drain"


def bill(pinned: Iterable[Pinned], licences: Mapping[str, Licence], version: str) -> dict[str, Any]:
    """The bill of materials. ``licences`` are by package name; ``version`` is the app's."""
    packages = sorted(pinned, key=lambda each: each.name)
    told = "\n".join(f"{each.purl} {' '.join(each.hashes)}" for each in packages)
    number = uuid.UUID(bytes=hashlib.sha256(f"{version}\n{told}".encode()).digest()[:16], version=4)
    refs = {each.name: each.purl for each in packages}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": NAME, "name": NAME, "version": version,
            }
        },
        "components": [_component(each, licences[each.name]) for each in packages],
        "dependencies": [
            {"ref": NAME, "dependsOn": [each.purl for each in packages if each.direct]},
            *(
                {
                    "ref": each.purl,
                    "dependsOn": [refs[o.name] for o in packages if each.name in o.needed_by],
                }
                for each in packages
            ),
        ],
    }  # fmt: skip


def _component(pinned: Pinned, licence: Licence) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": pinned.purl,
        "name": pinned.name,
        "version": pinned.version,
        "purl": pinned.purl,
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{pinned.name}/{pinned.version}/",
                "hashes": [{"alg": "SHA-256", "content": each} for each in pinned.hashes],
            }
        ],
    }
    if licence.text == "BSD":
        found["licenses"] = [{"license": {"name": "BSD, not said which"}}]
    elif licence.text:
        found["licenses"] = [{"expression": licence.text}]
    if pinned.marker:
        found["properties"] = [{"name": "avd-drain:marker", "value": pinned.marker}]
    return found
