"""Codes for portfolios, which stand in for names."""

from collections.abc import Callable

from sqlalchemy import Connection, func, select

from assessor_desk.domain.ids import PortfolioCode
from assessor_desk.hub import tables
from assessor_desk.seals.codes import portfolio_code

SHORT, LONG = 4, 5
RUN_SHORT = 100_000
"""So many portfolios, and codes of four signs collide too often; from then on they have five."""

ATTEMPTS = 64


def new_code(connection: Connection, random: Callable[[int], bytes]) -> PortfolioCode:
    """Return a code that no portfolio of this hub has; what it looks like says nothing about whose it is."""
    known = connection.execute(select(func.count()).select_from(tables.portfolio)).scalar_one()
    length = SHORT if known < RUN_SHORT else LONG
    for _ in range(ATTEMPTS):
        code = portfolio_code(random(16), length)
        if not connection.execute(select(tables.portfolio.c.id).where(tables.portfolio.c.code == code)).first():
            return PortfolioCode(code)
    raise RuntimeError("no free portfolio code was found")
