"""Assessor Desk: a workstation for certified assessors of micro-credential portfolios, and its hub."""
