"""Answers of a recording and of rules, without I/O: which one a request gets, and what differs where none fits."""
