# Mirante: the commands of the README. Everything happens inside .venv; nothing is installed outside it except,
# for the browser tests on a bare Debian, the chromium package.
PYTHON  ?= python3
PORT    ?= 8501
VENV    := .venv
BIN     := $(VENV)/bin
PY      := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help run test unit slow browser lint format bench lock locale train-encoder train-film train-decoder train-translator screenshots clean

help:            ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Stamp files: a second `make run` installs nothing.
$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	@touch $@

# PyTorch's build differs by machine (a CPU build satisfies the same pin): it is in no lock and comes first.
$(VENV)/.installed: requirements.txt requirements.lock $(VENV)/.created
	$(PY) -m pip install --disable-pip-version-check "$$(grep '^torch==' requirements.txt)"
	$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PY) -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/.installed   ## install what is missing and open the app at http://127.0.0.1:8501
	@echo "Mirante: http://127.0.0.1:$(PORT)"
	$(PY) -m ui --port $(PORT)

browser: $(VENV)/.installed-dev   ## install a browser for the tests if there is none
	PY=$(PY) sh tools/browser.sh

lint: $(VENV)/.installed-dev   ## ruff over the tree (rules, format), mypy over core
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev   ## let ruff mend and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

unit: $(VENV)/.installed-dev   ## the tests that need no browser
	$(BIN)/pytest -m "not e2e and not slow"
	@sh tools/js_tests.sh

test: browser lint   ## everything CI runs: lint, Python tests, browser tests, JavaScript tests; three files at a time (the browser tests mostly wait)
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 3 --dist loadfile --durations=40
	@sh tools/js_tests.sh

slow: browser   ## the tests that take long: further views in the browser, a class and floods, the film trained again (MIRANTE_CORPORA names the corpora)
	$(BIN)/pytest -m slow

bench: browser   ## measure side by side and write benchmarks/results
	$(PY) -m benchmarks

lock: $(VENV)/.created   ## write requirements.lock from requirements.txt: every file by its digest; versions stay where they still fit
	$(PY) -m pip install --disable-pip-version-check --quiet uv==0.13.8
	grep -v '^torch==' requirements.txt | $(BIN)/uv pip compile - --quiet --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" --output-file requirements.lock

locale: $(VENV)/.installed   ## collect msgids and update assets/locale
	mkdir -p build
	$(PY) -m tools.msgids build/mirante.pot
	$(BIN)/pybabel update -i build/mirante.pot -d assets/locale -D mirante --no-fuzzy-matching --no-wrap
	$(PY) -m tools.standalone_texts

train-encoder: $(VENV)/.installed   ## train mirante-encoder-pt (MIRANTE_CORPORA names the folder of corpora)
	$(PY) -m training.encoder all --minutes 78

train-film: $(VENV)/.installed   ## train mirante-film, every frame of it (MIRANTE_CORPORA names the folder of corpora)
	$(PY) -m training.film all

train-decoder: $(VENV)/.installed   ## train mirante-decoder-pt (MIRANTE_CORPORA names the folder of corpora)
	$(PY) -m training.decoder all --minutes 45

train-translator: $(VENV)/.installed-dev   ## train mirante-translator (MIRANTE_CORPORA names the folder of corpora)
	$(PY) -m training.translator all --minutes 45

screenshots: browser   ## screenshots of docs/tour.md, light and dark
	$(PY) -m tools.screenshots

clean:           ## remove what the commands made
	rm -rf $(VENV) build .pytest_cache .ruff_cache
