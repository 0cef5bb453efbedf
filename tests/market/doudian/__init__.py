"""A 抖店-like shop back office: what selectors/doudian.yaml drives in the demo and the tests."""
