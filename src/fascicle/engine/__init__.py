"""Exact probabilities in a two-layer noisy-OR network. Knows numbers and indices only, does no I/O."""
