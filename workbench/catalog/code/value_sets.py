"""What an expression may be, put together: alternatives, items and elements."""

from workbench.catalog.code.values import ENVELOPE, Element, Item, Names, Text, Unknown, Value, Values

_MOST_ALTERNATIVES = 8
_UNKNOWN: Values = (Unknown(),)


def merge(one: Names, other: Names) -> Names:
    """The names after two branches."""
    if one == other:
        return one
    both = one.keys() & other.keys()
    return {**one, **other, **{name: either(one[name], other[name]) for name in both}}


def either(*alternatives: Values) -> Values:
    """One of the alternatives: what is not followed counts as one beside what is."""
    if all(alternatives) or not any(alternatives):
        return union(*alternatives)
    return union(*alternatives, _UNKNOWN)


def union(*alternatives: Values) -> Values:
    """All alternatives, each once, of too many the first."""
    there = [values for values in alternatives if values]
    if len(there) < 2:
        return there[0] if there else ()
    found: list[Value] = []
    for values in alternatives:
        found += [each for each in values if not any(each is other for other in found)]
    return tuple(found[:_MOST_ALTERNATIVES])


def items(of: Values, keys: Values) -> Values:
    """What stands at these keys, as far as it is followed: only credentials have keys that are asked for."""
    followed = [key for key in keys if not isinstance(key, Text) or key.text == ENVELOPE]
    return tuple([Item(each, key) for each in of for key in followed][:_MOST_ALTERNATIVES]) if followed else ()


def elements(of: Values) -> Values:
    """What iteration gives."""
    return tuple(Element(each) for each in of)
