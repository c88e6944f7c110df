"""Integrations: the API as one whole. Every app brings its own part; here it gets its addresses.

Verbs and questions live in the apps; this one adds what belongs to none of them: the workspace
behind a key, the OpenAPI document and its page.
"""
