"""Requests for campaigns, as the engine takes them."""

import hashlib
import json

from shared.core.schedules.campaigns import NewCampaign, Slot, Wave
from shared.wire.bodies import read
from shared.wire.campaigns import CampaignBody


def campaign_of(request: bytes, unique: str, address: str) -> NewCampaign:
    """Each drain's request is kept as it came. Raises RequestRefusedError."""
    body, sent = read(CampaignBody, request), json.loads(request)
    waves = tuple(Wave(wave.name, wave.side_by_side, wave.failures) for wave in body.waves)
    slots = tuple(
        Slot(w, drain.pool().resource_id, json.dumps(sent["waves"][w]["drains"][d]))
        for w, wave in enumerate(body.waves)
        for d, drain in enumerate(wave.drains)
    )
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return NewCampaign(body.reason, waves, slots, unique, digest, address)
