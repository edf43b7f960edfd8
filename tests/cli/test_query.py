"""`woc-sim query` reads two tables and nothing else; everything else is refused in one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woc_sim.cli import query
from woc_sim.cli.query import main, run_query
from woc_sim.errors import UserError

RUNS = pd.DataFrame(
    {
        "run_id": ["a", "b", "c"],
        "executive": ["=1+1", "<b>", None],
        "mixed": ["many", 0.5, None],
        "flag": [True, False, True],
        "mipex_total": [1.0, np.nan, 3.0],
        "tokens": [1, 2, 3],
    }
)
MONTHLY = pd.DataFrame({"run_id": ["a", "a"], "month": ["2012-01", "2012-02"], "residents": [80.0, 81.0]})


def load(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return RUNS, MONTHLY


@pytest.mark.parametrize(
    ("sql", "first"),
    [
        ("select count(*) as n, avg(mipex_total) as m, sum(tokens) as t from runs", [3, 2.0, 6]),
        ("from runs select tokens limit 1", [1]),
        ("with t as (from monthly) select max(month) from t", ["2012-02"]),
        ("select mixed from runs where run_id = 'b'", ["0.5"]),
        ("select count(*) from runs where mipex_total is null", [1]),
        ("select tokens from runs where flag -- true", [1]),
        ("select tokens from runs;", [1]),
        ("pivot (select flag, tokens from runs) on flag using sum(tokens)", [2, 4]),
        ("show tables", ["monthly"]),
        ("select tokens, tokens from runs", [1, 1]),
        ("values (7)", [7]),
    ],
)
def test_questions_are_answered(sql: str, first: list[object]) -> None:
    assert run_query(RUNS, MONTHLY, sql).iloc[0].tolist() == first


def test_tables_are_described() -> None:
    assert run_query(RUNS, MONTHLY, "describe runs")["column_name"].tolist() == list(RUNS.columns)
    assert len(run_query(RUNS, None, "summarize runs")) == len(RUNS.columns)
    with pytest.raises(UserError, match="kept no months"):
        run_query(RUNS, None, "from monthly")
    with pytest.raises(UserError, match="kept no months"):
        run_query(RUNS, pd.DataFrame(), "from monthly")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{file}')",
        "select * from read_blob('{file}')",
        "select * from read_csv('{file}')",
        "select * from read_json('{file}')",
        "select * from read_parquet('{file}')",
        "select * from parquet_metadata('{file}')",
        "select * from sniff_csv('{file}')",
        "select * from '{file}'",
        "select * from glob('{folder}/*')",
        "from query('from read_text(''{file}'')')",
        "pivot (from read_csv('{file}')) on a using count(*)",
        "select * from duckdb_secrets()",
        "copy runs to '{folder}/out.csv'",
        "copy (select 1) to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "import database '{folder}'",
        "attach '{folder}/out.db'",
        "install httpfs",
        "load httpfs",
        "load '{folder}/x.duckdb_extension'",
        "select * from read_csv('https://example.org/x.csv')",
        "set enable_external_access=true",
        "set lock_configuration=false",
        "set threads=64",
        "reset memory_limit",
        "pragma enable_profiling",
        "call enable_logging(storage='file', storage_path='{folder}/log')",
        "select * from enable_logging(storage='file', storage_path='{folder}/log')",
        "create table x as select 1",
        "create macro f() as 1",
        "insert into runs values (1)",
        "delete from runs",
        "update runs set tokens = 0",
        "drop view runs",
        "explain analyze copy runs to '{folder}/out.csv'",
        "prepare x as select 1",
        "begin",
        "checkpoint",
        "vacuum",
        "select 1; select 2",
        "from runs; copy runs to '{folder}/out.csv'",
        "",
        " -- nothing",
        "select",
        "selekt 1",
        "select * from secret",
        "select nothing from runs",
        "select '\x1b[31m' from",
        "select " + "x" * 5000,
        "(" * 5000,
        "select cast('a' as int)",
        "select 1\x00; drop",
        "select * from pandas_scan(1)",
        "select getenv('HOME')",
    ],
)
def test_everything_else_is_one_sentence_and_touches_nothing(sql: str, tmp_path: Path) -> None:
    secret = pd.DataFrame({"key": [1]})
    file = tmp_path / "private.csv"
    file.write_text("a,b\nprivate,2\n")
    with pytest.raises(UserError) as refused:
        run_query(RUNS, MONTHLY, sql.replace("{file}", str(file)).replace("{folder}", str(tmp_path)))
    said = refused.value.sentence
    assert len(said) <= 300
    assert said.isprintable()
    assert "private,2" not in said
    assert os.listdir(tmp_path) == ["private.csv"]
    assert len(secret) == 1


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select count(*) from range(1000000000) a, range(1000000000) b where a.range % 7 = b.range % 5",
            "memory|longer",
        ),
        ("select a.range from range(1000000000) a, range(1000000000) b order by 1", "memory|longer"),
        ("select list(range) from range(1000000000)", "memory|longer"),
        ("with recursive t as (select 1 x union all select x + 1 from t) select max(x) from t", "longer"),
        ("from range(1000)", "more than 500 rows"),
    ],
)
def test_too_much_is_one_sentence(sql: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MAX_SECONDS", 1.0)
    monkeypatch.setattr(query, "MAX_ROWS", 500)
    with pytest.raises(UserError, match=said):
        run_query(RUNS, MONTHLY, sql)


@pytest.mark.skipif(os.name == "nt", reason="a signal to one's own process has no equal there")
def test_ctrl_c_ends_it() -> None:
    stop = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT))
    stop.start()
    clock = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        run_query(
            RUNS,
            MONTHLY,
            "select count(*) from range(1000000000) a, range(1000000000) b where a.range % 7 = b.range",
        )
    assert time.perf_counter() - clock < 10


def test_what_is_printed_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["d", "select chr(27) || '[31m' as x, executive, 'a\nb' as \"c\x1bd\" from runs"], load) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "?[31m" in said
    assert len(said.splitlines()) == 4
    assert main(["d", "--csv", "select executive, tokens from runs order by tokens"], load) == 0
    assert capsys.readouterr().out == "executive,tokens\n'=1+1,1\n<b>,2\n,3\n"
    assert main(["d", "from range(250)"], load) == 0
    assert "... 150 more rows" in capsys.readouterr().out


def test_a_result_becomes_a_file_that_is_whole_or_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("x.csv", "x.parquet"):
        target = tmp_path / "new" / name
        assert main(["d", "select tokens from runs", f"to={target}"], load) == 0
        found = pd.read_csv(target) if name.endswith("csv") else pd.read_parquet(target)
        assert found["tokens"].tolist() == [1, 2, 3]
        with pytest.raises(UserError, match="exists and is not overwritten"):
            main(["d", "select 1", f"to={target}"], load)
    with pytest.raises(UserError, match="the query failed"):
        main(["d", "select nothing from runs", f"to={tmp_path / 'y.csv'}"], load)
    with pytest.raises(UserError, match="cannot be written"):
        main(["d", "select 1", f"to={tmp_path / 'new' / 'x.csv' / 'y.csv'}"], load)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["new", "x.csv", "x.parquet"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["d"],
        ["d", "select 1", "more"],
        ["d", "select 1", "--json"],
        ["d", "select 1", "to=x.txt"],
        ["d", "select 1", "to=a.csv", "to=b.csv"],
    ],
)
def test_mistakes(arguments: list[str]) -> None:
    with pytest.raises(UserError):
        main(arguments, load)


def test_help_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], load) == 0
    assert "can read only these two tables" in capsys.readouterr().out


def test_the_locked_database_leaves_no_word_when_the_process_ends() -> None:
    code = (
        "import pandas as pd; from woc_sim.cli.query import run_query; "
        "print(run_query(pd.DataFrame({'a': [1]}), None, 'from runs'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
