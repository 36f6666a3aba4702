# Minqingtu. The two commands are `make run` and `make test`; `make help` lists all.
# Objects and programs go to BUILD, a running district lives in RUN_DIR; neither is in git.

BUILD ?= .build
RUN_DIR ?= .run
PORT ?= 8080
SCALE ?= community
export BUILD RUN_DIR PORT SCALE
export MQT_BUILD := $(abspath $(BUILD))

ifeq ($(origin CC),default)
CC := gcc
endif
VERSION := 0.1.0
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes
OPTIMISE ?= -O2 -g
SANITISE ?=
CFLAGS_ALL = -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DMQT_VERSION='"$(VERSION)"' \
  $(WARNINGS) $(OPTIMISE) $(SANITISE) -fno-strict-aliasing -fno-math-errno -pthread -MMD -MP $(WERROR) $(CFLAGS)
# Evaluated once, and only when something is compiled: on a bare machine the packages come first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags gdal proj libmicrohttpd libpq libisal libdeflate pangocairo jansson libcrypto expat))$(PKG_CFLAGS)
PKG_LIBS_TILES = -lisal -ldeflate $(shell pkg-config --libs pangocairo fontconfig jansson)
PKG_LIBS_SCHEMA = $(shell pkg-config --libs libpq)
PKG_LIBS_ETL = $(shell pkg-config --libs gdal proj libcrypto expat) -lxlsxwriter
PKG_LIBS_SERVER = $(shell pkg-config --libs libmicrohttpd proj)
# V=1 shows the commands.
say = $(if $(V),,@echo "  $(1)";)

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
TILES_OBJ := $(call objects,tiles/*.c)
SCHEMA_OBJ := $(call objects,schema/*.c)
ETL_OBJ := $(filter-out %/main.o,$(call objects,etl/*.c))
SERVER_OBJ := $(filter-out %/main.o,$(call objects,server/*.c))
# The rooms of etl that the server may call: pure functions, text or numbers in, result out.
ETL_PURE_OBJ := $(filter %/address.o %/crs.o %/norm.o,$(ETL_OBJ))

.SECONDARY:
.PHONY: all programs
all: programs
programs: $(BUILD)/mqt-etl $(BUILD)/mqt-server

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC   $<)$(CC) $(CFLAGS_ALL) $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/libtiles.a: $(TILES_OBJ)
$(BUILD)/libschema.a: $(SCHEMA_OBJ)
$(BUILD)/libetl.a: $(ETL_OBJ)
$(BUILD)/libserver.a: $(SERVER_OBJ)
$(BUILD)/lib%.a:
	@rm -f $@
	@mkdir -p $(@D)
	$(call say,AR   $@)ar rcs $@ $^

LINK = $(call say,LINK $@)$(CC) $(OPTIMISE) $(SANITISE) -pthread $(filter %.o %.a,$^) -o $@ $(LDFLAGS)
# What several test programs share.
$(BUILD)/libsupport.a: $(call objects,tests/support/*.c)
LIBRARIES := $(BUILD)/libsupport.a $(BUILD)/libserver.a $(BUILD)/libetl.a $(BUILD)/libschema.a $(BUILD)/libtiles.a
PKG_LIBS_ALL = $(PKG_LIBS_SERVER) $(PKG_LIBS_ETL) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm

$(BUILD)/mqt-etl: $(BUILD)/etl/main.o $(BUILD)/libetl.a $(BUILD)/libschema.a $(BUILD)/libtiles.a
	$(LINK) $(PKG_LIBS_ETL) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm
$(BUILD)/mqt-server: $(BUILD)/server/main.o $(BUILD)/libserver.a $(ETL_PURE_OBJ) $(BUILD)/libschema.a $(BUILD)/libtiles.a
	$(LINK) $(PKG_LIBS_SERVER) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm

# Unit tests: one program a module, tests/unit/test_<module>.c.
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) -lcmocka $(PKG_LIBS_ALL)

# Fuzzers: tests/fuzz/fuzz_<what>.c has LLVMFuzzerTestOneInput, its seeds lie in tests/fuzz/seeds/<what>/.
# `make test` replays the seeds with any compiler; `make fuzz` looks for new ones with clang.
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
REPLAY_BIN := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) $(PKG_LIBS_ALL)
ifndef FUZZ_ENGINE
$(REPLAY_BIN): $(BUILD)/tests/fuzz/replay.o
endif

# Benchmarks: bench_tile against ST_AsMVT in a private cluster with the sample; see tests/bench/README.md.
$(BUILD)/bench_tile: $(filter-out %/bench_raster.o %/bench_areas.o,$(call objects,tests/bench/*.c)) $(LIBRARIES)
	$(LINK) $(PKG_LIBS_ALL)
$(BUILD)/bench_raster: $(BUILD)/tests/bench/bench_raster.o $(BUILD)/libtiles.a
	$(LINK) $(PKG_LIBS_TILES) -lm
$(BUILD)/bench_areas: $(BUILD)/tests/bench/bench_areas.o $(LIBRARIES)
	$(LINK) $(PKG_LIBS_ALL)
.PHONY: bench
bench: ## ms a tile and memory, native and by ST_AsMVT; the viewer's frames; writes tests/bench/RESULTS.md
	@.ci/packages.sh run test
	@$(MAKE) $(BUILD)/bench_tile $(BUILD)/bench_raster $(BUILD)/bench_areas $(BUILD)/mqt-etl
	@BUILD=$(BUILD) tests/bench/run.sh
	@$(BUILD)/bench_raster
	@BUILD=$(BUILD) tests/bench/load.sh
	@$(BUILD)/bench_areas
	@$(MAKE) $(BUILD)/mqt-server web
	@PATH="$$(.ci/node.sh)" MQT_BUILD=$(abspath $(BUILD)) node tests/bench/bench_viewer.mjs --out tests/bench/RESULTS.md

# The browser side. npm runs under a node that is new enough; playwright brings no browser of its own.
WEB_SRC := $(shell find web \( -name node_modules -o -name dist -o -name docs \) -prune -o -type f ! -name '*.md' -print)
NPM = PATH="$$(.ci/node.sh)" PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm --prefix web
web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(NPM) ci --no-audit --no-fund
	@touch $@
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SRC)
	$(NPM) run build
	@touch $@

.PHONY: run test web unit schema-test etl-test http-test browser-test run-test unit-programs replay-programs fuzz-replay
run: ## build all, make a private database, load the sample district, serve it on PORT
	@server/run.sh
test: ## everything: unit, schema, loader, HTTP, fuzz seeds, browser
	@tests/run.sh unit schema etl http fuzz run browser
web: web/dist/index.html ## the browser side alone
	@:
unit: ## C unit tests alone
	@tests/run.sh unit
schema-test: ## schema tests alone
	@tests/run.sh schema
etl-test: ## loader tests alone
	@tests/run.sh etl
http-test: ## HTTP tests alone
	@tests/run.sh http
browser-test: ## browser tests alone
	@tests/run.sh browser
run-test: ## tests of make run itself alone
	@tests/run.sh run
fuzz-replay: ## replay the fuzzers' seeds
	@tests/run.sh fuzz
unit-programs: $(UNIT_BIN)
replay-programs: $(REPLAY_BIN)

# Sanitised builds are builds of their own.
SANITISED = BUILD=$(BUILD)-$(1) OPTIMISE="-O1 -g -fno-omit-frame-pointer"
.PHONY: asan tsan fuzz
asan: ## unit and HTTP tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) $(call SANITISED,asan) SANITISE="-fsanitize=address,undefined -fno-sanitize-recover=all" sanitised-tests \
	  TESTS="unit etl http fuzz" \
	  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/lsan.supp:print_suppressions=0 \
	  UBSAN_OPTIONS=print_stacktrace=1
tsan: ## unit tests under ThreadSanitizer
	@$(MAKE) $(call SANITISED,tsan) SANITISE=-fsanitize=thread sanitised-tests TESTS=unit \
	  TSAN_OPTIONS=halt_on_error=1:suppressions=$(CURDIR)/tests/support/tsan.supp
.PHONY: sanitised-tests
sanitised-tests:
	@tests/run.sh $(TESTS)
FUZZ_SECONDS ?= 20
fuzz: ## search with each fuzzer for FUZZ_SECONDS
	@.ci/packages.sh run check
	@$(MAKE) $(call SANITISED,fuzz) CC=clang FUZZ_ENGINE=1 CFLAGS=-fsanitize=fuzzer-no-link LDFLAGS=-fsanitize=fuzzer \
	  SANITISE="-fsanitize=address,undefined -fno-sanitize-recover=all" replay-programs
	@for program in $(patsubst tests/fuzz/%.c,$(BUILD)-fuzz/fuzz/%,$(FUZZ_SRC)); do \
	  name=$${program##*/fuzz_}; mkdir -p $(BUILD)-fuzz/found/$$name; echo "== $$name"; \
	  $$program -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 $(BUILD)-fuzz/found/$$name tests/fuzz/seeds/$$name || exit 1; \
	done

# What a reader may expect of every line: its format, no warning from two compilers, who includes whom.
C_FILES := $(wildcard tiles/*.[ch] schema/*.[ch] etl/*.[ch] server/*.[ch] tests/*/*.[ch])
ALL_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter %.c,$(C_FILES)))
.PHONY: check compile-all format
compile-all: $(ALL_OBJ)
check: ## format, include rules, warnings as errors with gcc and clang, scripts, types
	@.ci/packages.sh run check
	@echo "clang-format, $(words $(C_FILES)) files"; clang-format --dry-run -Werror $(C_FILES)
	shellcheck -S warning $$(git ls-files '*.sh' .ci/run)
	$(MAKE) BUILD=$(BUILD)-check-gcc CC=gcc WERROR=-Werror compile-all
	BUILD=$(BUILD)-check-gcc .ci/check-includes.sh
	$(MAKE) BUILD=$(BUILD)-check-clang CC=clang WERROR=-Werror compile-all
	$(MAKE) web/node_modules/.package-lock.json
	$(NPM) run check
format: ## clang-format all C files in place
	clang-format -i $(C_FILES)

PREFIX ?= /usr/local
.PHONY: install clean help
install: programs web/dist/index.html ## programs, pages, styles and schema below PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/minqingtu/web
	install -m 755 $(BUILD)/mqt-etl $(BUILD)/mqt-server $(DESTDIR)$(PREFIX)/bin
	cp -R web/dist web/styles $(DESTDIR)$(PREFIX)/share/minqingtu/web
	cp -R schema $(DESTDIR)$(PREFIX)/share/minqingtu
	rm -f $(DESTDIR)$(PREFIX)/share/minqingtu/schema/*.[ch]
clean: ## what was built; RUN_DIR with its data, .tools and node_modules stay
	@for prepared in $(wildcard $(BUILD)*/prepared/*/cluster); do RUN_DIR=$${prepared%/cluster} schema/cluster.sh destroy; done
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tsan $(BUILD)-fuzz $(BUILD)-check-gcc $(BUILD)-check-clang web/dist tests/browser/results
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo "Variables: PORT=$(PORT) RUN_DIR=$(RUN_DIR) SCALE=$(SCALE) BUILD=$(BUILD) MQT_DATABASE_URL=$(MQT_DATABASE_URL)"

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
