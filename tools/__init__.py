"""What maintainers and the build run."""
