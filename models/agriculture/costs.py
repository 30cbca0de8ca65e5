"""Cost and return of a crop or animal 成本收益, per mu or per head.

Source: scheme of the national survey of costs and returns of agricultural products 全国农产品成本收益调查.
"""

from dataclasses import dataclass

from models.checks import finite


@dataclass(frozen=True)
class CostReturn:
    """Yuan per mu or head; profit_ratio is a share, break_even in yuan per unit of yield.

    total = materials + labour + land. net = output - total; cash = output - cash costs, without imputed
    labour and land.
    """

    materials: float
    labour: float
    land: float
    total: float
    net: float
    cash: float
    profit_ratio: float
    break_even: float


def cost_return(
    *,
    output: float,
    quantity: float,
    materials: float,
    family_labour: float,
    hired_labour: float,
    land_rent: float,
    own_land: float,
) -> CostReturn:
    """Costs and returns from the survey's items: yuan per mu or head, `quantity` the yield of the same.

    `family_labour` and `own_land` are imputed. profit_ratio = net / total; break_even = total / quantity, the
    price at which the net profit is zero when the main product is all the output. ValueError for negative
    items, no cost, or no yield.
    """
    items = (output, quantity, materials, family_labour, hired_labour, land_rent, own_land)
    finite(items, "items of cost and return")
    labour, land = family_labour + hired_labour, land_rent + own_land
    total = materials + labour + land
    if min(items) < 0 or total <= 0 or quantity <= 0:
        raise ValueError("items must not be negative, and total cost and yield must be above 0")
    cash = output - (materials + hired_labour + land_rent)
    net = output - total
    return CostReturn(materials, labour, land, total, net, cash, net / total, total / quantity)
