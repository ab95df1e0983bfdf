/// Twenty entries in the shape of a LiteLLM price file: every kind of key that has to do with prices.
let liteLLMSample = """
  {
    "gpt-6-astra": {
      "cache_creation_input_token_cost": 1.25e-05, "cache_creation_input_token_cost_above_12hr": 2.5e-05,
      "cache_creation_input_token_cost_above_12hr_ultrafast": 0.00015,
      "cache_creation_input_token_cost_above_12hr_batches": 1.25e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens": 5e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches": 2.5e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex": 2.5e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_priority": 0.0001,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_ultrafast": 0.0003,
      "cache_creation_input_token_cost_above_12hr_flex": 1.25e-05,
      "cache_creation_input_token_cost_above_12hr_priority": 5e-05,
      "cache_creation_input_token_cost_above_272k_tokens": 2.5e-05,
      "cache_creation_input_token_cost_above_272k_tokens_flex": 1.25e-05,
      "cache_creation_input_token_cost_above_272k_tokens_priority": 5e-05, "cache_creation_input_token_cost_flex":
      6.25e-06, "cache_creation_input_token_cost_priority": 2.5e-05, "cache_read_input_token_cost": 1e-06,
      "cache_read_input_token_cost_above_272k_tokens": 2e-06, "cache_read_input_token_cost_above_272k_tokens_flex":
      1e-06, "cache_read_input_token_cost_above_272k_tokens_priority": 4e-06, "cache_read_input_token_cost_batches":
      5e-07, "cache_read_input_token_cost_above_272k_tokens_batches": 1e-06,
      "cache_creation_input_token_cost_batches": 6.25e-06,
      "cache_creation_input_token_cost_above_272k_tokens_batches": 1.25e-05,
      "cache_creation_input_token_cost_above_272k_tokens_ultrafast": 0.00015,
      "cache_creation_input_token_cost_ultrafast": 7.5e-05,
      "cache_read_input_token_cost_above_272k_tokens_ultrafast": 1.2e-05, "cache_read_input_token_cost_flex": 5e-07,
      "cache_read_input_token_cost_priority": 2e-06, "cache_read_input_token_cost_ultrafast": 6e-06,
      "input_cost_per_token": 1e-05, "input_cost_per_token_above_272k_tokens": 2e-05,
      "input_cost_per_token_above_272k_tokens_flex": 1e-05, "input_cost_per_token_above_272k_tokens_priority":
      4e-05, "input_cost_per_token_batches": 5e-06, "input_cost_per_token_above_272k_tokens_batches": 1e-05,
      "input_cost_per_token_above_272k_tokens_ultrafast": 0.00012, "input_cost_per_token_flex": 5e-06,
      "input_cost_per_token_priority": 2e-05, "input_cost_per_token_ultrafast": 6e-05, "litellm_provider": "openai",
      "max_input_tokens": 922000, "max_output_tokens": 128000, "mode": "chat", "output_cost_per_token": 5e-05,
      "output_cost_per_token_above_272k_tokens": 7.5e-05, "output_cost_per_token_above_272k_tokens_flex": 3.75e-05,
      "output_cost_per_token_above_272k_tokens_priority": 0.00015, "output_cost_per_token_batches": 2.5e-05,
      "output_cost_per_token_above_272k_tokens_batches": 3.75e-05,
      "output_cost_per_token_above_272k_tokens_ultrafast": 0.00045, "output_cost_per_token_flex": 2.5e-05,
      "output_cost_per_token_priority": 0.0001, "output_cost_per_token_ultrafast": 0.0003,
      "regional_processing_uplift_multiplier_eu": 1.1, "regional_processing_uplift_multiplier_us": 1.1,
      "search_context_cost_per_query": {"search_context_size_high": 0.01, "search_context_size_low": 0.01,
      "search_context_size_medium": 0.01}, "supports_max_reasoning_effort": true
    },
    "gpt-6.1-sol": {
      "cache_creation_input_token_cost": 2.5e-06, "cache_creation_input_token_cost_above_12hr": 5e-06,
      "cache_creation_input_token_cost_above_12hr_ultrafast": 3e-05,
      "cache_creation_input_token_cost_above_12hr_batches": 2.5e-06,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens": 1e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches": 5e-06,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex": 5e-06,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_priority": 2e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_ultrafast": 6e-05,
      "cache_creation_input_token_cost_above_12hr_flex": 2.5e-06,
      "cache_creation_input_token_cost_above_12hr_priority": 1e-05,
      "cache_creation_input_token_cost_above_272k_tokens": 5e-06,
      "cache_creation_input_token_cost_above_272k_tokens_batches": 2.5e-06,
      "cache_creation_input_token_cost_above_272k_tokens_flex": 2.5e-06,
      "cache_creation_input_token_cost_above_272k_tokens_priority": 1e-05,
      "cache_creation_input_token_cost_above_272k_tokens_ultrafast": 3e-05,
      "cache_creation_input_token_cost_batches": 1.25e-06, "cache_creation_input_token_cost_flex": 1.25e-06,
      "cache_creation_input_token_cost_priority": 5e-06, "cache_creation_input_token_cost_ultrafast": 1.5e-05,
      "cache_read_input_token_cost": 1e-07, "cache_read_input_token_cost_above_272k_tokens": 2e-07,
      "cache_read_input_token_cost_above_272k_tokens_batches": 1e-07,
      "cache_read_input_token_cost_above_272k_tokens_flex": 1e-07,
      "cache_read_input_token_cost_above_272k_tokens_priority": 4e-07,
      "cache_read_input_token_cost_above_272k_tokens_ultrafast": 1.2e-06, "cache_read_input_token_cost_batches":
      5e-08, "cache_read_input_token_cost_flex": 5e-08, "cache_read_input_token_cost_priority": 2e-07,
      "cache_read_input_token_cost_ultrafast": 6e-07, "input_cost_per_token": 2e-06,
      "input_cost_per_token_above_272k_tokens": 4e-06, "input_cost_per_token_above_272k_tokens_batches": 2e-06,
      "input_cost_per_token_above_272k_tokens_flex": 2e-06, "input_cost_per_token_above_272k_tokens_priority":
      8e-06, "input_cost_per_token_above_272k_tokens_ultrafast": 2.4e-05, "input_cost_per_token_batches": 1e-06,
      "input_cost_per_token_flex": 1e-06, "input_cost_per_token_priority": 4e-06, "input_cost_per_token_ultrafast":
      1.2e-05, "litellm_provider": "openai", "max_input_tokens": 922000, "max_output_tokens": 128000, "mode":
      "chat", "output_cost_per_token": 1e-05, "output_cost_per_token_above_272k_tokens": 1.5e-05,
      "output_cost_per_token_above_272k_tokens_batches": 7.5e-06, "output_cost_per_token_above_272k_tokens_flex":
      7.5e-06, "output_cost_per_token_above_272k_tokens_priority": 3e-05,
      "output_cost_per_token_above_272k_tokens_ultrafast": 9e-05, "output_cost_per_token_batches": 5e-06,
      "output_cost_per_token_flex": 5e-06, "output_cost_per_token_priority": 2e-05,
      "output_cost_per_token_ultrafast": 6e-05, "regional_processing_uplift_multiplier_eu": 1.1,
      "regional_processing_uplift_multiplier_us": 1.1, "search_context_cost_per_query": {"search_context_size_high":
      0.01, "search_context_size_low": 0.01, "search_context_size_medium": 0.01}, "supports_max_reasoning_effort":
      true
    },
    "gpt-5.6": {
      "cache_creation_input_token_cost": 5e-06, "cache_creation_input_token_cost_above_12hr": 1e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens": 2e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex": 1e-05,
      "cache_creation_input_token_cost_above_12hr_above_272k_tokens_priority": 4e-05,
      "cache_creation_input_token_cost_above_12hr_flex": 5e-06,
      "cache_creation_input_token_cost_above_12hr_priority": 2e-05,
      "cache_creation_input_token_cost_above_272k_tokens": 1e-05,
      "cache_creation_input_token_cost_above_272k_tokens_flex": 5e-06,
      "cache_creation_input_token_cost_above_272k_tokens_priority": 2e-05, "cache_creation_input_token_cost_flex":
      2.5e-06, "cache_creation_input_token_cost_priority": 1e-05, "cache_read_input_token_cost": 4e-07,
      "cache_read_input_token_cost_above_272k_tokens": 8e-07, "cache_read_input_token_cost_above_272k_tokens_flex":
      4e-07, "cache_read_input_token_cost_above_272k_tokens_priority": 1.6e-06,
      "cache_read_input_token_cost_batches": 2e-07, "cache_read_input_token_cost_above_272k_tokens_batches": 4e-07,
      "cache_creation_input_token_cost_batches": 2.5e-06,
      "cache_creation_input_token_cost_above_272k_tokens_batches": 5e-06, "cache_read_input_token_cost_flex": 2e-07,
      "cache_read_input_token_cost_priority": 8e-07, "input_cost_per_token": 4e-06,
      "input_cost_per_token_above_272k_tokens": 8e-06, "input_cost_per_token_above_272k_tokens_flex": 4e-06,
      "input_cost_per_token_above_272k_tokens_priority": 1.6e-05, "input_cost_per_token_batches": 2e-06,
      "input_cost_per_token_above_272k_tokens_batches": 4e-06, "input_cost_per_token_flex": 2e-06,
      "input_cost_per_token_priority": 8e-06, "litellm_provider": "openai", "max_input_tokens": 922000,
      "max_output_tokens": 128000, "mode": "chat", "output_cost_per_token": 2e-05,
      "output_cost_per_token_above_272k_tokens": 3e-05, "output_cost_per_token_above_272k_tokens_flex": 1.5e-05,
      "output_cost_per_token_above_272k_tokens_priority": 6e-05, "output_cost_per_token_batches": 1e-05,
      "output_cost_per_token_above_272k_tokens_batches": 1.5e-05, "output_cost_per_token_flex": 1e-05,
      "output_cost_per_token_priority": 4e-05, "regional_processing_uplift_multiplier_eu": 1.1,
      "regional_processing_uplift_multiplier_us": 1.1, "search_context_cost_per_query": {"search_context_size_high":
      0.01, "search_context_size_low": 0.01, "search_context_size_medium": 0.01}
    },
    "gpt-5.4-mini": {
      "cache_read_input_token_cost": 7.5e-08, "cache_read_input_token_cost_batches": 3.75e-08,
      "cache_read_input_token_cost_flex": 3.75e-08, "cache_read_input_token_cost_priority": 1.5e-07,
      "input_cost_per_token": 7.5e-07, "input_cost_per_token_flex": 3.75e-07, "input_cost_per_token_batches":
      3.75e-07, "input_cost_per_token_priority": 1.5e-06, "litellm_provider": "openai", "max_input_tokens": 272000,
      "max_output_tokens": 128000, "mode": "chat", "output_cost_per_token": 4.5e-06, "output_cost_per_token_flex":
      2.25e-06, "output_cost_per_token_batches": 2.25e-06, "output_cost_per_token_priority": 9e-06,
      "regional_processing_uplift_multiplier_eu": 1.1, "regional_processing_uplift_multiplier_us": 1.1,
      "search_context_cost_per_query": {"search_context_size_high": 0.01, "search_context_size_low": 0.01,
      "search_context_size_medium": 0.01}
    },
    "gpt-4o": {
      "cache_read_input_token_cost": 1.25e-06, "cache_read_input_token_cost_priority": 2.125e-06,
      "input_cost_per_token": 2.5e-06, "input_cost_per_token_batches": 1.25e-06, "input_cost_per_token_priority":
      4.25e-06, "litellm_provider": "openai", "max_input_tokens": 128000, "max_output_tokens": 16384, "mode":
      "chat", "output_cost_per_token": 1e-05, "output_cost_per_token_batches": 5e-06,
      "output_cost_per_token_priority": 1.7e-05
    },
    "gpt-4o-mini": {
      "cache_read_input_token_cost": 7.5e-08, "cache_read_input_token_cost_priority": 1.25e-07,
      "input_cost_per_token": 1.5e-07, "input_cost_per_token_batches": 7.5e-08, "input_cost_per_token_priority":
      2.5e-07, "litellm_provider": "openai", "max_input_tokens": 128000, "max_output_tokens": 16384, "mode": "chat",
      "output_cost_per_token": 6e-07, "output_cost_per_token_batches": 3e-07, "output_cost_per_token_priority":
      1e-06, "search_context_cost_per_query": {"search_context_size_high": 0.025, "search_context_size_low": 0.025,
      "search_context_size_medium": 0.025}
    },
    "o3": {
      "cache_read_input_token_cost": 5e-07, "cache_read_input_token_cost_flex": 2.5e-07,
      "cache_read_input_token_cost_priority": 8.75e-07, "input_cost_per_token": 2e-06,
      "input_cost_per_token_batches": 1e-06, "input_cost_per_token_flex": 1e-06, "input_cost_per_token_priority":
      3.5e-06, "litellm_provider": "openai", "max_input_tokens": 200000, "max_output_tokens": 100000, "mode":
      "chat", "output_cost_per_token": 8e-06, "output_cost_per_token_batches": 4e-06, "output_cost_per_token_flex":
      4e-06, "output_cost_per_token_priority": 1.4e-05, "search_context_cost_per_query":
      {"search_context_size_high": 0.01, "search_context_size_low": 0.01, "search_context_size_medium": 0.01}
    },
    "claude-opus-5-5": {
      "cache_creation_input_token_cost": 5e-06, "cache_creation_input_token_cost_above_1hr": 8e-06,
      "cache_creation_input_token_cost_batches": 2.5e-06, "cache_read_input_token_cost": 2e-07,
      "cache_read_input_token_cost_batches": 1e-07, "input_cost_per_token": 4e-06, "input_cost_per_token_batches":
      2e-06, "litellm_provider": "anthropic", "max_input_tokens": 1000000, "max_output_tokens": 128000, "mode":
      "chat", "output_cost_per_token": 2e-05, "output_cost_per_token_batches": 1e-05,
      "search_context_cost_per_query": {"search_context_size_high": 0.01, "search_context_size_low": 0.01,
      "search_context_size_medium": 0.01}, "supports_max_reasoning_effort": true, "provider_specific_entry": {"us":
      1.1, "fast": 2}
    },
    "claude-sonnet-5-5": {
      "cache_creation_input_token_cost": 2.5e-06, "cache_creation_input_token_cost_above_1hr": 4e-06,
      "cache_creation_input_token_cost_batches": 1.25e-06, "cache_read_input_token_cost": 1e-07,
      "cache_read_input_token_cost_batches": 5e-08, "input_cost_per_token": 2e-06, "input_cost_per_token_batches":
      1e-06, "litellm_provider": "anthropic", "max_input_tokens": 1000000, "max_output_tokens": 128000, "mode":
      "chat", "output_cost_per_token": 1e-05, "output_cost_per_token_batches": 5e-06,
      "search_context_cost_per_query": {"search_context_size_high": 0.01, "search_context_size_low": 0.01,
      "search_context_size_medium": 0.01}, "supports_max_reasoning_effort": true, "provider_specific_entry": {"us":
      1.1}
    },
    "claude-haiku-5-5": {
      "input_cost_per_token_above_100k_tokens_batches": 2.5e-07, "output_cost_per_token_above_100k_tokens_batches":
      1.25e-06, "cache_creation_input_token_cost_above_100k_tokens_batches": 3.125e-07,
      "cache_read_input_token_cost_above_100k_tokens_batches": 2.5e-08, "cache_creation_input_token_cost": 1.25e-07,
      "cache_creation_input_token_cost_above_1hr": 2e-07, "cache_creation_input_token_cost_batches": 6.25e-08,
      "cache_read_input_token_cost": 1e-08, "cache_read_input_token_cost_batches": 5e-09, "input_cost_per_token":
      1e-07, "input_cost_per_token_batches": 5e-08, "litellm_provider": "anthropic", "max_input_tokens": 1000000,
      "max_output_tokens": 128000, "mode": "chat", "output_cost_per_token": 5e-07, "output_cost_per_token_batches":
      2.5e-07, "search_context_cost_per_query": {"search_context_size_high": 0.01, "search_context_size_low": 0.01,
      "search_context_size_medium": 0.01}, "supports_max_reasoning_effort": true, "provider_specific_entry": {"us":
      1.1}, "input_cost_per_token_above_100k_tokens": 5e-07, "output_cost_per_token_above_100k_tokens": 2.5e-06,
      "cache_creation_input_token_cost_above_100k_tokens": 6.25e-07,
      "cache_creation_input_token_cost_above_1hr_above_100k_tokens": 1e-06,
      "cache_read_input_token_cost_above_100k_tokens": 5e-08
    },
    "claude-haiku-4-5": {
      "cache_creation_input_token_cost": 1.25e-06, "cache_creation_input_token_cost_above_1hr": 2e-06,
      "cache_creation_input_token_cost_batches": 6.25e-07, "cache_read_input_token_cost": 1e-07,
      "cache_read_input_token_cost_batches": 5e-08, "input_cost_per_token": 1e-06, "input_cost_per_token_batches":
      5e-07, "litellm_provider": "anthropic", "max_input_tokens": 200000, "max_output_tokens": 64000, "mode":
      "chat", "output_cost_per_token": 5e-06, "output_cost_per_token_batches": 2.5e-06
    },
    "gemini/gemini-4-argon": {
      "cache_read_input_token_cost": 1e-07, "cache_read_input_token_cost_batches": 5e-08,
      "cache_read_input_token_cost_flex": 5e-08, "cache_read_input_token_cost_priority": 1.8e-07,
      "google_maps_grounding_cost_per_query": 0.014, "input_cost_per_token": 2e-06, "input_cost_per_token_batches":
      1e-06, "input_cost_per_token_flex": 1e-06, "input_cost_per_token_priority": 3.6e-06, "litellm_provider":
      "gemini", "max_input_tokens": 1048576, "max_output_tokens": 1048576, "mode": "chat",
      "output_cost_per_reasoning_token": 1e-05, "output_cost_per_token": 1e-05, "output_cost_per_token_batches":
      5e-06, "output_cost_per_token_flex": 5e-06, "output_cost_per_token_priority": 1.8e-05,
      "search_context_cost_per_query": {"search_context_size_low": 0.014, "search_context_size_medium": 0.014,
      "search_context_size_high": 0.014}
    },
    "gemini/gemini-2.5-pro": {
      "cache_read_input_token_cost": 1.25e-07, "cache_read_input_token_cost_above_200k_tokens": 2.5e-07,
      "cache_read_input_token_cost_above_200k_tokens_priority": 4.5e-07, "cache_read_input_token_cost_batches":
      1.25e-07, "cache_read_input_token_cost_flex": 1.25e-07, "cache_read_input_token_cost_priority": 2.25e-07,
      "input_cost_per_token": 1.25e-06, "input_cost_per_token_above_200k_tokens": 2.5e-06,
      "input_cost_per_token_priority": 2.25e-06, "input_cost_per_token_above_200k_tokens_priority": 4.5e-06,
      "litellm_provider": "gemini", "max_input_tokens": 1048576, "max_output_tokens": 65536, "mode": "chat",
      "output_cost_per_token": 1e-05, "output_cost_per_token_above_200k_tokens": 1.5e-05,
      "output_cost_per_token_priority": 1.8e-05, "output_cost_per_token_above_200k_tokens_priority": 2.7e-05,
      "search_context_cost_per_query": {"search_context_size_low": 0.035, "search_context_size_medium": 0.035,
      "search_context_size_high": 0.035}, "google_maps_grounding_cost_per_query": 0.025,
      "input_cost_per_token_batches": 6.25e-07, "input_cost_per_token_flex": 6.25e-07,
      "output_cost_per_token_batches": 5e-06, "output_cost_per_token_flex": 5e-06,
      "cache_read_input_token_cost_above_200k_tokens_batches": 2.5e-07,
      "input_cost_per_token_above_200k_tokens_batches": 1.25e-06, "output_cost_per_token_above_200k_tokens_batches":
      7.5e-06
    },
    "gemini/gemini-3.1-pro-preview": {
      "cache_read_input_token_cost": 2e-07, "cache_read_input_token_cost_above_200k_tokens": 4e-07,
      "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens": 4e-06,
      "input_cost_per_token_batches": 1e-06, "litellm_provider": "gemini", "max_input_tokens": 1048576,
      "max_output_tokens": 65536, "mode": "chat", "output_cost_per_token": 1.2e-05,
      "output_cost_per_token_above_200k_tokens": 1.8e-05, "output_cost_per_token_batches": 6e-06,
      "input_cost_per_token_priority": 3.6e-06, "input_cost_per_token_above_200k_tokens_priority": 7.2e-06,
      "output_cost_per_token_priority": 2.16e-05, "output_cost_per_token_above_200k_tokens_priority": 3.24e-05,
      "cache_read_input_token_cost_priority": 3.6e-07, "cache_read_input_token_cost_above_200k_tokens_priority":
      7.2e-07, "cache_read_input_token_cost_batches": 2e-07, "cache_read_input_token_cost_flex": 2e-07,
      "search_context_cost_per_query": {"search_context_size_low": 0.014, "search_context_size_medium": 0.014,
      "search_context_size_high": 0.014}, "google_maps_grounding_cost_per_query": 0.014,
      "input_cost_per_token_flex": 1e-06, "output_cost_per_token_flex": 6e-06,
      "cache_read_input_token_cost_above_200k_tokens_batches": 4e-07,
      "input_cost_per_token_above_200k_tokens_batches": 2e-06, "output_cost_per_token_above_200k_tokens_batches":
      9e-06
    },
    "xai/grok-4.7": {
      "cache_read_input_token_cost": 5e-07, "cache_read_input_token_cost_above_200k_tokens": 1e-06,
      "cache_read_input_token_cost_above_200k_tokens_batches": 8e-07, "cache_read_input_token_cost_batches": 4e-07,
      "input_cost_per_image_token": 2e-06, "input_cost_per_token": 2e-06, "input_cost_per_token_above_200k_tokens":
      4e-06, "input_cost_per_token_above_200k_tokens_batches": 3.2e-06, "input_cost_per_token_batches": 1.6e-06,
      "litellm_provider": "xai", "max_input_tokens": 500000, "max_output_tokens": 500000, "mode": "chat",
      "output_cost_per_token": 6e-06, "output_cost_per_token_above_200k_tokens": 1.2e-05,
      "output_cost_per_token_above_200k_tokens_batches": 9.6e-06, "output_cost_per_token_batches": 4.8e-06
    },
    "deepseek/deepseek-v4-flash": {
      "cache_creation_input_token_cost": 0.0, "cache_read_input_token_cost": 6e-09, "input_cost_per_token": 3e-07,
      "input_cost_per_token_cache_hit": 6e-09, "litellm_provider": "deepseek", "max_input_tokens": 1000000,
      "max_output_tokens": 393216, "mode": "chat", "off_peak_pricing": {"cache_read_input_token_cost": 3e-09,
      "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "windows": [{"hours_utc": ["00:00-01:00",
      "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]}, {"hours_utc": "00:00-00:00", "weekdays": [6,
      7]}]}, "output_cost_per_token": 1.2e-06
    },
    "mistral/mistral-large-4": {
      "cache_read_input_token_cost": 1.4e-07, "input_cost_per_token": 1.36e-06, "litellm_provider": "mistral",
      "max_input_tokens": 1048576, "max_output_tokens": 1048576, "mode": "chat", "output_cost_per_token": 4.18e-06
    },
    "dashscope/qwen-flash": {
      "litellm_provider": "dashscope", "max_input_tokens": 997952, "max_output_tokens": 32768, "mode": "chat",
      "tiered_pricing": [{"input_cost_per_token": 5e-08, "output_cost_per_token": 4e-07, "range": [0, 256000.0]},
      {"input_cost_per_token": 2.5e-07, "output_cost_per_token": 2e-06, "range": [256000.0, 1000000.0]}]
    },
    "dashscope/qwen-flash-2025-07-28": {
      "litellm_provider": "dashscope", "max_input_tokens": 997952, "max_output_tokens": 32768, "mode": "chat",
      "tiered_pricing": [{"input_cost_per_token": 5e-08, "output_cost_per_token": 4e-07, "range": [0, 256000.0]},
      {"input_cost_per_token": 2.5e-07, "output_cost_per_token": 2e-06, "range": [256000.0, 1000000.0]}]
    },
    "deepseek-flash": {
      "cache_creation_input_token_cost": 0.0, "cache_read_input_token_cost": 6e-09, "input_cost_per_token": 3e-07,
      "input_cost_per_token_cache_hit": 6e-09, "litellm_provider": "deepseek", "max_input_tokens": 1000000,
      "max_output_tokens": 393216, "mode": "chat", "off_peak_pricing": {"cache_read_input_token_cost": 3e-09,
      "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07, "windows": [{"hours_utc": ["00:00-01:00",
      "04:00-06:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]}, {"hours_utc": "00:00-00:00", "weekdays": [6,
      7]}]}, "output_cost_per_token": 1.2e-06
    }
  }
  """
