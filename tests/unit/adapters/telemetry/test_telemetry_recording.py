"""What is written down of what happens, and of that what is to be sent when."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from shared.adapters.telemetry.batch import MOST, Batch, LogLine
from shared.adapters.telemetry.loghandler import Handler, listen
from shared.adapters.telemetry.plain import cleaner
from shared.adapters.telemetry.recorder import MOST_PARTS, Recorder
from shared.adapters.telemetry.series import EVERY, MOST_SERIES, Series
from shared.core.values.traceparent import TraceParent, of_drain, read
from shared.core.values.usernames import UserNames
from shared.ports.measures import (
    ARM_TOKENS,
    HOSTS,
    LATENESS,
    POISON,
    TICKS,
    Kind,
    SpanName,
)
from shared.ports.telemetry import CALLER, about
from tests.support.builders import NOON
from tests.support.telemetry.told_metrics import KNOWN

DRAIN = "hp-one-0123456789-0123456789"
STORED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Time:
    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def values(series: Series) -> dict[tuple[str, ...], tuple[float, ...]]:
    return {(p.metric.name, *p.attributes.values()): p.values for p in series.take(all_=True)}


@given(st.text())
def test_any_text_is_a_trace_context_or_none(text: str) -> None:
    found = read(text)
    assert found is None or read(found.text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    ],
)  # fmt: skip
def test_what_is_no_trace_context_is_none(text: str) -> None:
    assert read(text) is None


def test_a_version_that_is_newer_is_read_as_far_as_it_is_known() -> None:
    assert read(STORED.replace("00-", "01-", 1) + "-more") == read(STORED)


def test_a_drain_that_has_none_stored_has_one_by_its_id() -> None:
    assert of_drain(DRAIN, STORED).text == STORED
    assert of_drain(DRAIN, "") == of_drain(DRAIN, "nonsense")
    assert of_drain(DRAIN, "") != of_drain(f"{DRAIN[:-1]}0", "")
    assert read(of_drain(DRAIN, "").text) is not None


def test_a_new_drain_goes_on_with_its_callers_trace_or_has_one_of_its_own() -> None:
    recorder = Recorder()
    assert read(recorder.new_trace()) != read(recorder.new_trace())
    token = CALLER.set(STORED[:-2] + "00")
    try:
        assert recorder.new_trace() == STORED  # and it is kept whole, whatever the caller does
    finally:
        CALLER.reset(token)


def test_a_step_in_which_there_was_nothing_to_do_leaves_no_span() -> None:
    recorder = Recorder()
    with recorder.step(DRAIN), recorder.part(SpanName.OBSERVE):
        pass
    with recorder.part(SpanName.SAVE):
        pass
    assert recorder.take() == Batch()


def test_a_step_that_fails_tells_the_type_of_the_error_and_not_its_text() -> None:
    recorder = Recorder()

    def fail() -> None:
        with recorder.step(DRAIN) as span:
            span.begin(STORED, 3, NOON)
            with recorder.part(SpanName.ACT):
                raise ValueError("a secret")

    with pytest.raises(ValueError, match="a secret"):
        fail()
    act, step = recorder.take().spans
    assert (act.failed, step.failed) == ("ValueError", "ValueError")
    assert (act.parent, act.trace) == (step.id, step.trace)
    assert TraceParent(step.trace, step.parent) == read(STORED)
    assert step.attributes == {
        "drain.id": DRAIN, "pool": "hp-one-0123456789", "step.number": 3, "due": NOON.isoformat()
    }  # fmt: skip


def test_a_step_of_many_parts_has_some_of_them_and_says_how_many_it_left_out() -> None:
    recorder = Recorder()
    with recorder.step(DRAIN) as span:
        span.begin("", 1, None)
        for _ in range(MOST_PARTS + 7):
            with recorder.part(SpanName.SAVE):
                pass
    *parts, step = recorder.take().spans
    assert len(parts) == MOST_PARTS
    assert step.attributes["parts.left_out"] == 7


def test_counters_add_up_gauges_keep_the_latest_and_histograms_all() -> None:
    series = Series()
    for number in (3, 1, 2):
        series.add(TICKS, 1, {})
        series.add(HOSTS, number, {"pool": "a", "phase": "queued"})
        series.add(ARM_TOKENS, number, {"kind": "reads"})
        series.add(LATENESS, number, {"pool": "a"})
    assert values(series) == {
        ("avd_drain.ticks",): (3,),
        ("avd_drain.hosts", "a", "queued"): (2,),
        ("avd_drain.arm.tokens", "reads"): (1,),
        ("avd_drain.step.lateness", "a"): (3, 1, 2),
    }
    assert values(series) == {}


def test_what_is_gone_from_a_gauge_is_told_to_be_0_once() -> None:
    series = Series()
    series.levels(HOSTS, {("a", "queued"): 2, ("b", "queued"): 1, ("b", "done"): 0})
    assert values(series) == {
        ("avd_drain.hosts", "a", "queued"): (2,),
        ("avd_drain.hosts", "b", "queued"): (1,),
    }
    series.levels(HOSTS, {("b", "queued"): 1})
    assert values(series)["avd_drain.hosts", "a", "queued"] == (0,)
    series.levels(HOSTS, {("b", "queued"): 1})
    assert values(series) == {("avd_drain.hosts", "b", "queued"): (1,)}


def test_metrics_are_sent_every_few_minutes_and_what_is_urgent_at_once() -> None:
    time = Time()
    series = Series(time)
    series.add(TICKS, 1, {})
    assert len(series.take()) == 1  # of a process that may not live long
    series.add(TICKS, 1, {})
    time.at += EVERY - 1
    assert series.take() == ()
    time.at += 1
    assert len(series.take()) == 1
    series.add(TICKS, 1, {})
    assert series.take() == ()
    series.add(POISON, 1, {"queue": "q"})
    assert {point.metric for point in series.take()} == {TICKS, POISON}


def test_there_are_so_many_series_and_values_at_most() -> None:
    series = Series()
    for number in range(MOST_SERIES + 5):
        series.add(LATENESS, 1, {"pool": str(number)})
    for _ in range(1_000):
        series.add(LATENESS, 1, {"pool": "0"})
    found = values(series)
    assert (len(found), series.lost) == (MOST_SERIES, 5)
    assert len(found["avd_drain.step.lateness", "0"]) == 500


@pytest.mark.parametrize("metric", KNOWN, ids=lambda metric: metric.name)
def test_a_figure_with_wrong_attributes_fails_nothing(metric: object) -> None:
    recorder = Recorder()
    recorder.count(TICKS, odd="x")
    recorder.levels(HOSTS, {("only one",): 1})
    recorder.record(LATENESS, 1)
    assert len(recorder.take().points) == 3


def test_each_name_is_given_once_and_only_gauges_have_a_lowest() -> None:
    assert len({metric.name for metric in KNOWN}) == len(KNOWN) == 13
    assert all(metric.kind is Kind.GAUGE for metric in KNOWN if metric.lowest)


@pytest.fixture
def listening() -> Iterator[Recorder]:
    recorder = Recorder()
    logger = logging.getLogger("shared")
    level = logger.level
    handler = listen(recorder, cleaner(UserNames.HASHED))
    yield recorder
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_log_record_knows_its_step_and_what_it_is_about(listening: Recorder) -> None:
    log = logging.getLogger("shared.engine")
    log.info("before")
    with listening.step(DRAIN) as span, about(drain=DRAIN, pool="hp-one"):
        span.begin(STORED, 1, None)
        with about(host="vm-1"):
            log.warning("%s said", "somebody")
    log.info("after", extra={"host": "vm-2"})
    batch = listening.take()
    before, said, after = batch.logs
    assert (before.text, before.attributes, before.trace) == ("before", {}, "")
    assert (said.text, said.level_name) == ("somebody said", "WARNING")
    assert said.attributes == {"drain": DRAIN, "pool": "hp-one", "host": "vm-1"}
    assert (said.trace, said.span) == (batch.spans[0].trace, batch.spans[0].id)
    assert after.attributes == {"host": "vm-2"}


def test_an_error_is_told_with_its_type_its_text_and_its_traceback_cleaned(
    listening: Recorder,
) -> None:
    try:
        raise ValueError("ada@contoso.example at https://x.example/?sig=abcdef%2F1&a=1")
    except ValueError:
        logging.getLogger("shared.engine").exception("it failed")
    [line] = listening.take().logs
    assert line.attributes["exception.type"] == "ValueError"
    assert line.attributes["exception.message"] == "a user at https://x.example/?sig=***&a=1"
    trace = str(line.attributes["exception.stacktrace"])
    assert "ValueError" in trace
    assert "abcdef" not in trace
    assert "ada@" not in trace


def test_a_log_record_of_a_request_is_in_its_callers_trace(listening: Recorder) -> None:
    token = CALLER.set(STORED)
    try:
        logging.getLogger("shared.api").warning("x")
    finally:
        CALLER.reset(token)
    [line] = listening.take().logs
    assert TraceParent(line.trace, line.span) == read(STORED)


def test_a_record_that_names_a_drain_is_also_about_its_pool(listening: Recorder) -> None:
    logging.getLogger("shared.engine").error("drain %s", DRAIN, extra={"drain": DRAIN})
    [line] = listening.take().logs
    assert line.attributes == {"drain": DRAIN, "pool": "hp-one-0123456789"}


def test_records_of_other_libraries_and_below_info_are_not_sent(listening: Recorder) -> None:
    logging.getLogger("azure.core").error("x")
    logging.getLogger("shared.engine").debug("x")
    assert listening.take().logs == ()


def test_there_is_one_handler_however_often_an_app_is_made(listening: Recorder) -> None:
    listen(listening, cleaner(UserNames.FULL))
    handlers = [h for h in logging.getLogger("shared").handlers if isinstance(h, Handler)]
    assert len(handlers) == 1
    logging.getLogger("shared").removeHandler(handlers[0])


def test_a_record_that_cannot_be_noted_is_let_go(
    listening: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(make: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(listening, "log", broken)
    logging.getLogger("shared.engine").error("x")


def test_so_much_waits_at_most_and_the_latest_is_kept() -> None:
    recorder = Recorder()
    for number in range(MOST + 10):
        recorder.log(lambda t, s, n=number: LogLine(n, 20, "INFO", "shared", "x", {}))  # type: ignore[misc]
    logs = recorder.take().logs
    assert (len(logs), logs[-1].at) == (MOST, MOST + 9)
