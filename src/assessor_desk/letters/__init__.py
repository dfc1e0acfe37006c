"""Letters to participants, as PDF for reading and DOCX for editing."""
