"""The compression endpoint: what can be done without a model, over HTTP."""

import pytest


@pytest.fixture
def sidecar(start):
    return start()


def test_b14_a_conversation_is_made_to_fit(sidecar):
    system = {"role": "system", "content": "You are  helpful. " * 20}
    messages = [system, {"role": "user", "content": "long " * 2000}, {"role": "assistant", "content": "ok"},
                {"role": "user", "content": "And now?"}]
    for name in ("max_tokens", "compress_to"):
        response = sidecar.control("POST", "/v1/compress", {"messages": messages, name: 500})
        assert response.status_code == 200, response.text
        answer = response.json()
        assert answer["messages"][0] == system and answer["messages"][-1] == messages[-1]
        assert answer["tokens_after"] <= 500 < answer["tokens_before"]
        assert answer["fits"] is True and answer["summarised"] is False
        assert sum(step["saved"] for step in answer["steps"]) == answer["tokens_before"] - answer["tokens_after"]
    again = sidecar.control("POST", "/v1/compress", {"messages": answer["messages"], "max_tokens": 500}).json()
    assert again["messages"] == answer["messages"] and again["steps"] == []


@pytest.mark.parametrize("body, member", [
    ({"max_tokens": 5}, "messages"),
    ({"messages": []}, "max_tokens"),
    ({"messages": [], "max_tokens": 0}, "max_tokens"),
    ({"messages": [], "max_tokens": 5, "compress_to": 5}, "compress_to"),
    ({"messages": [{"role": "user", "content": 5}], "max_tokens": 5}, "messages[0].content"),
    ({"messages": [{"content": "x"}], "max_tokens": 5}, "messages[0].role"),
    ({"messages": ["x"], "max_tokens": 5}, "messages[0]"),
    ({"messages": [{}] * 10_001, "max_tokens": 5}, "messages"),
    ({"messages": [], "max_tokens": 5, "keep_turns": 0}, "keep_turns"),
    ({"messages": [], "max_tokens": 5, "small_talk": "ok"}, "small_talk"),
])
def test_a_mistake_is_named(sidecar, body, member):
    response = sidecar.control("POST", "/v1/compress", body)
    assert response.status_code == 400
    assert response.json()["member"] == member
