"""Warning levels from thresholds; the same functions for the live state and for the replay of history."""
