"""Customers: who they are, what they bought, who looks after them, how they fare.

A customer is a company, or a person without one. `keeping` follows the stages; `health` the rules.
"""
