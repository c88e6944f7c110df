"""A version tried out before it is published: on today's leads, and on the past.

Main words: rehearsal (a version worked out beside the one in force), simulation (of today's leads),
back-test (of cases of the past, as they were known then), tally (how many won and did not at each
score), band, lift, gain, verdict.

    statement = score_part(part, scorers, calendar)   # both versions over the same cases, set-wise
    result_of(told)                                   # histograms to figures, nothing else
    verdict_sentence(result)                          # in words, or why nobody can say
"""
