"""The annuity: what a loan should pay each month, and have repaid by now.

Computed in float64, which carries fifteen digits; results are rounded to whole money units
before any rule compares them, and every rule that compares them allows far more than the last
digit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from loan_etl_tui.model.loan import RATE_SCALE
from loan_etl_tui.validate.view import BoolArray, IntArray

FloatArray = npt.NDArray[np.float64]

# Amounts are cut here, far above any real one, so that their differences fit an int64.
_MOST_UNITS = 4.0e18


def instalments(original: IntArray, rate: IntArray, term: IntArray) -> IntArray:
    """Compute the monthly instalment of annuity loans.

    A = P r / (1 - (1 + r)^-n) with r a twelfth of the yearly rate; P / n where r is 0.

    Args:
        original: (n,) amount lent, money units.
        rate: (n,) yearly rate, millionths, not negative.
        term: (n,) months, at least 1.

    Returns:
        (n,) money units, rounded to the nearest.
    """
    growth = _growth(rate)
    share: FloatArray = np.divide(
        np.expm1(growth), -np.expm1(-growth * term), out=1.0 / term, where=growth > 0
    )
    return to_units(original * share)


def scheduled_principal(
    original: IntArray, rate: IntArray, term: IntArray, paid_months: IntArray
) -> IntArray:
    """Compute the principal that an annuity loan has repaid after some instalments.

    P ((1 + r)^k - 1) / ((1 + r)^n - 1), and P k / n where r is 0; nothing before the first
    instalment and all of P from the last one on.

    Args:
        original: (n,) amount lent, money units.
        rate: (n,) yearly rate, millionths, not negative.
        term: (n,) months, at least 1.
        paid_months: (n,) instalments paid, k.

    Returns:
        (n,) money units, rounded to the nearest.
    """
    growth = _growth(rate)
    months = np.clip(paid_months, 0, term)
    # Written with negative exponents only: (1 + r)^n of a long, dear loan overflows a float.
    later = np.exp(growth * (months - term)) * np.expm1(-growth * months)
    share: FloatArray = np.divide(
        later, np.expm1(-growth * term), out=months / term, where=growth > 0
    )
    return to_units(original * share)


def to_units(amount: FloatArray) -> IntArray:
    """Round amounts in money units to whole ones."""
    return np.rint(np.clip(amount, -_MOST_UNITS, _MOST_UNITS)).astype(np.int64)


def is_annuity(rate: IntArray, term: IntArray) -> BoolArray:
    """Where rate and term let the formulas be used at all."""
    return (rate >= 0) & (term >= 1)


def _growth(rate: IntArray) -> FloatArray:
    """Logarithm of a month's growth, ln(1 + r); exact for small rates."""
    return np.log1p(rate / (12 * 10**RATE_SCALE))
