"""What templates move by themselves: integrations, state machines, triggers."""
