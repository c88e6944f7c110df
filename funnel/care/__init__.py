"""Looking after customers: onboarding, training, renewals.

Main words: onboarding step (what every new customer is taken through), checklist (a customer's
copy of the steps), training content (given to people of a customer), renewal (what is due to be
bought again, with reminders).
"""
