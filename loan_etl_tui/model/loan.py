"""The fields of the two tables: the one truth from which DDL, dictionary and schemas are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, independent of any database."""

    SLUG = "slug"  # the platform's name
    ID = "id"  # text compared bytewise
    TEXT = "text"
    MONEY = "money"  # exact decimal(18, 4), loan currency
    RATE = "rate"  # exact decimal(9, 6), fraction per year
    DATE = "date"
    SMALLINT = "smallint"
    BIGINT = "bigint"
    JSON = "json"
    STAMP = "stamp"  # UTC


class Status(StrEnum):
    """The canonical loan statuses."""

    PENDING = "PENDING"
    ISSUED = "ISSUED"
    CURRENT = "CURRENT"
    GRACE = "GRACE"
    LATE = "LATE"
    RESTRUCTURED = "RESTRUCTURED"
    DEFAULT = "DEFAULT"
    CHARGED_OFF = "CHARGED_OFF"
    LIQUIDATED = "LIQUIDATED"
    SETTLED = "SETTLED"
    PAID_OFF = "PAID_OFF"
    REPURCHASED = "REPURCHASED"
    SOLD = "SOLD"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


STATUS_MEANING: dict[Status, str] = {
    Status.PENDING: "listed or applied for, not funded",
    Status.ISSUED: "funded, first payment not due",
    Status.CURRENT: "no amount past due",
    Status.GRACE: "past due inside the platform's grace period",
    Status.LATE: "past due; see dpd_min and dpd_max",
    Status.RESTRUCTURED: "forbearance, hardship or arrangement; modified and in arrears",
    Status.DEFAULT: "declared default, not yet written off",
    Status.CHARGED_OFF: "principal written off",
    Status.LIQUIDATED: "foreclosure, short sale, real estate owned, non-performing sale",
    Status.SETTLED: "closed for less than owed",
    Status.PAID_OFF: "fully repaid, on schedule or early",
    Status.REPURCHASED: "bought back by originator or seller",
    Status.SOLD: "transferred, servicing moved, reperforming sale",
    Status.CANCELLED: "never funded, expired, refunded, withdrawn",
    Status.UNKNOWN: "the source withholds it or does not say",
}

# Statuses with no exposure left: `principal_outstanding` is 0 in the view.
CLOSED: tuple[Status, ...] = (
    Status.PAID_OFF,
    Status.CHARGED_OFF,
    Status.LIQUIDATED,
    Status.SETTLED,
    Status.REPURCHASED,
    Status.SOLD,
    Status.CANCELLED,
)

MONEY_PRECISION, MONEY_SCALE = 18, 4
RATE_PRECISION, RATE_SCALE = 9, 6


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table.

    Attributes:
        name: column name, also the name in a config's `loan:` or `status:` block.
        kind: what it holds.
        length: the longest text, in characters; 0 where the kind has its own size.
        nullable: whether NULL is allowed.
        role: "key", "fact" (a mapped column) or "ops" (kept by the engine).
        meaning: one line for the data dictionary and the wizard.
    """

    name: str
    kind: Kind
    length: int = 0
    nullable: bool = True
    role: str = "fact"
    meaning: str = ""


LOAN: tuple[Field, ...] = (
    Field("platform_name", Kind.SLUG, 64, False, "key", "the platform, as a slug"),
    Field("loan_id", Kind.ID, 128, False, "key", "the platform's own id as text, zeros kept"),
    Field("issue_date", Kind.DATE, 0, False, "fact", "first disbursement or note date"),
    Field("original_balance", Kind.MONEY, 0, False, "fact", "principal actually funded"),
    Field("interest_rate", Kind.RATE, 0, True, "fact", "original nominal rate, fraction per year"),
    Field("platform_rating", Kind.TEXT, 32, True, "fact", "the platform's own grade, verbatim"),
    Field(
        "loan_status", Kind.TEXT, 16, False, "ops", "overall status: that of the last record date"
    ),
    Field("currency", Kind.TEXT, 3, False, "fact", "ISO 4217 code of every amount"),
    Field("term_months", Kind.SMALLINT, 0, True, "fact", "original contractual term, months"),
    Field("maturity_date", Kind.DATE, 0, True, "fact", "original maturity"),
    Field("monthly_payment", Kind.MONEY, 0, True, "fact", "contractual instalment at origination"),
    Field("country", Kind.TEXT, 2, True, "fact", "ISO 3166-1 alpha-2"),
    Field("region", Kind.TEXT, 16, True, "fact", "state, NUTS or county code"),
    Field("purpose", Kind.TEXT, 64, True, "fact", "the platform's word, lower snake case"),
    Field("credit_score", Kind.SMALLINT, 0, True, "fact", "lower bound of the score band"),
    Field("dti", Kind.RATE, 0, True, "fact", "debt to income at origination, fraction"),
    Field("extra", Kind.JSON, 0, True, "fact", "named extras of this platform"),
    Field("first_record_date", Kind.DATE, 0, True, "ops", "earliest record date in status"),
    Field("last_record_date", Kind.DATE, 0, True, "ops", "latest record date in status"),
    Field(
        "static_origin", Kind.JSON, 0, False, "ops", "record date and version each fact came from"
    ),
    Field("created_run_id", Kind.ID, 32, False, "ops", "run that created the row"),
    Field("updated_run_id", Kind.ID, 32, False, "ops", "run that last changed the row"),
)

STATUS: tuple[Field, ...] = (
    Field("platform_name", Kind.SLUG, 64, False, "key", "the platform, as a slug"),
    Field("loan_id", Kind.ID, 128, False, "key", "the loan, as in loan"),
    Field("record_date", Kind.DATE, 0, False, "key", "the date this row describes"),
    Field("loan_status", Kind.TEXT, 16, False, "fact", "canonical status at that date"),
    Field(
        "principal_paid",
        Kind.MONEY,
        0,
        True,
        "fact",
        "cumulative principal repaid since issue, without charge-offs and recoveries",
    ),
    Field(
        "interest_paid", Kind.MONEY, 0, True, "fact", "cumulative interest; NULL = not published"
    ),
    Field("principal_charged_off", Kind.MONEY, 0, True, "fact", "cumulative principal written off"),
    Field("recoveries", Kind.MONEY, 0, True, "fact", "cumulative receipts after charge-off, gross"),
    Field("fees_paid", Kind.MONEY, 0, True, "fact", "cumulative late and other fees received"),
    Field("dpd_min", Kind.SMALLINT, 0, True, "fact", "days past due, lower bound"),
    Field("dpd_max", Kind.SMALLINT, 0, True, "fact", "days past due, upper bound; NULL = open"),
    Field("last_payment_date", Kind.DATE, 0, True, "fact", "date of the last payment received"),
    Field("next_payment_date", Kind.DATE, 0, True, "fact", "date the next payment is due"),
    Field("status_raw", Kind.TEXT, 80, False, "fact", "the source's status word, verbatim"),
    Field("extra", Kind.JSON, 0, True, "fact", "named extras of this platform"),
    Field("run_id", Kind.ID, 32, False, "ops", "run that last wrote the row"),
    Field("created_run_id", Kind.ID, 32, False, "ops", "run that created the row"),
    Field("version", Kind.BIGINT, 0, False, "ops", "version of the delivery the row comes from"),
    Field("loaded_at", Kind.STAMP, 0, False, "ops", "when the row was last written, UTC"),
)

LOAN_KEY: tuple[str, ...] = ("platform_name", "loan_id")
STATUS_KEY: tuple[str, ...] = ("platform_name", "loan_id", "record_date")

LOAN_FACTS: tuple[Field, ...] = tuple(f for f in LOAN if f.role == "fact")
STATUS_FACTS: tuple[Field, ...] = tuple(f for f in STATUS if f.role == "fact")

# Facts a tape may map by name (extra has its own block; currency and country are also
# transform.currency and transform.country).
MAPPABLE_LOAN: tuple[str, ...] = (
    "loan_id",
    *(f.name for f in LOAN_FACTS if f.name not in {"extra", "currency"}),
)
MAPPABLE_STATUS: tuple[str, ...] = (
    *(
        f.name
        for f in STATUS_FACTS
        if f.name not in {"extra", "status_raw", "loan_status", "dpd_min", "dpd_max"}
    ),
    "dpd",
)


def field(table: tuple[Field, ...], name: str) -> Field:
    """Find a column by name; unknown names raise KeyError."""
    for one in table:
        if one.name == name:
            return one
    raise KeyError(name)
