"""Requirements that no single test can say: named code, with its parameters in the framework's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mcred.frameworks.requirements import Answer, Result, Value

if TYPE_CHECKING:
    from mcred.frameworks.verdicts import Case, Subject

Asked = Mapping[str, Any]


def fee_per_credit(case: Case, subject: Subject, asked: Asked) -> Iterator[Result]:
    """The fee for each credit is not above the cap. Unknown where the fee does not say on what terms it is charged."""
    fee = (subject.act.get("fees") or ())[subject.fee] if subject.act and subject.fee is not None else None
    if subject.act is None or not isinstance(fee, dict) or "amount" not in fee:
        return
    credits = case.record.data.get("credits")
    value = Value(subject.act.pointer / "fees" / (subject.fee or 0) / "amount", fee["amount"])
    cap = f"at most {asked['per_credit']} {asked['currency']} for each credit"
    if not isinstance(credits, int | float) or any(
        fee.get(key) is None for key in ("tax", "mode", "part_of_programme")
    ):
        yield Result(Answer.UNKNOWN, value, cap, "value-unknown")
    elif fee["part_of_programme"] is True or fee["mode"] in asked.get("not_for_modes", ()):
        yield Result(Answer.NOT_APPLICABLE, value, cap)
    elif fee.get("currency") != asked["currency"] or fee["tax"] != asked["tax"]:
        yield Result(Answer.UNKNOWN, value, cap, "value-unknown")
    else:
        met = fee["amount"] <= asked["per_credit"] * credits
        yield Result(Answer.MET if met else Answer.NOT_MET, value, cap)


RULES: dict[str, Callable[[Case, Subject, Asked], Iterator[Result]]] = {
    "fee-per-credit": fee_per_credit,
}
"""The rules that a clause may name."""
