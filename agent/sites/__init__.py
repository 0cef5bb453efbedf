"""The only room that reads YAML: what a site is."""
