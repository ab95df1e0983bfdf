// swift-format-ignore-file: the pages stand here as they leave.

/// The small ledger's pages, checked by hand once.
enum GoldenPages {
  static let text = #"""
    # HELP tallygate_tokens_total Tokens used, by kind; input means uncached input.
    # TYPE tallygate_tokens_total counter
    tallygate_tokens_total{agent="a\"1",model="m1",token_type="input"} 800
    tallygate_tokens_total{agent="a\"1",model="m1",token_type="output"} 50
    # HELP tallygate_cost_usd_total US dollars spent: tokens at their price, and cost lines.
    # TYPE tallygate_cost_usd_total counter
    tallygate_cost_usd_total{agent="a\"1",model="m1",token_type="input"} 0.002
    tallygate_cost_usd_total{agent="a\"1",model="m1",token_type="output"} 0.0005
    # HELP tallygate_requests_total Model calls.
    # TYPE tallygate_requests_total counter
    tallygate_requests_total{agent="a\"1",model="m1"} 1
    # HELP tallygate_items_total Units of jobs done.
    # TYPE tallygate_items_total counter
    # HELP tallygate_call_duration_seconds How long model calls took.
    # TYPE tallygate_call_duration_seconds histogram
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.01"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.02"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.04"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.08"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.16"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.32"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.64"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="1.28"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="2.56"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="5.12"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="10.24"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="20.48"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="40.96"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="81.92"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="+Inf"} 1
    tallygate_call_duration_seconds_sum{agent="a\"1",model="m1"} 1.5
    tallygate_call_duration_seconds_count{agent="a\"1",model="m1"} 1
    # HELP tallygate_budget_limit What the account may use in a window.
    # TYPE tallygate_budget_limit gauge
    tallygate_budget_limit{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1000
    tallygate_budget_limit{budget="all",unit="cost_usd",window="24h"} 5
    # HELP tallygate_budget_used Used in the current window, past the limit too.
    # TYPE tallygate_budget_used gauge
    tallygate_budget_used{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 850
    tallygate_budget_used{budget="all",unit="cost_usd",window="24h"} 0.0025
    # HELP tallygate_budget_used_total Used since the account was born: does not reset with the window.
    # TYPE tallygate_budget_used_total counter
    tallygate_budget_used_total{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 850
    tallygate_budget_used_total{budget="all",unit="cost_usd",window="24h"} 0.0025
    # HELP tallygate_budget_reserved Held by open reservations.
    # TYPE tallygate_budget_reserved gauge
    tallygate_budget_reserved{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 100
    tallygate_budget_reserved{budget="all",unit="cost_usd",window="24h"} 0.001
    # HELP tallygate_budget_remaining What may still be granted, never below 0.
    # TYPE tallygate_budget_remaining gauge
    tallygate_budget_remaining{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 50
    tallygate_budget_remaining{budget="all",unit="cost_usd",window="24h"} 4.9965
    # HELP tallygate_budget_state 1 for the state that the account is in, 0 for the others.
    # TYPE tallygate_budget_state gauge
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="ok"} 0
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="warning"} 1
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="exhausted"} 0
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="overspent"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="ok"} 1
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="warning"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="exhausted"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="overspent"} 0
    # HELP tallygate_budget_window_seconds Length of the current window.
    # TYPE tallygate_budget_window_seconds gauge
    tallygate_budget_window_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 3600
    tallygate_budget_window_seconds{budget="all",unit="cost_usd",window="24h"} 86400
    # HELP tallygate_budget_window_start_timestamp_seconds When the current window started.
    # TYPE tallygate_budget_window_start_timestamp_seconds gauge
    tallygate_budget_window_start_timestamp_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1750075200
    tallygate_budget_window_start_timestamp_seconds{budget="all",unit="cost_usd",window="24h"} 1749988860
    # HELP tallygate_budget_resets_timestamp_seconds When the current window ends and use starts anew.
    # TYPE tallygate_budget_resets_timestamp_seconds gauge
    tallygate_budget_resets_timestamp_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1750078800
    # HELP tallygate_window_tokens Tokens used in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_tokens gauge
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="1m"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="5m"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="1h"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="24h"} 850
    # HELP tallygate_window_cost_usd US dollars spent in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_cost_usd gauge
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="1m"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="5m"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="1h"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="24h"} 0.0025
    # HELP tallygate_window_requests Model calls in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_requests gauge
    tallygate_window_requests{scope="agent",name="a\"1",lookback="1m"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="5m"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="1h"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="24h"} 1
    # HELP tallygate_decisions_total Answers to reservations, by what each budget said.
    # TYPE tallygate_decisions_total counter
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="allow"} 0
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="warn"} 1
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="throttle"} 0
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="deny"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="allow"} 1
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="warn"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="throttle"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="deny"} 0
    # HELP tallygate_budget_events_total Crossings of thresholds: one for each, however many lines cross.
    # TYPE tallygate_budget_events_total counter
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="warn"} 1
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="exhausted"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="exceeded"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="resume"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="stop"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="forecast"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="warn"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="exhausted"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="exceeded"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="resume"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="stop"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="forecast"} 0
    # HELP tallygate_overshoot_tokens_total Tokens used past a limit, by cause.
    # TYPE tallygate_overshoot_tokens_total counter
    tallygate_overshoot_tokens_total{budget="hourly",cause="unreserved"} 0
    tallygate_overshoot_tokens_total{budget="hourly",cause="underestimated"} 0
    tallygate_overshoot_tokens_total{budget="hourly",cause="late"} 0
    # HELP tallygate_overshoot_cost_usd_total US dollars spent past a limit, by cause.
    # TYPE tallygate_overshoot_cost_usd_total counter
    tallygate_overshoot_cost_usd_total{budget="all",cause="unreserved"} 0
    tallygate_overshoot_cost_usd_total{budget="all",cause="underestimated"} 0
    tallygate_overshoot_cost_usd_total{budget="all",cause="late"} 0
    # HELP tallygate_reservations Open reservations.
    # TYPE tallygate_reservations gauge
    tallygate_reservations 1
    # HELP tallygate_reservations_closed_total Reservations that were granted and have ended, by how.
    # TYPE tallygate_reservations_closed_total counter
    tallygate_reservations_closed_total{how="settled"} 0
    tallygate_reservations_closed_total{how="released"} 0
    # HELP tallygate_reservations_expired_total Reservations that nobody settled in time, by what became of the hold.
    # TYPE tallygate_reservations_expired_total counter
    tallygate_reservations_expired_total{policy="charge"} 0
    tallygate_reservations_expired_total{policy="refund"} 0
    # HELP tallygate_reservations_granted_total Reservations granted.
    # TYPE tallygate_reservations_granted_total counter
    tallygate_reservations_granted_total 1
    # HELP tallygate_series Exported series, besides those of __other__.
    # TYPE tallygate_series gauge
    tallygate_series 3
    # HELP tallygate_series_limit Most series that are exported.
    # TYPE tallygate_series_limit gauge
    tallygate_series_limit 100000
    # HELP tallygate_series_overflow_total Spellings of tags that found no place for a series and went to __other__.
    # TYPE tallygate_series_overflow_total counter
    tallygate_series_overflow_total 0
    # HELP tallygate_series_expired_total Idle series that were folded into __other__.
    # TYPE tallygate_series_expired_total counter
    tallygate_series_expired_total 0
    # HELP tallygate_accounts Budget accounts.
    # TYPE tallygate_accounts gauge
    tallygate_accounts 2
    # HELP tallygate_accounts_limit Most budget accounts that are kept.
    # TYPE tallygate_accounts_limit gauge
    tallygate_accounts_limit 10000
    # HELP tallygate_accounts_overflow_total Times that an account found no place and use was charged to __other__.
    # TYPE tallygate_accounts_overflow_total counter
    tallygate_accounts_overflow_total 0
    # HELP tallygate_scopes_overflow_total Times that a scope's value found no place and went to __other__.
    # TYPE tallygate_scopes_overflow_total counter
    tallygate_scopes_overflow_total 0
    # HELP tallygate_duplicates_total Usage that arrived twice and was counted once.
    # TYPE tallygate_duplicates_total counter
    tallygate_duplicates_total 0
    # HELP tallygate_estimated_cost_usd_total US dollars charged at the fallback price, because the model is not in the table.
    # TYPE tallygate_estimated_cost_usd_total counter
    tallygate_estimated_cost_usd_total 0
    # HELP tallygate_unpriced_tokens_total Tokens of models without any price, charged nothing.
    # TYPE tallygate_unpriced_tokens_total counter
    tallygate_unpriced_tokens_total 0
    # HELP tallygate_subjects_stopped Subjects that are granted nothing until resumed.
    # TYPE tallygate_subjects_stopped gauge
    tallygate_subjects_stopped 0
    # HELP tallygate_subject_denials_total Reservations denied because a subject among their tags is stopped.
    # TYPE tallygate_subject_denials_total counter
    tallygate_subject_denials_total 0
    # HELP tallygate_events_lost_total Budget events that nobody could be told.
    # TYPE tallygate_events_lost_total counter
    tallygate_events_lost_total 0
    # HELP process_open_fds Open file descriptors.
    # TYPE process_open_fds gauge
    process_open_fds 12

    """#

  static let openMetrics = #"""
    # HELP tallygate_tokens Tokens used, by kind; input means uncached input.
    # TYPE tallygate_tokens counter
    tallygate_tokens_total{agent="a\"1",model="m1",token_type="input"} 800
    tallygate_tokens_total{agent="a\"1",model="m1",token_type="output"} 50
    # HELP tallygate_cost_usd US dollars spent: tokens at their price, and cost lines.
    # TYPE tallygate_cost_usd counter
    tallygate_cost_usd_total{agent="a\"1",model="m1",token_type="input"} 0.002
    tallygate_cost_usd_total{agent="a\"1",model="m1",token_type="output"} 0.0005
    # HELP tallygate_requests Model calls.
    # TYPE tallygate_requests counter
    tallygate_requests_total{agent="a\"1",model="m1"} 1
    # HELP tallygate_items Units of jobs done.
    # TYPE tallygate_items counter
    # HELP tallygate_call_duration_seconds How long model calls took.
    # TYPE tallygate_call_duration_seconds histogram
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.01"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.02"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.04"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.08"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.16"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.32"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="0.64"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="1.28"} 0
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="2.56"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="5.12"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="10.24"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="20.48"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="40.96"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="81.92"} 1
    tallygate_call_duration_seconds_bucket{agent="a\"1",model="m1",le="+Inf"} 1
    tallygate_call_duration_seconds_sum{agent="a\"1",model="m1"} 1.5
    tallygate_call_duration_seconds_count{agent="a\"1",model="m1"} 1
    # HELP tallygate_budget_limit What the account may use in a window.
    # TYPE tallygate_budget_limit gauge
    tallygate_budget_limit{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1000
    tallygate_budget_limit{budget="all",unit="cost_usd",window="24h"} 5
    # HELP tallygate_budget_used Used in the current window, past the limit too.
    # TYPE tallygate_budget_used gauge
    tallygate_budget_used{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 850
    tallygate_budget_used{budget="all",unit="cost_usd",window="24h"} 0.0025
    # HELP tallygate_budget_used_total Used since the account was born: does not reset with the window.
    # TYPE tallygate_budget_used_total unknown
    tallygate_budget_used_total{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 850
    tallygate_budget_used_total{budget="all",unit="cost_usd",window="24h"} 0.0025
    # HELP tallygate_budget_reserved Held by open reservations.
    # TYPE tallygate_budget_reserved gauge
    tallygate_budget_reserved{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 100
    tallygate_budget_reserved{budget="all",unit="cost_usd",window="24h"} 0.001
    # HELP tallygate_budget_remaining What may still be granted, never below 0.
    # TYPE tallygate_budget_remaining gauge
    tallygate_budget_remaining{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 50
    tallygate_budget_remaining{budget="all",unit="cost_usd",window="24h"} 4.9965
    # HELP tallygate_budget_state 1 for the state that the account is in, 0 for the others.
    # TYPE tallygate_budget_state gauge
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="ok"} 0
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="warning"} 1
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="exhausted"} 0
    tallygate_budget_state{budget="hourly",unit="tokens",window="1h",agent="a\"1",state="overspent"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="ok"} 1
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="warning"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="exhausted"} 0
    tallygate_budget_state{budget="all",unit="cost_usd",window="24h",state="overspent"} 0
    # HELP tallygate_budget_window_seconds Length of the current window.
    # TYPE tallygate_budget_window_seconds gauge
    tallygate_budget_window_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 3600
    tallygate_budget_window_seconds{budget="all",unit="cost_usd",window="24h"} 86400
    # HELP tallygate_budget_window_start_timestamp_seconds When the current window started.
    # TYPE tallygate_budget_window_start_timestamp_seconds gauge
    tallygate_budget_window_start_timestamp_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1750075200
    tallygate_budget_window_start_timestamp_seconds{budget="all",unit="cost_usd",window="24h"} 1749988860
    # HELP tallygate_budget_resets_timestamp_seconds When the current window ends and use starts anew.
    # TYPE tallygate_budget_resets_timestamp_seconds gauge
    tallygate_budget_resets_timestamp_seconds{budget="hourly",unit="tokens",window="1h",agent="a\"1"} 1750078800
    # HELP tallygate_window_tokens Tokens used in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_tokens gauge
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="1m"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="5m"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="1h"} 850
    tallygate_window_tokens{scope="agent",name="a\"1",lookback="24h"} 850
    # HELP tallygate_window_cost_usd US dollars spent in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_cost_usd gauge
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="1m"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="5m"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="1h"} 0.0025
    tallygate_window_cost_usd{scope="agent",name="a\"1",lookback="24h"} 0.0025
    # HELP tallygate_window_requests Model calls in the trailing lookback, at most 5 % of it older.
    # TYPE tallygate_window_requests gauge
    tallygate_window_requests{scope="agent",name="a\"1",lookback="1m"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="5m"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="1h"} 1
    tallygate_window_requests{scope="agent",name="a\"1",lookback="24h"} 1
    # HELP tallygate_decisions Answers to reservations, by what each budget said.
    # TYPE tallygate_decisions counter
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="allow"} 0
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="warn"} 1
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="throttle"} 0
    tallygate_decisions_total{budget="hourly",unit="tokens",decision="deny"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="allow"} 1
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="warn"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="throttle"} 0
    tallygate_decisions_total{budget="all",unit="cost_usd",decision="deny"} 0
    # HELP tallygate_budget_events Crossings of thresholds: one for each, however many lines cross.
    # TYPE tallygate_budget_events counter
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="warn"} 1
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="exhausted"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="exceeded"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="resume"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="stop"} 0
    tallygate_budget_events_total{budget="hourly",unit="tokens",event="forecast"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="warn"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="exhausted"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="exceeded"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="resume"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="stop"} 0
    tallygate_budget_events_total{budget="all",unit="cost_usd",event="forecast"} 0
    # HELP tallygate_overshoot_tokens Tokens used past a limit, by cause.
    # TYPE tallygate_overshoot_tokens counter
    tallygate_overshoot_tokens_total{budget="hourly",cause="unreserved"} 0
    tallygate_overshoot_tokens_total{budget="hourly",cause="underestimated"} 0
    tallygate_overshoot_tokens_total{budget="hourly",cause="late"} 0
    # HELP tallygate_overshoot_cost_usd US dollars spent past a limit, by cause.
    # TYPE tallygate_overshoot_cost_usd counter
    tallygate_overshoot_cost_usd_total{budget="all",cause="unreserved"} 0
    tallygate_overshoot_cost_usd_total{budget="all",cause="underestimated"} 0
    tallygate_overshoot_cost_usd_total{budget="all",cause="late"} 0
    # HELP tallygate_reservations Open reservations.
    # TYPE tallygate_reservations gauge
    tallygate_reservations 1
    # HELP tallygate_reservations_closed Reservations that were granted and have ended, by how.
    # TYPE tallygate_reservations_closed counter
    tallygate_reservations_closed_total{how="settled"} 0
    tallygate_reservations_closed_total{how="released"} 0
    # HELP tallygate_reservations_expired Reservations that nobody settled in time, by what became of the hold.
    # TYPE tallygate_reservations_expired counter
    tallygate_reservations_expired_total{policy="charge"} 0
    tallygate_reservations_expired_total{policy="refund"} 0
    # HELP tallygate_reservations_granted Reservations granted.
    # TYPE tallygate_reservations_granted counter
    tallygate_reservations_granted_total 1
    # HELP tallygate_series Exported series, besides those of __other__.
    # TYPE tallygate_series gauge
    tallygate_series 3
    # HELP tallygate_series_limit Most series that are exported.
    # TYPE tallygate_series_limit gauge
    tallygate_series_limit 100000
    # HELP tallygate_series_overflow Spellings of tags that found no place for a series and went to __other__.
    # TYPE tallygate_series_overflow counter
    tallygate_series_overflow_total 0
    # HELP tallygate_series_expired Idle series that were folded into __other__.
    # TYPE tallygate_series_expired counter
    tallygate_series_expired_total 0
    # HELP tallygate_accounts Budget accounts.
    # TYPE tallygate_accounts gauge
    tallygate_accounts 2
    # HELP tallygate_accounts_limit Most budget accounts that are kept.
    # TYPE tallygate_accounts_limit gauge
    tallygate_accounts_limit 10000
    # HELP tallygate_accounts_overflow Times that an account found no place and use was charged to __other__.
    # TYPE tallygate_accounts_overflow counter
    tallygate_accounts_overflow_total 0
    # HELP tallygate_scopes_overflow Times that a scope's value found no place and went to __other__.
    # TYPE tallygate_scopes_overflow counter
    tallygate_scopes_overflow_total 0
    # HELP tallygate_duplicates Usage that arrived twice and was counted once.
    # TYPE tallygate_duplicates counter
    tallygate_duplicates_total 0
    # HELP tallygate_estimated_cost_usd US dollars charged at the fallback price, because the model is not in the table.
    # TYPE tallygate_estimated_cost_usd counter
    tallygate_estimated_cost_usd_total 0
    # HELP tallygate_unpriced_tokens Tokens of models without any price, charged nothing.
    # TYPE tallygate_unpriced_tokens counter
    tallygate_unpriced_tokens_total 0
    # HELP tallygate_subjects_stopped Subjects that are granted nothing until resumed.
    # TYPE tallygate_subjects_stopped gauge
    tallygate_subjects_stopped 0
    # HELP tallygate_subject_denials Reservations denied because a subject among their tags is stopped.
    # TYPE tallygate_subject_denials counter
    tallygate_subject_denials_total 0
    # HELP tallygate_events_lost Budget events that nobody could be told.
    # TYPE tallygate_events_lost counter
    tallygate_events_lost_total 0
    # HELP process_open_fds Open file descriptors.
    # TYPE process_open_fds gauge
    process_open_fds 12
    # EOF

    """#
}
