"""The parts of tools/workload."""
