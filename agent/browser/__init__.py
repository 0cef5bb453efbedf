"""The only room that drives a browser: how a step of a site file is done."""
