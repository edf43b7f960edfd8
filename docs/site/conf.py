"""Settings of Sphinx; `docs.site.build` calls it with the staged pages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from woc_sim import __version__  # noqa: E402

project = "woc-sim"
author = "The woc-sim authors"
release = version = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "docs.site.docstrings", "docs.site.links"]
root_doc = "index"
exclude_patterns = ["**.ipynb_checkpoints"]
suppress_warnings = ["myst.header"]  # lists of notes have small heads

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nb_execution_mode = os.environ.get("WOC_SIM_DOCS_EXECUTION", "cache")
nb_execution_cache_path = str(ROOT / "out" / "docs-cache")
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
default_role = "py:obj"  # `Scenario` in a docstring is a link where there is such a name, and code where not
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"woc-sim {release}"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": True}
