"""Fertiliser by target yield and soil test 测土配方.

Source: Truog's balance method, as in the technical code of soil testing and formulated fertilisation of the
Ministry of Agriculture (2011).
"""

from models.checks import finite

SOIL_KG_PER_MU = 150_000.0  # plough layer of 20 cm
MG_TO_KG = 1e-6


def fertiliser_need(
    *,
    target_yield: float,
    uptake: float,
    soil_test: float,
    correction: float,
    content: float,
    use_rate: float,
    most: float,
) -> float:
    """Fertiliser in kg per mu: (uptake * target - soil test * 0.15 * correction) / (content * use rate), 0..`most`.

    `target_yield` kg per mu, `uptake` kg nutrient per kg yield, `soil_test` mg nutrient per kg soil (times
    0.15 = kg per mu), `correction` share of it that the crop finds, `content` (0-1) of the fertiliser,
    `use_rate` (0-1) in the season. Nutrient and content must be in one form (P or P2O5, K or K2O).
    ValueError for negative input or shares that are not above 0 and at most 1.
    """
    finite([target_yield, uptake, soil_test, correction, content, use_rate], "input of the fertiliser need")
    if min(target_yield, uptake, soil_test, correction, most) < 0:
        raise ValueError("yield, uptake, soil test, correction and most must not be negative")
    if not (0 < content <= 1 and 0 < use_rate <= 1):
        raise ValueError(f"content and use rate must be above 0 and at most 1, not {content:g}, {use_rate:g}")
    supply = soil_test * SOIL_KG_PER_MU * MG_TO_KG * correction
    return min(max((uptake * target_yield - supply) / (content * use_rate), 0.0), most)
