"""Drives a real Linux guest in which the daemon is installed. README.md tells how; `run` is the command."""
