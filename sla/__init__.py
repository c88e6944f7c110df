"""The promise between marketing and sales: how soon a sales-ready lead is answered.

Main words: policy (the promise, in versions), clock (one lead's time running under it), deadline
(when it is due, in business hours), breach (a deadline nobody met), attainment (the share kept).
"""
