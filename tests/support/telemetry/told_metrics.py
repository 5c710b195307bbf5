"""The metrics that the app sends with their attributes: what queries may use."""

from shared.ports import measures

METRICS = {metric.name: set(metric.attributes) for metric in measures.METRICS}
SPANS = {str(measures.SpanName.STEP): set(measures.SPAN_ATTRIBUTES)}
LOGS = set(measures.LOG_ATTRIBUTES)
