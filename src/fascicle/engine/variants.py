"""Several variants of one network side by side, so that one case may take each answer from another of them.

The variants differ in how reliably signs and attributes are seen, not in the causes: every sign and attribute stands
once for each variant. What is not known costs nothing, so a case has the same answer as on a network put together for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from fascicle.engine.network import EventSyndrome, Floats, Network, Observation, Syndrome


def side_by_side(variants: Mapping[str, Network]) -> Network:
    """Return one network with the signs of every variant, one variant after the other, and its attributes by `named`.

    The first variant keeps its indices and names; it holds the hidden states. Linear in the sum of their links.
    """
    networks = list(variants.values())
    first, count = networks[0], len(networks[0].signs)
    starts = [count * i for i in range(len(networks))]

    def joined(pieces: Sequence[Floats]) -> Floats:
        return np.concatenate(pieces, axis=1)

    return replace(
        first,
        signs=tuple(named(sign, v, variants) for v, network in variants.items() for sign in network.signs),
        leak=joined([network.leak for network in networks]),
        link_sign=np.concatenate([n.link_sign + start for n, start in zip(networks, starts, strict=True)]),
        link_cause=np.concatenate([network.link_cause for network in networks]),
        link=joined([network.link for network in networks]),
        link_responsible=joined([network.link_responsible for network in networks]),
        attributes={named(n, v, variants): a for v, network in variants.items() for n, a in network.attributes.items()},
        grades=tuple(
            replace(g, sign=g.sign + start) for n, start in zip(networks, starts, strict=True) for g in n.grades
        ),
        syndromes=tuple(
            Syndrome(
                first.syndromes[i].node,
                np.concatenate([n.syndromes[i].members + start for n, start in zip(networks, starts, strict=True)]),
                joined([network.syndromes[i].strength for network in networks]),
            )
            for i in range(len(first.syndromes))
        ),
        event_syndromes=tuple(
            EventSyndrome(
                first.event_syndromes[i].share,
                {named(n, v, variants): t for v, x in variants.items() for n, t in x.event_syndromes[i].on.items()},
                {named(n, v, variants): t for v, x in variants.items() for n, t in x.event_syndromes[i].off.items()},
            )
            for i in range(len(first.event_syndromes))
        ),
    )


def named(name: str, variant: str, variants: Mapping[str, Network]) -> str:
    """The name of a sign or attribute in a variant; the first keeps the plain name."""
    return name if variant == next(iter(variants)) else f"{name} ({variant})"


def seen_by(observation: Observation, who: Mapping[str, str], variants: Mapping[str, Network]) -> Observation:
    """Return the observation on the network of all variants. who: sign or attribute -> variant, else the first."""
    signs = next(iter(variants.values())).signs
    order = {variant: i for i, variant in enumerate(variants)}

    def place(sign: int) -> int:
        return sign + len(signs) * order[who[signs[sign]]] if signs[sign] in who else sign

    return Observation(
        {named(n, who[n], variants) if n in who else n: weight for n, weight in observation.weights.items()},
        tuple(place(sign) for sign in observation.present),
        tuple(place(sign) for sign in observation.absent),
        {place(sign): pair for sign, pair in observation.soft.items()},
        {place(sign): pair for sign, pair in observation.ranges.items()},
    )
