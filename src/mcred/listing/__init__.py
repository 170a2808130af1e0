"""Documents that people hand in and hand out: a fragment of HTML from a template, written in each format."""
