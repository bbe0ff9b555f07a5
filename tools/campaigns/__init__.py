"""The parts of tools/campaign, tools/bench-replay, tools/bench-delay and tools/target-proxy."""
