# Minqingtu. The two commands are `make run` and `make test`; `make help` lists all.
# Objects and programs go to BUILD, a running district lives in RUN_DIR; neither is in git.

BUILD ?= .build
RUN_DIR ?= .run
PORT ?= 8080
SCALE ?= community
export RUN_DIR PORT SCALE

CC ?= gcc
VERSION := 0.1.0
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes
OPTIMISE ?= -O2 -g
SANITISE ?=
CFLAGS_ALL = -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DMQT_VERSION='"$(VERSION)"' \
  $(WARNINGS) $(OPTIMISE) $(SANITISE) -fno-strict-aliasing -fno-math-errno -pthread -MMD -MP $(WERROR) $(CFLAGS)
# Evaluated once, and only when something is compiled: on a bare machine the packages come first.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags gdal proj libmicrohttpd libpq libisal libdeflate pangocairo jansson libcrypto cmocka))$(PKG_CFLAGS)
PKG_LIBS_TILES = -lisal -ldeflate $(shell pkg-config --libs pangocairo fontconfig jansson)
PKG_LIBS_SCHEMA = $(shell pkg-config --libs libpq)
PKG_LIBS_ETL = $(shell pkg-config --libs gdal proj libcrypto) -lxlsxwriter
PKG_LIBS_SERVER = $(shell pkg-config --libs libmicrohttpd proj)

objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)))
TILES_OBJ := $(call objects,tiles/*.c)
SCHEMA_OBJ := $(call objects,schema/*.c)
ETL_OBJ := $(filter-out %/main.o,$(call objects,etl/*.c))
SERVER_OBJ := $(filter-out %/main.o,$(call objects,server/*.c))
# The rooms of etl that the server may call: pure functions, text or numbers in, result out.
ETL_PURE_OBJ := $(filter %/address.o %/crs.o,$(ETL_OBJ))

.PHONY: all programs
all: programs
programs: $(BUILD)/mqt-etl $(BUILD)/mqt-server

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(PKG_CFLAGS) -c $< -o $@

$(BUILD)/libtiles.a: $(TILES_OBJ)
$(BUILD)/libschema.a: $(SCHEMA_OBJ)
$(BUILD)/libetl.a: $(ETL_OBJ)
$(BUILD)/libserver.a: $(SERVER_OBJ)
$(BUILD)/lib%.a:
	@rm -f $@
	@mkdir -p $(@D)
	ar rcs $@ $^

LINK = $(CC) $(OPTIMISE) $(SANITISE) -pthread $(filter %.o %.a,$^) -o $@ $(LDFLAGS)

$(BUILD)/mqt-etl: $(BUILD)/etl/main.o $(BUILD)/libetl.a $(BUILD)/libschema.a $(BUILD)/libtiles.a
	$(LINK) $(PKG_LIBS_ETL) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm
$(BUILD)/mqt-server: $(BUILD)/server/main.o $(BUILD)/libserver.a $(ETL_PURE_OBJ) $(BUILD)/libschema.a $(BUILD)/libtiles.a
	$(LINK) $(PKG_LIBS_SERVER) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm

# Unit tests: one program a module, tests/unit/test_<module>.c.
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libserver.a $(BUILD)/libetl.a $(BUILD)/libschema.a $(BUILD)/libtiles.a
	@mkdir -p $(@D)
	$(LINK) $(shell pkg-config --libs cmocka) $(PKG_LIBS_SERVER) $(PKG_LIBS_ETL) $(PKG_LIBS_SCHEMA) $(PKG_LIBS_TILES) -lm

.PHONY: unit
unit: $(UNIT_BIN)
	@for test in $(UNIT_BIN); do echo "== $$test"; $$test || exit 1; done

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
