"""Stoa in the pages of Wagtail and Django: tags, a block, and a signed word for whoever reads.

Absent on purpose: models and migrations, cookies, any state. What people write is kept by the Stoa host.
"""
