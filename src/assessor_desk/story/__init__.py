"""The whole job as one script, shared by the demo, the journeys and the benchmarks."""
