# The commands of the project. `make` alone lists them; each sets up .venv by itself.
#   PYTHON=python3.12   the Python that .venv is made from
#   ARGS="..."          handed on to JupyterLab (make lab) or pytest (make test)

PYTHON ?= python3
ARGS ?=

# Names of files, pipes and the terminal are UTF-8 for every Python below, whatever the locale.
export PYTHONUTF8 := 1

# The matrices of the course are small: threads for one product only wait for each other.
export OPENBLAS_NUM_THREADS := 1

# Inside .venv. The stamps are written last of all and taken away before pip starts, so a set-up
# that was cut short leaves none, and the next run starts from an empty .venv.
VENV_PYTHON := .venv/bin/python
READY := .venv/.ready
HANDOUT_READY := .venv/.ready-for-handouts
CLASSROOM_READY := .venv/.ready-for-classroom
TEST_READY := .venv/.ready-for-tests
BENCH_READY := .venv/.ready-for-bench
STAMPS := $(READY) $(HANDOUT_READY) $(CLASSROOM_READY) $(TEST_READY) $(BENCH_READY)

# JupyterHub's proxy, from npm.
PROXY := classroom/node_modules/.package-lock.json

# Not to be trusted either: a .venv whose Python or pip is gone, or that came here with a copy of the
# folder (it would import the other folder's helpers). The stamp holds the folder's name.
DAMAGED := $(shell [ -e $(READY) ] && [ "$$(cat $(READY))" = "$$(pwd -P)" ] && [ -x $(VENV_PYTHON) ] \
	&& $(VENV_PYTHON) -c 'import pip' || echo damaged)

# One line for the learner if $(PYTHON) cannot make a .venv, else nothing; and how make ends with it.
PYTHON_FAULT = $(shell \
	if ! command -v "$(PYTHON)" >/dev/null; then \
		echo "$(PYTHON) が見つかりません。Python 3.11 以上を入れてください" \
			"(no $(PYTHON) found; install Python 3.11 or newer)"; \
	elif ! found=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); then \
		echo "$(PYTHON) が動きません。上に出ている行がその理由です" \
			"($(PYTHON) does not start; the lines above say why)"; \
	elif ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "$(PYTHON) は Python $$found です。3.11 以上を入れるか、PYTHON=python3.12 のように指定してください" \
			"($(PYTHON) is Python $$found; install 3.11 or newer, or name one with PYTHON=)"; \
	elif ! "$(PYTHON)" -c 'from importlib.util import find_spec; import sys; \
			sys.exit(not (find_spec("ensurepip") and find_spec("venv")))'; then \
		echo "Python $$found に venv がありません。Debian や Ubuntu では apt install python3-venv で入ります" \
			"($(PYTHON) lacks venv or ensurepip; on Debian and Ubuntu install python3-venv)"; \
	elif ! "$(PYTHON)" -X utf8 -c 'import os, sys; names = os.getcwdb() + os.path.expanduser(b"~"); \
			sys.exit(names.decode(errors="ignore").encode() != names)'; then \
		echo "このフォルダーかホームの名前が UTF-8 ではありません。名前を変えるか、ほかの場所に置いてください" \
			"(the name of this folder or of your home is not UTF-8; rename it or use another place)"; \
	fi)
stop_with = $(if $(1),$(error $(1)))

ALONE := tests/browser/test_jupyterlab.py tests/browser/test_live_figure.py tests/classroom
PIP_INSTALL := $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check
PIP_FAILED := { echo 'パッケージを入れられませんでした。上に出ている行がその理由です。通信を確かめて、もう一度実行してください。' >&2; exit 1; }

.PHONY: help setup lab test notebooks handouts slides pdf site lint format bench classroom mutation clean damaged

help: ## この一覧を表示する
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## 準備だけをする（どのコマンドも、必要なら自動で行う）
	@echo '準備ができています（.venv）。'

lab: $(READY) ## 教材を JupyterLab で開く（ARGS=--no-browser でブラウザを開かない）
	@echo 'JupyterLab で notebooks/00_index.ipynb を開きます。終えるときは、ここで Ctrl+C を2回押します。'
	@# Containers run as root; the server listens on this machine alone and asks for its token.
	@$(VENV_PYTHON) -m jupyterlab --ip=127.0.0.1 --allow-root \
		--LabApp.default_url=/lab/tree/notebooks/00_index.ipynb $(ARGS)

test: $(TEST_READY) $(if $(shell command -v npm),$(PROXY)) ## すべてのテストを実行し、ノートブックの数値と図を比べる（2コアで 40〜60分）
	@$(VENV_PYTHON) -m handouts
	@$(VENV_PYTHON) -m handouts slides
	@$(VENV_PYTHON) -m pytest -n 2 --dist loadgroup $(ALONE:%=--ignore=%) $(ARGS)
	@# One after the other: what a kernel answers to a browser is watched by the clock there.
	@$(VENV_PYTHON) -m pytest $(ALONE) $(ARGS) || [ $$? -eq 5 ] # 5: ARGS chose none of these

notebooks: $(TEST_READY) ## すべてのノートブックを目次に合わせ、実行し直して保存する
	@$(VENV_PYTHON) -m tools.navigation; written=$$?; $(VENV_PYTHON) -m tools.execute && exit $$written

handouts: $(HANDOUT_READY) ## 配布資料（ネットワークも Python も要らない HTML）を build/handouts/ に作る
	@$(VENV_PYTHON) -m handouts

slides: $(HANDOUT_READY) ## 授業用のスライドを build/slides/ に作る
	@$(VENV_PYTHON) -m handouts slides

classroom: $(PROXY) $(CLASSROOM_READY) ## クラス用の JupyterHub を、このパソコンの中だけで試す
	@$(VENV_PYTHON) -m classroom.tryout $(ARGS)

pdf: $(HANDOUT_READY) ## 配布資料を、入っている Chromium で build/pdf/ に印刷する
	@$(VENV_PYTHON) -m handouts.pdf

site: $(HANDOUT_READY) ## ページ・スライド・PDF・ノートブックを、公開できる形で build/site/ に置く
	@$(VENV_PYTHON) -m handouts.site $(ARGS)

lint: $(TEST_READY) ## コードの書式と誤りを調べる
	@$(VENV_PYTHON) -m ruff format --check
	@$(VENV_PYTHON) -m ruff check

format: $(TEST_READY) ## コードの書式を整える
	@$(VENV_PYTHON) -m ruff format
	@$(VENV_PYTHON) -m ruff check --fix

bench: $(BENCH_READY) ## 速さ・メモリ・誤差を、ほかの方法と並べて測る（数分。ARGS="gradient rates" で一部だけ）
	@$(VENV_PYTHON) -m benchmarks $(ARGS)

mutation: $(TEST_READY) ## 誤りを1つずつ植え、テストが見つけるかを調べる（数分）
	@$(VENV_PYTHON) -m tests.mutation.run $(ARGS)

clean: ## 作られたもの（.venv、build など）をすべて消す
	rm -rf .venv build classroom/node_modules .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

damaged:
	@rm -f $(READY)

$(READY): $(DAMAGED) requirements.txt pyproject.toml $(wildcard etc/*.toml etc/jupyter/*.json etc/jupyter/labconfig/*) tools/editable.py
	@$(if $(DAMAGED),$(call stop_with,$(PYTHON_FAULT)))
	@echo '準備をしています（.venv にパッケージを入れます。初回は数分かかります）…'
	@[ -e $@ ] || "$(PYTHON)" -m venv --clear .venv
	@rm -f $(STAMPS)
	@$(PIP_INSTALL) -r requirements.txt || $(PIP_FAILED)
	@# matplotlib's font cache: else its first notebook prints on stderr that it is being built.
	@$(VENV_PYTHON) -c 'import logging; logging.getLogger("matplotlib").setLevel("ERROR"); \
		import matplotlib.font_manager'
	@pwd -P > $@

$(HANDOUT_READY): $(READY) handouts/requirements.txt
	@echo '配布資料の準備をしています…'
	@rm -f $(STAMPS)
	@$(PIP_INSTALL) -r handouts/requirements.txt || $(PIP_FAILED)
	@pwd -P > $(READY)
	@touch $@

$(CLASSROOM_READY): $(READY) classroom/requirements.txt
	@echo 'JupyterHub の準備をしています…'
	@rm -f $(STAMPS)
	@$(PIP_INSTALL) -r classroom/requirements.txt || $(PIP_FAILED)
	@pwd -P > $(READY)
	@touch $@

$(PROXY): classroom/package.json classroom/package-lock.json
	@command -v npm >/dev/null || { echo 'Node.js がありません。Node.js 18 以上と npm を入れてください' \
		'(no Node.js found; install Node.js 18 or newer, with npm)' >&2; exit 1; }
	@npm ci --prefix classroom --loglevel=error --no-audit --no-fund || $(PIP_FAILED)

$(TEST_READY): $(HANDOUT_READY) $(CLASSROOM_READY) tests/requirements.txt
	@echo 'テストの準備をしています…'
	@rm -f $(STAMPS)
	@$(PIP_INSTALL) -r tests/requirements.txt || $(PIP_FAILED)
	@pwd -P > $(READY)
	@touch $(HANDOUT_READY) $(CLASSROOM_READY) $@

$(BENCH_READY): $(TEST_READY) benchmarks/requirements.txt
	@echo '測定の準備をしています…'
	@rm -f $(STAMPS)
	@$(PIP_INSTALL) -r benchmarks/requirements.txt || $(PIP_FAILED)
	@pwd -P > $(READY)
	@touch $(HANDOUT_READY) $(CLASSROOM_READY) $(TEST_READY) $@
