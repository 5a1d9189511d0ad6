"""What categorical evidence says of R: attributes of the event, alone or shaped together, and covariates.

Attributes are independent given R, but for those of one event syndrome: these are summed over its two states.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fascicle.engine.network import Attribute, EventSyndrome, Floats, Network


def attribute_evidence(network: Network, weights: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Return log P(attribute evidence | R), and the prevalence after the covariates: (draws, causes) each.

    weights: attribute -> (options,) likelihood of the report for each option. Exact; linear in what is known.
    """
    total = np.zeros_like(network.log_rate)
    log_odds = np.zeros_like(network.log_rate)
    together = frozenset(name for syndrome in network.event_syndromes for name in syndrome.on)
    for name, weight in weights.items():
        if name in together:
            continue
        attribute = network.attributes[name]
        term = log_factor(attribute, weight)
        total = total + term
        if attribute.moves_prevalence is not None:
            log_odds = log_odds + np.where(attribute.moves_prevalence, term, 0.0)
    total = total + log_together(network, weights)
    moved = np.exp(log_odds)
    prevalence = network.prevalence * moved
    return total, prevalence / (1.0 - network.prevalence + prevalence)


def log_factor(attribute: Attribute, weight: Floats) -> Floats:
    """Log P(report | R = cause), against the background for a covariate: (draws, causes)."""
    with np.errstate(divide="ignore"):
        likelihood = np.log(chance(attribute.table, weight))
        if attribute.background is None:
            return likelihood
        return likelihood - np.log(chance(attribute.background, weight))[:, None]


def chance(table: Floats, weight: Floats) -> Floats:
    """P(report | R), from the table of the property: (..., options) -> (...).

    weight: (options,) likelihood of one report for each option; or (terms, factors, options), a sum of products of such.
    """
    if weight.ndim == 1:
        return table @ weight
    found: Floats = np.einsum("...o,tfo->...tf", table, weight).prod(axis=-1).sum(axis=-1)
    return found


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
