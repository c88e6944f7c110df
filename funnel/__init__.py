"""Stages and the moves between them: from a warm lead to a qualified one, a deal, a customer.

Main words: definition (what a stage means, versioned), move (a lead changes stage), queue (MQLs
waiting for a rep), claim, attempt, qualification (BANT), deal.
"""
