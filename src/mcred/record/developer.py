"""Who answers for the content on a day, and what kind of organisation it was."""

from mcred.record.ledger import EVER, bounds, ledger
from mcred.record.once import once
from mcred.record.view import NOTHING, Derived, View


@once
def developer(view: View) -> Derived:
    """The present developer, taken back over every transfer after the day."""
    transfers = ledger(view.record, view.head).by_name.get("transferred")
    if not transfers:
        return view.field("developer")
    later = [act for act in transfers if act.days.first > view.day]
    done = view.latest("transferred")
    if later and later[0].get("developer_from") is not None:
        return Derived(later[0].get("developer_from"), (later[0].at("developer_from"),), bool(done and done.uncertain))
    if later:
        return Derived(done.act.get("developer_to"), (done.act.at("developer_to"),), True) if done else NOTHING
    own = view.field("developer")
    pointers = ((done.act.at("developer_to"),) if done else ()) + own.pointers
    return Derived(own.value, pointers, bool(done and done.uncertain))


def developer_types(view: View) -> Derived:
    """What the developer was on the day."""
    held_by = developer(view)
    if not isinstance(held_by.value, str):
        return NOTHING
    organisation = view.organisations.get(held_by.value)
    types = organisation.get("types") if organisation else None
    if not isinstance(types, list):
        return NOTHING
    held, uncertain = [], held_by.uncertain
    for each in types:
        if not isinstance(each, dict):
            continue
        started = bounds(each["from"]) if each.get("from") else EVER
        ended = bounds(each["until"]) if each.get("until") else EVER
        if (started is EVER or started.first <= view.day) and (ended is EVER or ended.last >= view.day):
            held.append(each.get("type"))
            sure = (started is EVER or started.last <= view.day) and (ended is EVER or ended.first >= view.day)
            uncertain = uncertain or not sure
    return Derived(held, held_by.pointers, uncertain)
