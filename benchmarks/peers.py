"""The peers: how each is given a net and a case.

A peer is a function that takes a net and returns a function that takes a case and returns a function without arguments, which
computes all posteriors of all causes. Only the last is timed: a model that lasts from case to case is loaded beforehand. Where
a model must be built for the case, the peer says whether that counts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fascicle.engine.network import Floats, Network, Observation
from nets import Absorbed, absorb, textbook
from worker import NotPossible, Run

DENSE_PARENTS = 20
"""A full table for more parents is not tried: 2^21 rows for each sign."""


def quickscore(network: Network) -> Callable[[Observation], Run]:
    """Quickscore as printed (Heckerman, UAI 1989), vectorised in NumPy, float64."""
    return lambda told: lambda: textbook(network, told)


def agrum_whole(network: Network) -> Callable[[Observation], Run]:
    """LazyPropagation on the whole noisy-OR net, loaded beforehand: set evidence and targets (all causes), infer, read."""
    model = _agrum_net(network, range(len(network.signs)))
    return lambda told: _agrum_run(model, _evidence(told), range(len(network.causes) - 1))


def agrum_observed(network: Network) -> Callable[[Observation], Run]:
    """The same on a net cut down to the observed signs; building it for the case is not counted."""

    def case(told: Observation) -> Run:
        model = _agrum_net(network, (*told.present, *told.absent))
        return _agrum_run(model, _evidence(told), range(len(network.causes) - 1))

    return case


def agrum_shafer(network: Network) -> Callable[[Observation], Run]:
    """ShaferShenoyInference on the whole net, loaded beforehand."""
    import pyagrum

    model = _agrum_net(network, range(len(network.signs)))
    targets = range(len(network.causes) - 1)
    return lambda told: _agrum_run(model, _evidence(told), targets, pyagrum.ShaferShenoyInference)


def agrum_chain(network: Network) -> Callable[[Observation], Run]:
    """LazyPropagation after our help: absent signs absorbed, causes of no present sign left out, each present sign split into
    a chain of ORs of two; building counts, as it changes with every case."""
    import pyagrum

    def case(told: Observation) -> Run:
        def run() -> Floats:
            found = absorb(network, told)
            model, result = pyagrum.BayesNet(), found.prior.copy()
            for cause in found.links:
                model.add(pyagrum.RangeVariable(f"d{cause}", "", 0, 1))
                model.cpt(f"d{cause}").fillWith([1 - found.prior[cause], found.prior[cause]])
            evidence = {}
            for last, steps in _chains(found):
                for name, parents, values in steps:
                    model.add(pyagrum.RangeVariable(name, "", 0, 1))
                    for parent in parents:
                        model.addArc(parent, name)
                    model.cpt(name).fillWith(np.stack([1 - values, values], axis=-1).ravel().tolist())
                evidence[last] = 1
            linked = sorted(found.links)
            result[linked] = _agrum_run(model, evidence, linked)()
            return result

        return run

    return case


def _chains(found: Absorbed) -> list[tuple[str, list[tuple[str, list[str], Floats]]]]:
    """Each present sign as a chain of two-parent ORs: last name, and (name, parents, P(on | parents)) of every step.

    The first parent changes fastest in P(on | parents) laid out flat, as pyAgrum stores it.
    """
    chains = []
    for bit, leak in enumerate(found.leak.tolist()):
        steps: list[tuple[str, list[str], Floats]] = []
        for cause, links in found.links.items():
            if bit not in links:
                continue
            q, name = links[bit], f"s{bit}_{len(steps)}"
            if not steps:
                steps.append((name, [f"d{cause}"], np.array([leak, 1 - (1 - leak) * (1 - q)])))
            else:
                steps.append((name, [f"d{cause}", steps[-1][0]], np.array([0.0, q, 1.0, 1.0])))
        if not steps:
            steps.append((f"s{bit}_0", [], np.array([leak])))
        chains.append((steps[-1][0], steps))
    return chains


def _agrum_net(network: Network, signs: range | tuple[int, ...]) -> object:
    import pyagrum

    model = pyagrum.BayesNet()
    for i, p in enumerate(network.prevalence[0, :-1].tolist()):
        model.add(pyagrum.RangeVariable(f"d{i}", "", 0, 1))
        model.cpt(f"d{i}").fillWith([1 - p, p])
    for s in signs:
        model.addNoisyORNet(pyagrum.RangeVariable(f"s{s}", "", 0, 1), float(network.leak[0, s]))
    chosen = np.isin(network.link_sign, list(signs))
    for s, c, q in zip(
        network.link_sign[chosen].tolist(),
        network.link_cause[chosen].tolist(),
        network.link[0, chosen].tolist(),
        strict=True,
    ):
        model.addWeightedArc(f"d{c}", f"s{s}", q)
    return model


def _evidence(told: Observation) -> dict[str, int]:
    return {f"s{s}": 1 for s in told.present} | {f"s{s}": 0 for s in told.absent}


def _agrum_run(model: object, evidence: dict[str, int], targets: range | list[int], kind: type | None = None) -> Run:
    import pyagrum

    def run() -> Floats:
        engine = (kind or pyagrum.LazyPropagation)(model)
        engine.setNumberOfThreads(1)
        engine.setEvidence(evidence)
        engine.setTargets({f"d{i}" for i in targets})
        engine.makeInference()
        return np.array([engine.posterior(f"d{i}")[1] for i in targets])

    return run


def pgmpy_dense(network: Network) -> Callable[[Observation], Run]:
    """VariableElimination, greedy, on a net cut down to the observed signs, a full table each (its NoisyORCPD is one too, and
    has no leak); one query a cause, as for several it makes their joint table; building is not counted."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    def case(told: Observation) -> Run:
        model = DiscreteBayesianNetwork()
        causes = range(len(network.causes) - 1)
        model.add_nodes_from([f"d{i}" for i in causes])
        for i in causes:
            p = float(network.prevalence[0, i])
            model.add_cpds(TabularCPD(f"d{i}", 2, [[1 - p], [p]]))
        for s in (*told.present, *told.absent):
            columns = np.flatnonzero(network.link_sign == s)
            if len(columns) > DENSE_PARENTS:
                raise NotPossible(f"a sign has {len(columns)} causes: a full table of 2^{len(columns) + 1}")
            off = np.array([1 - network.leak[0, s]])
            for q in network.link[0, columns]:
                off = np.concatenate([off[:, None], off[:, None] * (1 - q)], axis=1).ravel()
            parents = [f"d{network.link_cause[column]}" for column in columns]
            model.add_node(f"s{s}")
            model.add_edges_from([(parent, f"s{s}") for parent in parents])
            model.add_cpds(TabularCPD(f"s{s}", 2, [off, 1 - off], parents or None, [2] * len(parents) or None))
        return _pgmpy_run(model, _evidence(told), causes)

    return case


def pgmpy_chain(network: Network) -> Callable[[Observation], Run]:
    """VariableElimination after the same help as pyAgrum; building counts."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    def case(told: Observation) -> Run:
        def run() -> Floats:
            found = absorb(network, told)
            model, result = DiscreteBayesianNetwork(), found.prior.copy()
            for cause in found.links:
                model.add_node(f"d{cause}")
                model.add_cpds(TabularCPD(f"d{cause}", 2, [[1 - found.prior[cause]], [found.prior[cause]]]))
            evidence = {}
            for last, steps in _chains(found):
                for name, parents, values in steps:
                    model.add_node(name)
                    model.add_edges_from([(parent, name) for parent in parents])
                    own = list(reversed(parents))  # pgmpy changes the last parent fastest
                    model.add_cpds(TabularCPD(name, 2, [1 - values, values], own or None, [2] * len(own) or None))
                evidence[last] = 1
            linked = sorted(found.links)
            result[linked] = _pgmpy_run(model, evidence, linked)()
            return result

        return run

    return case


def _pgmpy_run(model: object, evidence: dict[str, int], targets: range | list[int]) -> Run:
    from pgmpy.inference import VariableElimination

    engine = VariableElimination(model)

    def run() -> Floats:
        return np.array([engine.query([f"d{i}"], evidence, show_progress=False).values[1] for i in targets])

    return run


def sdd(network: Network) -> Callable[[Observation], Run]:
    """Absent signs absorbed by us; every present sign is the formula leak or (cause and its link) or ..., all of them compiled
    into one diagram, whose weighted count gives every posterior; compiling counts, as it changes with every case."""
    from pysdd.sdd import SddManager

    def case(told: Observation) -> Run:
        def run() -> Floats:
            found = absorb(network, told)
            weights: list[float] = []
            literal: dict[tuple[int, int], int] = {}

            def variable(p: float) -> int:
                weights.append(p)
                return len(weights)

            cause_literal = {}
            for cause, links in found.links.items():
                cause_literal[cause] = variable(float(found.prior[cause]))
                for bit, q in links.items():
                    literal[cause, bit] = variable(q)
            leaks = [variable(float(leak)) for leak in found.leak]
            manager = SddManager(var_count=len(weights), auto_gc_and_minimize=True)
            whole = manager.true()
            for bit, leak in enumerate(leaks):
                sign = manager.literal(leak)
                sign.ref()
                for cause, links in found.links.items():
                    if bit in links:
                        brought = manager.literal(cause_literal[cause]) & manager.literal(literal[cause, bit])
                        brought.ref()
                        wider = sign | brought
                        wider.ref()
                        sign.deref()
                        brought.deref()
                        sign = wider
                narrower = whole & sign
                narrower.ref()
                whole.deref()
                sign.deref()
                whole = narrower
            counter = whole.wmc(log_mode=False)
            on = np.array(weights)
            counter.set_literal_weights_from_array(np.concatenate([1 - on[::-1], on]))
            counter.propagate()
            result = found.prior.copy()
            for cause, variable_of in cause_literal.items():
                result[cause] = counter.literal_pr(variable_of)
            return result

        return run

    return case
