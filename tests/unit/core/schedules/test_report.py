"""The morning report as Markdown: what strangers wrote is text in it, and nothing else."""

import pytest

from shared.core.schedules.report import markdown


def told(text: str) -> str:
    host = {"host": text, "phase": "failed", "why": text}
    drain = {
        "hostPool": f"/x/{text}", "status": "Failed", "done": 0, "notDone": [host],
        "attention": [], "users": {},
    }  # fmt: skip
    summary = dict.fromkeys(
        ("hostsDone", "hostsNotDone", "usersWarned", "usersLeftByThemselves", "usersSignedOut"), 0
    )
    waves = [{"name": text, "pools": [{"hostPool": "hp", "status": "Failed", "text": text}]}]
    campaign = {"status": "Failed", "stopped": text, "waves": waves}
    return markdown(
        {"schedule": "nightly", "local": "Monday", "summary": summary, "attention": [text],
         "campaign": campaign, "drains": [drain]}
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["a|b", "`rm`", "[here](http://evil.example)", "![x](https://evil.example/p.png)", "<b>bold</b>",
     "<script>x</script>", "a\n# a heading", "a\r\n\r\n| x | y |", "**strong** _em_ ~~gone~~",
     "https://evil.example", "www.evil.example", "me@evil.example", "&lt;b&gt;", "\u2028# heading", "\\|"],
)  # fmt: skip
def test_what_strangers_wrote_is_text_and_nothing_else(text: str) -> None:
    calm, tried = told("plain").splitlines(), told(text).splitlines()
    assert len(tried) == len(calm)
    assert [line.count("|") for line in tried] == [line.count("|") for line in calm]
    body = "\n".join(tried)
    for mark in ("`", "](", "<", "**", "~~", "://", "www.", "me@", "&lt;", "_em_"):
        assert mark not in body


def test_names_of_hosts_stay_as_they_are() -> None:
    assert "host-1.contoso.example" in told("host-1.contoso.example: timed out (5 of 6)")
