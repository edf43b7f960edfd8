"""From typed settings to checked points: Hydra composes, our parser checks.

Every point is composed and parsed before anything runs or is written.
"""

import pickle
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Any, Final

from hydra import compose, initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, QuotedString, Transformer
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from woc_sim.cli import CONF
from woc_sim.cli import overrides as checks
from woc_sim.cli.config_dir import own_options
from woc_sim.cli.grid import grid_points
from woc_sim.cli.request import Point, Request
from woc_sim.cli.startup import one_sentence
from woc_sim.errors import UserError, short_list
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.parse import INTERVENTION_KEYS, parse, self_contained, unreached_interventions
from woc_sim.scenario.schema import with_sources

CONFIG: Final = "config"


@contextmanager
def hydra_at_conf() -> Iterator[None]:
    """Hydra, ready to compose from the folder conf/, the table of interventions and the user's folder."""
    GlobalHydra.instance().clear()
    store = ConfigStore.instance().store
    for name in EFFECTS:  # an option of the group for each, without a file; null means a default
        store(name=name, node={name: dict.fromkeys(INTERVENTION_KEYS)}, group="intervention")
    own = own_options()
    for group, options in own.items():
        for name, node in options.items():
            store(name=name, node=node, group=group, package="_global_")
    try:
        with initialize_config_dir(str(CONF), job_name="woc-sim", version_base="1.3"):
            yield
    finally:  # the next command of this process may have another folder of its own options, or none
        for group, options in own.items():
            for name in options:
                del ConfigStore.instance().repo[group][f"{name}.yaml"]


def compose_request(typed: Sequence[str], multirun: bool) -> Request:
    """Compose and check everything that a command requests. Raises UserError.

    A command requests a sweep by ``-m``, or by an experiment or sweep that has axes.
    """
    with hydra_at_conf():
        overrides = checks.read_overrides(typed, allow_sweep=True)
        chosen_axes = _axes_of_chosen(overrides)
        sweep = multirun or bool(chosen_axes)
        given_keys = {checks.canonical_key(str(each.key_or_group)) for each in overrides}
        added = [
            f"{key}={value}"
            for key, value in chosen_axes.items()
            if checks.canonical_key(key) not in given_keys
        ]
        checks.refuse_code(added)
        overrides = checks.read_overrides([*added, *typed], allow_sweep=sweep)
        hydra_overrides = [each for each in overrides if checks.is_hydra_setting(each)]
        if hydra_overrides and not sweep:
            raise UserError(
                f"{shown(repr(hydra_overrides[0].input_line))} is a setting of sweeps; use it with -m"
            )
        scenario_overrides = [each for each in overrides if not checks.is_hydra_setting(each)]
        if hydra_overrides:  # refuses a launcher that is not installed before anything is written
            _check_launcher(hydra_overrides)
            _compose(
                [*_first_values(scenario_overrides), *(str(each.input_line) for each in hydra_overrides)]
            )
        points = tuple(_points(scenario_overrides, checks.own_rules_named(scenario_overrides)))
    for sentence in dict.fromkeys(
        text for point in points for text in unreached_interventions(point.scenario)
    ):
        print(f"woc-sim: {sentence}", file=sys.stderr, flush=True)
    return Request(
        points,
        sweep,
        tuple(map(checks.composable, scenario_overrides)),
        tuple(str(each.input_line) for each in hydra_overrides),
    )


def unresolved_settings(typed: Sequence[str]) -> str:
    """The composed settings of a run as YAML, before references are resolved (`--cfg job`). A sweep shows
    its first point.
    """
    with hydra_at_conf():
        overrides = checks.read_overrides(typed, allow_sweep=True)
        config = _compose(_first_values([each for each in overrides if not checks.is_hydra_setting(each)]))
        with open_dict(config):
            del config["hydra"]
        return OmegaConf.to_yaml(config)


def settings_of(config: DictConfig) -> dict[str, Any]:
    """A composed configuration as plain settings, with all references resolved. Raises UserError."""
    try:
        settings = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except (OmegaConfBaseException, RecursionError) as error:
        key = getattr(error, "full_key", None) or "a setting"
        raise UserError(f"{shown(key)} cannot be resolved: {_first_line(error)}") from None
    assert isinstance(settings, dict)
    return {str(key): value for key, value in settings.items() if key != "hydra"}


def _check_launcher(hydra_overrides: Sequence[Override]) -> None:
    """Raise UserError for a launcher or sweeper that is not installed, and for options that the launcher
    lacks.
    """
    loader = GlobalHydra.instance().config_loader()
    chosen = [each for each in hydra_overrides if "/" in str(each.key_or_group)]
    for each in chosen:
        group, installed = str(each.key_or_group), loader.get_group_options(str(each.key_or_group))
        if each.value() not in installed:
            raise fields.invalid(group, each.value(), short_list(installed))
    config = _compose([str(each.input_line) for each in chosen]).hydra.launcher
    options = [f"{checks.LAUNCHER}{name}" for name in config if not str(name).startswith("_")]
    for each in hydra_overrides:
        option = checks.launcher_option(each)
        if option and f"{checks.LAUNCHER}{option.partition('.')[0]}" not in options:
            raise fields.unknown_name("the launcher's option", str(each.key_or_group), options)


def _axes_of_chosen(overrides: Sequence[Override]) -> dict[str, str]:
    """Axes of the chosen experiment or sweep, key -> values as typed."""
    chosen = [each for each in overrides if each.key_or_group in ("experiment", "sweep")]
    if not chosen:
        return {}
    config = _compose(_first_values(chosen))
    params = OmegaConf.to_container(config.hydra.sweeper).get("params")  # type: ignore[union-attr]
    return {str(key): str(value) for key, value in (params or {}).items()}


def _first_values(overrides: Sequence[Override]) -> list[str]:
    return list(next(_expanded(overrides)))


def _expanded(overrides: Sequence[Override]) -> Iterator[Sequence[str]]:
    """The overrides of each point, in the order in which Hydra's sweeper numbers its jobs."""
    parser = OverridesParser.create()
    count = 1
    for each in overrides:
        count *= len(checks.values_of(each))
    if count > checks.MAX_POINTS:
        raise UserError(f"the sweep has {count} points; allowed: {checks.MAX_POINTS}")
    ready = [parser.parse_override(checks.composable(each)) for each in overrides]
    yield from BasicSweeper.split_arguments(ready, None)[0]


def point_of(settings: dict[str, Any], own_rules: Mapping[str, OwnRule]) -> Point:
    """The point of composed settings. own_rules: the rules that the user named, by the text that names them;
    the settings of the point hold their identities instead. Raises UserError.
    """
    settings = self_contained(settings)
    chosen = settings.get("theory")
    named = {
        subject: own_rules[name]
        for subject, name in (chosen.items() if isinstance(chosen, Mapping) else ())
        if isinstance(name, str) and name in own_rules
    }
    if named:
        settings["theory"] = {**settings["theory"], **{subject: str(rule) for subject, rule in named.items()}}
    scenario, options = parse(settings)
    return Point(settings, with_sources(scenario, named.values()), options, {})


def _points(scenario_overrides: Sequence[Override], own_rules: Mapping[str, OwnRule]) -> Iterator[Point]:
    varied = [each for each in scenario_overrides if each.is_sweep_override()]
    alternatives = [list(_axis_values(each)) for each in varied]
    composed = grid_points(
        list(_expanded(scenario_overrides)),
        [len(each) for each in alternatives],
        lambda lines: settings_of(_compose(lines, with_hydra=False)),
        lambda line: OverridesParser.create().parse_override(line).value(),
    )
    for settings, values in zip(composed, product(*alternatives), strict=True):
        point = point_of(settings, own_rules)
        axes = {
            key.replace("/", "."): checks.identified(key, value, point.scenario.theories)
            for key, value in zip((str(each.key_or_group) for each in varied), values, strict=True)
        }
        yield replace(point, axes=axes)


def _axis_values(override: Override) -> Iterator[Any]:
    """Values of an axis as numbers and texts; a list becomes a text."""
    for value in override.sweep_iterator():
        unquoted = value.text if isinstance(value, QuotedString) else value
        yield unquoted if isinstance(unquoted, str | int | float | bool) else Transformer.str(value)


def _compose(lines: Sequence[str], with_hydra: bool = True) -> DictConfig:
    try:
        return compose(CONFIG, list(lines), return_hydra_config=with_hydra)
    except (HydraException, OmegaConfBaseException) as error:
        for name in EFFECTS:
            if f"'intervention.{name}." in str(error):
                raise UserError(f"intervention.{name} is not chosen; add intervention={name}") from None
        raise UserError(f"the settings do not fit together: {shown(_first_line(error))}") from None


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def main(typed: Sequence[str]) -> int:
    """Answer `request.compose_in_helper`: write the pickled request, or its error, to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    setattr(warnings, "formatwarning", one_sentence)  # noqa: B010 - a name of another module
    answer: Request | UserError | str
    try:
        answer = compose_request(typed, multirun=False)
    except UserError as error:
        answer = error
    except Exception:
        answer = traceback.format_exc()
    try:
        sys.stdout.buffer.write(pickle.dumps(answer))
        sys.stdout.flush()
    except BrokenPipeError:  # the parent was interrupted and has ended
        from woc_sim.cli.main import discard_output

        discard_output()
        return 1
    return 0 if isinstance(answer, Request) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
