"""People, the companies they work for, and every fact about them.

Main words: lead (always a person), company, identity (what makes a lead the same lead), visitor
(a browser, perhaps not yet a lead), campaign, activity (a fact on the timeline), condition.
"""
