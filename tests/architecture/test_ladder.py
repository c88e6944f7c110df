"""The ladder beyond what import-linter sees: nothing is left out of it, foreign keys point down."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

ROOT = Path(settings.BASE_DIR)
LINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]
LAYERS: list[str] = LINTER["contracts"][0]["layers"]
# Rung of each package, counted from above.
RUNGS = {
    name.strip("() "): number
    for number, layer in enumerate(LAYERS)
    for name in layer.replace(":", "|").split("|")
}
OURS = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT)]
OURS = [config for config in OURS if ".venv" not in config.path]


def rung_of(model: type[Model]) -> int:
    name = model._meta.app_config.name
    return RUNGS[name]


def test_every_app_is_linted() -> None:
    apps_in_use = {config.name.split(".")[0] for config in OURS}
    missing = apps_in_use - set(LINTER["root_packages"])
    assert not missing, "put them into root_packages of import-linter in pyproject.toml"


def test_every_module_of_the_root_has_a_rung() -> None:
    modules = {
        f"leadmgmt.{path.stem}"
        for path in (ROOT / "leadmgmt").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    missing = modules - set(RUNGS) - {"leadmgmt.__init__"}
    assert not missing, "put them into the layers of import-linter in pyproject.toml"


def targets_of(model: type[Model]) -> list[type[Model]]:
    fields = [field for field in model._meta.get_fields() if getattr(field, "concrete", False)]
    targets = [field.related_model for field in fields]
    return [target for target in targets if isinstance(target, type)]


@pytest.mark.parametrize(
    "model", [model for config in OURS for model in config.get_models()], ids=str
)
def test_foreign_keys_point_down_or_stay(model: type[Model]) -> None:
    for target in targets_of(model):
        if target._meta.app_config in OURS and target._meta.app_config != model._meta.app_config:
            assert rung_of(target) > rung_of(model), f"{model} points up at {target}"
