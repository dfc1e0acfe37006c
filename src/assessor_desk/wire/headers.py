"""Headers that every request and answer carries."""

WIRE = "Assessor-Desk-Wire"
"""The version of the wire: sent with each request, and with each answer the newest that the hub speaks."""

EPOCH = "Assessor-Desk-Epoch"
"""With each answer: changes when the hub was restored, so that a desk offers again what was lost."""

TIME = "Assessor-Desk-Time"
"""With each answer: the hub's clock, RFC 3339."""
