"""Reads requests for campaigns into what the engine takes."""

import hashlib
import json

from shared.core.schedules.campaigns import NewCampaign, Slot, Wave
from shared.wire.bodies import read
from shared.wire.campaigns import CampaignBody


def campaign_of(request: bytes, unique: str, address: str) -> NewCampaign:
    """The campaign of a request. The request of each drain is kept as it came. Raises
    RequestRefusedError."""
    body, sent = read(CampaignBody, request), json.loads(request)
    waves = tuple(Wave(wave.name, wave.side_by_side, wave.failures) for wave in body.waves)
    slots = tuple(
        Slot(w, drain.pool().resource_id, json.dumps(sent["waves"][w]["drains"][d]))
        for w, wave in enumerate(body.waves)
        for d, drain in enumerate(wave.drains)
    )
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return NewCampaign(body.reason, waves, slots, unique, digest, address)
