"""Reports written once for all tests: a full one, an empty one, and one in which nothing was read."""

import numpy as np
import pandas as pd
import pytest
from validation_album import Album, write_album, write_validation


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    """The report of a full validation."""
    path = tmp_path_factory.mktemp("validation")
    write_validation(path)
    return write_album(path)


@pytest.fixture(scope="session")
def empty_album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    """The report of a folder without any table."""
    return write_album(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def nan_album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    """The report of a validation in which nothing could be read."""

    def blank(frame: pd.DataFrame) -> pd.DataFrame:
        keys = {"rrp", "replicate", "structure", "n"}
        numbers = [name for name in frame.select_dtypes("number").columns if name not in keys]
        return frame.assign(**dict.fromkeys(numbers, np.nan))

    path = tmp_path_factory.mktemp("nan")
    write_validation(path, blank)
    return write_album(path)
