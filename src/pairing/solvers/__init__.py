"""The arithmetic of matching on matrices alone: it knows scores, places and limits, and nothing of people."""
