"""Mutation: plant faults one at a time and see that a test finds each."""
