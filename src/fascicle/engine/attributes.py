"""What categorical evidence says of R: attributes of the event, alone or shaped together, and covariates.

Attributes are independent given R, but for those of one event syndrome: these are summed over its two states.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fascicle.engine.network import Attribute, EventSyndrome, Floats, Network

AT_ONCE = 32
"""So many factors are multiplied before the logarithm is taken; even at a millionth each they stay in range."""


def attribute_evidence(network: Network, weights: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Return log P(attribute evidence | R), and the prevalence after the covariates: (draws, causes) each.

    weights: attribute -> (options,) likelihood of the report for each option. Exact; linear in what is known.
    """
    together = frozenset(name for syndrome in network.event_syndromes for name in syndrome.on)
    alone = [(network.attributes[name], weight) for name, weight in weights.items() if name not in together]
    total, odds = log_together(network, weights), network.prevalence
    for start in range(0, len(alone), AT_ONCE):
        product = np.ones_like(total)
        for attribute, weight in alone[start : start + AT_ONCE]:
            factor = likelihood(attribute, weight)
            product *= factor
            if attribute.moves_prevalence is not None:
                odds = odds * np.where(attribute.moves_prevalence, factor, 1.0)
        with np.errstate(divide="ignore"):
            total += np.log(product)
    return total, odds / (1.0 - network.prevalence + odds)


def likelihood(attribute: Attribute, weight: Floats) -> Floats:
    """P(report | R = cause), over that in ordinary subjects for a covariate: (draws, causes)."""
    own = chance(attribute.table, weight)
    return own if attribute.background is None else own / chance(attribute.background, weight)[:, None]


def log_factor(attribute: Attribute, weight: Floats) -> Floats:
    """Log P(report | R = cause), against the background for a covariate: (draws, causes)."""
    option = plain(weight)
    if option is not None and len(attribute.table) == 1:  # with many draws, keeping them would take much room
        told: Floats = attribute.log_told[option]
        return told
    with np.errstate(divide="ignore"):
        return np.log(likelihood(attribute, weight))


def chance(table: Floats, weight: Floats) -> Floats:
    """P(report | R), from the table of the property: (..., options) -> (...).

    weight: (options,) likelihood of one report for each option; or (terms, factors, options), a sum of products of such.
    """
    option = plain(weight)
    if option is not None:
        return table[..., option]
    if weight.ndim == 1:
        return table @ weight
    found: Floats = np.einsum("...o,tfo->...tf", table, weight).prod(axis=-1).sum(axis=-1)
    return found


def plain(weight: Floats) -> int | None:
    """The option that a report names for certain, None where it leaves several open."""
    if weight.ndim > 1:
        return None
    likely = weight.tolist()
    return likely.index(1.0) if likely.count(0.0) == len(likely) - 1 and 1.0 in likely else None


def log_together(network: Network, weights: Mapping[str, Floats]) -> Floats:
    """Log P(reports on the attributes of event syndromes | R), 0 where none is known: (draws, causes)."""
    total = np.zeros_like(network.log_rate)
    for syndrome in network.event_syndromes:
        if not syndrome.on.keys().isdisjoint(weights):
            on, off = _states(syndrome, weights)
            with np.errstate(divide="ignore"):
                total = total + np.log(on + off)
    return total


def options_given(network: Network, weights: Mapping[str, Floats], name: str) -> Floats:
    """P(option of an attribute of the event | R, what is known of the others): (draws, causes, options)."""
    syndrome = next((s for s in network.event_syndromes if name in s.on), None)
    if syndrome is None:
        return network.attributes[name].table
    on, off = _states(syndrome, {n: w for n, w in weights.items() if n != name})
    total = on + off
    possible = np.where(total > 0, total, 1.0)
    share = np.where(total > 0, on / possible, syndrome.share)[..., None]
    return share * syndrome.on[name] + (1 - share) * syndrome.off[name]


def _states(syndrome: EventSyndrome, weights: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """P(state on, reports | R) and P(state off, reports | R)."""
    on, off = syndrome.share, 1 - syndrome.share
    for name in sorted(syndrome.on.keys() & weights.keys()):
        on = on * chance(syndrome.on[name], weights[name])
        off = off * chance(syndrome.off[name], weights[name])
    return on, off
