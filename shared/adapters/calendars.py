"""Days of an iCalendar file, by icalendar and recurring-ical-events."""

from datetime import date, timedelta

_LONGEST = 200


def fault_of(text: str) -> str:
    """What is wrong with it; empty if nothing is."""
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        return f"not an iCalendar file: {str(error)[:_LONGEST]}"
    if not list(found.walk("VEVENT")):
        return "an iCalendar file without an event"
    try:
        days(text, date(2026, 1, 1), date(2026, 12, 31))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        return f"its events cannot be read: {str(error)[:_LONGEST]}"
    return ""


def days(text: str, first: date, last: date) -> dict[date, str]:
    """The days of its events from ``first`` to ``last``, each with the event's summary. An event with
    hours counts for the days that it touches."""
    import recurring_ical_events
    from icalendar import Calendar

    found: dict[date, str] = {}
    calendar = Calendar.from_ical(text)
    for event in recurring_ical_events.of(calendar).between(first, last + timedelta(days=1)):
        begins, ends = event["DTSTART"].dt, event["DTEND"].dt
        day = begins.date() if hasattr(begins, "date") else begins
        whole = not hasattr(ends, "date")
        end = ends if whole else ends.date()
        while day < end or (not whole and day == end) or day == begins:
            if first <= day <= last:
                found.setdefault(day, str(event.get("SUMMARY", "a day of the calendar")))
            day += timedelta(days=1)
    return found
