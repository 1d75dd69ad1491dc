# SPDX-License-Identifier: GPL-3.0-or-later
# Asks hydra-core 1.3.2 to compose a tree of files. Used by the makers in this folder.
import logging, os, pathlib, shutil, tempfile, warnings

import yaml
from hydra import version as hydra_version
from hydra._internal import config_loader_impl
from hydra._internal.utils import create_config_search_path
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.core.utils import JobRuntime, setup_globals
from hydra.errors import ConfigCompositionException, HydraException, MissingConfigException
from hydra.types import RunMode
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
setup_globals()
Plugins.instance()
JobRuntime.instance().set("name", "app")
# The list that a composition was made from, caught on its way.
caught = []
make_list = config_loader_impl.create_defaults_list
config_loader_impl.create_defaults_list = lambda **given: caught.append(make_list(**given)) or caught[-1]


def simple(value):
    return all(map(simple, value)) if isinstance(value, (list, tuple)) else (
        all(isinstance(k, str) and simple(v) for k, v in value.items()) if isinstance(value, dict) else
        value is None or isinstance(value, (bool, int, float, str)) and value == value and abs(value if isinstance(value, float) else 0) < 1e300)


def refusal(error):
    first = str(error).strip().split("\n")[0]
    if type(error) is ConfigCompositionException and isinstance(error.__cause__, OmegaConfBaseException):
        if not first:
            return {"error": type(error).__name__}
    if isinstance(error, (ConfigCompositionException, MissingConfigException, HydraException)):
        row = {"error": type(error).__name__}
        # The position in the parser's words is the override grammar's own test.
        if row["error"] != "OverrideParseException" and first:
            row["text"] = first
        return row
    return {"error": "YAMLError" if isinstance(error, yaml.YAMLError) else "any"}


def ask(files, name, overrides, version=None, extra=()):
    """None: the answer cannot be kept as JSON."""
    folder = tempfile.mkdtemp()
    try:
        for path, text in files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        hydra_version.setbase(version)
        loader = config_loader_impl.ConfigLoaderImpl(create_config_search_path(folder))
        try:
            cfg = loader.load_configuration(name, list(overrides), RunMode.RUN, from_shell=False)
        except RecursionError:
            return None
        except Exception as error:
            row = refusal(error)
            return row if folder not in row.get("text", "") else None
        hydra = OmegaConf.to_container(cfg.hydra, resolve=False)
        task = OmegaConf.masked_copy(cfg, [key for key in cfg if key != "hydra"])
        data = OmegaConf.to_container(task, resolve=False)
        answer = {
            "data": data,
            "choices": {k: v for k, v in hydra["runtime"]["choices"].items() if not k.startswith("hydra/")},
            "list": [[d.config_path, d.package, d.is_self, d.parent] for d in caught[-1].defaults if not d.config_path.startswith("hydra/")],
            "dirname": hydra["job"]["override_dirname"],
        }
        if "${" in str(data):
            HydraConfig.instance().set_config(cfg)
            try:
                OmegaConf.resolve(task)
                answer["resolved"] = OmegaConf.to_container(task, resolve=False)
            except OmegaConfBaseException as error:
                answer["resolved_error"] = type(error).__name__
        for key in extra:
            answer[key] = hydra[key]
        return answer if simple(data) and simple(answer.get("resolved")) else None
    finally:
        shutil.rmtree(folder)
