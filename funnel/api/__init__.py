"""The funnel for integrations: the same verbs and questions as the pages."""
