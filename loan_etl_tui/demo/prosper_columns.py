"""The header of Prosper's 2014 export: 81 columns, some with blanks and brackets."""

from __future__ import annotations

_HEADER = """
    ListingKey, ListingNumber, ListingCreationDate, CreditGrade, Term, LoanStatus,
    ClosedDate, BorrowerAPR, BorrowerRate, LenderYield, EstimatedEffectiveYield,
    EstimatedLoss, EstimatedReturn, ProsperRating (numeric), ProsperRating (Alpha),
    ProsperScore, ListingCategory (numeric), BorrowerState, Occupation, EmploymentStatus,
    EmploymentStatusDuration, IsBorrowerHomeowner, CurrentlyInGroup, GroupKey,
    DateCreditPulled, CreditScoreRangeLower, CreditScoreRangeUpper, FirstRecordedCreditLine,
    CurrentCreditLines, OpenCreditLines, TotalCreditLinespast7years, OpenRevolvingAccounts,
    OpenRevolvingMonthlyPayment, InquiriesLast6Months, TotalInquiries, CurrentDelinquencies,
    AmountDelinquent, DelinquenciesLast7Years, PublicRecordsLast10Years,
    PublicRecordsLast12Months, RevolvingCreditBalance, BankcardUtilization,
    AvailableBankcardCredit, TotalTrades, TradesNeverDelinquent (percentage),
    TradesOpenedLast6Months, DebtToIncomeRatio, IncomeRange, IncomeVerifiable,
    StatedMonthlyIncome, LoanKey, TotalProsperLoans, TotalProsperPaymentsBilled,
    OnTimeProsperPayments, ProsperPaymentsLessThanOneMonthLate,
    ProsperPaymentsOneMonthPlusLate, ProsperPrincipalBorrowed, ProsperPrincipalOutstanding,
    ScorexChangeAtTimeOfListing, LoanCurrentDaysDelinquent, LoanFirstDefaultedCycleNumber,
    LoanMonthsSinceOrigination, LoanNumber, LoanOriginalAmount, LoanOriginationDate,
    LoanOriginationQuarter, MemberKey, MonthlyLoanPayment, LP_CustomerPayments,
    LP_CustomerPrincipalPayments, LP_InterestandFees, LP_ServiceFees, LP_CollectionFees,
    LP_GrossPrincipalLoss, LP_NetPrincipalLoss, LP_NonPrincipalRecoverypayments,
    PercentFunded, Recommendations, InvestmentFromFriendsCount, InvestmentFromFriendsAmount,
    Investors
"""

COLUMNS: tuple[str, ...] = tuple(name.strip() for name in _HEADER.split(","))
