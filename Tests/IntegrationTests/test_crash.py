"""SIGKILL at random moments: what was acknowledged is there exactly once, and no counter goes back."""

from harness.crash.rounds import CrashRounds

CONFIG = """
budgets:
  - { name: spend, per: [agent], limit: { tokens: 1_000_000 }, window: { calendar: month } }
"""
# Lines are written within 100 ms; the rest is for a machine that is busy with other things.
MOST_BEHIND = 0.5


def test_rounds_of_kills_lose_and_double_nothing_that_was_acknowledged(tmp_path):
    rounds = CrashRounds(tmp_path, seed=20, lines_per_second=20_000)
    for number in range(15):
        assert rounds.run(number) == []
    numbers = rounds.numbers
    assert numbers.acts > 100 and numbers.lines > 1_000, numbers.summary()
    assert numbers.most_behind < MOST_BEHIND, numbers.summary()


def test_the_comparison_notices_a_journal_that_was_emptied(tmp_path):
    def empty_journals(state):
        for journal in state.glob("journal-*"):
            journal.write_bytes(b"")

    problems = CrashRounds(tmp_path, seed=21).run(0, after_kill=empty_journals)
    assert any("was acknowledged" in problem for problem in problems), problems


def use(sidecar, amount, **headers):
    body = {"tags": {"agent": "a"}, "tokens": {"input": amount}}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = sidecar.control("POST", "/v1/usage", body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["counted"]


def test_ids_and_keys_sent_again_after_a_kill_count_once(start):
    first = start(CONFIG, unixgram=True)
    assert use(first, 5, Idempotency_Key='"key-1"') == 1
    assert use(first, 7) == 1
    body = [{"tags": {"agent": "a"}, "tokens": {"input": 11}, "id": f"call-{number}"} for number in range(3)]
    assert first.control("POST", "/v1/usage", body).json()["counted"] == 3
    first.send_unixgram(["tokens:13|c|#agent:a,id:line-1\ntokens:17|c|#agent:a,id:line-2"])
    first.expect_total("tallygate_tokens_total", 5 + 7 + 33 + 13 + 17)
    first.kill()

    for _ in range(2):
        again = start(CONFIG, unixgram=True)
        assert again.total("tallygate_tokens_total") == 75
        assert use(again, 5, Idempotency_Key='"key-1"') == 0
        answer = again.control("POST", "/v1/usage", body).json()
        assert (answer["counted"], answer["duplicates"]) == (0, 3)
        before = again.total("tallygate_lines_total")
        again.send_unixgram(["tokens:13|c|#agent:a,id:line-1\ntokens:17|c|#agent:a,id:line-2"])
        again.expect_total("tallygate_lines_total", before + 2)
        assert again.total("tallygate_tokens_total") == 75
        assert again.account("spend", agent="a")["used"] == 75
        again.kill()


def test_an_answered_settle_repeated_after_a_kill_counts_once(start):
    first = start(CONFIG)
    hold = first.reserve({"agent": "a"}, {"input": 100}).json()["id"]
    other = first.reserve({"agent": "a"}, {"input": 50}).json()["id"]
    assert first.settle(hold, {"input": 80}).json()["already_settled"] is False
    first.kill()
    again = start(CONFIG)
    assert again.settle(hold, {"input": 80}).json()["already_settled"] is True
    account = again.account("spend", agent="a")
    assert (account["used"], account["reserved"]) == (80, 50)
    assert again.release(other).status_code == 200
    again.kill()
    third = start(CONFIG)
    account = third.account("spend", agent="a")
    assert (account["used"], account["reserved"]) == (80, 0)
    # Letting go again answers alike and changes nothing.
    assert third.release(other).status_code == 200
    assert third.account("spend", agent="a")["reserved"] == 0
