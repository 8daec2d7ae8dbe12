"""``config/protocols/*.toml`` into protocols: read, checked as a whole, and described to an editor as JSON Schema."""
