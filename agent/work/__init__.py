"""What the business does, one file a job; routing, comparing and every money decision are pure functions."""
