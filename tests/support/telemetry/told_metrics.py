"""The metrics that the app sends with their attributes: what queries may use."""

from shared.ports import measures

KNOWN = tuple(each for each in vars(measures).values() if isinstance(each, measures.Metric))
METRICS = {metric.name: set(metric.attributes) for metric in KNOWN}
SPANS = {str(measures.SpanName.STEP): set(measures.SPAN_ATTRIBUTES)}
LOGS = set(measures.LOG_ATTRIBUTES)
