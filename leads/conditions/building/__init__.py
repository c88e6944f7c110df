"""Writing a condition in a form: what is being written, how it is drawn, and its form field."""
