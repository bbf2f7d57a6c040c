# kubectl-clusterutils. Two commands for a newcomer: make demo, make test. `make help` lists the rest.

PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
DESTDIR  ?=
CC       ?= cc
CFLAGS   ?= -O2 -g
CPPFLAGS ?=
LDFLAGS  ?=
PKG_CONFIG ?= pkg-config
BUILD    ?= build
FIXTURES ?= ../shared/fixtures
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
WERROR   ?=
SANITIZE ?=
COVERAGE ?=
V        ?=

PROGRAM  := $(BUILD)/kubectl-clusterutils
LIBRARY  := $(BUILD)/libclusterutils.a
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

# --- packages: what must be there before anything compiles -------------------------------------------------------

PACKAGES := libcjson yaml-0.1 zlib
DEPS_CFLAGS  = $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
DEPS_LIBS    = $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)
CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check 2>/dev/null)
CHECK_LIBS   = $(shell $(PKG_CONFIG) --libs check 2>/dev/null)

# --- flags: ours apart from the user's ---------------------------------------------------------------------------

cc_option = $(shell printf 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c -o /dev/null - 2>/dev/null && echo $(1))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
            -Wformat=2 -Wvla -Wundef -Wcast-qual -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough -Wnull-dereference
comma    := ,
HARDEN   := $(call cc_option,-fstack-protector-strong) $(call cc_option,-fstack-clash-protection) \
            $(call cc_option,-fcf-protection) -fPIE
HARDEN_LINK := $(call cc_option,-pie) $(call cc_option,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now) \
            $(call cc_option,-Wl$(comma)-z$(comma)noexecstack)

OUR_CFLAGS = -std=c17 $(WARNINGS) $(HARDEN) -fno-common -fvisibility=hidden -ffile-prefix-map=$(CURDIR)=. \
             $(if $(WERROR),-Werror) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
             $(if $(COVERAGE),--coverage)
OUR_CPPFLAGS = -D_GNU_SOURCE -Iinclude $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
OUR_LDFLAGS = $(HARDEN_LINK) $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(if $(COVERAGE),--coverage)
COMPILE    = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(DEPS_CFLAGS) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP
LINK       = $(CC) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS)

# --- sources: found, never listed ---------------------------------------------------------------------------------

SOURCES  := $(filter-out src/main.c,$(wildcard src/*/*.c plugins/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/demo_data.o
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*_test.c))
TOPICS   := $(patsubst tests/fixtures/%.c,$(BUILD)/tests/fixtures/%,$(wildcard tests/fixtures/*_fixture.c))
TEST_LIB := $(patsubst tests/support/%.c,$(BUILD)/tests/support/%.o,$(wildcard tests/support/*.c))

.PHONY: all
all: $(PROGRAM)

$(PROGRAM): $(BUILD)/src/main.o $(LIBRARY)
	$(call say,LINK,$@)$(LINK) -o $@ $^ $(DEPS_LIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -c -o $@ $<

# The version reaches one object alone, so that a commit rebuilds one file.
$(BUILD)/src/main.o: private CPPFLAGS += -DVERSION='"$(VERSION)"'
$(BUILD)/src/main.o: $(BUILD)/version

$(BUILD)/gen/demo_data.c: $(sort $(wildcard demo/*.yaml)) demo/embed.sh
	@mkdir -p $(@D)
	$(call say,GEN,$@)sh demo/embed.sh $(sort $(wildcard demo/*.yaml)) > $@

$(BUILD)/gen/demo_data.o: $(BUILD)/gen/demo_data.c $(BUILD)/flags
	$(call say,CC,$<)$(COMPILE) -c -o $@ $<

# Stamps: rewritten only when their text changes. Everything compiled depends on flags, main.o on version.
FLAGS_NOW = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) $(LDFLAGS)
stamp = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(strip $(1)))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(strip $(1)))' > $@
.PHONY: FORCE
$(BUILD)/flags: FORCE
	$(call stamp,$(FLAGS_NOW))
$(BUILD)/version: FORCE
	$(call stamp,$(VERSION))

# --- tests --------------------------------------------------------------------------------------------------------

$(BUILD)/tests/support/%.o: tests/support/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(CHECK_CFLAGS) -Itests/support -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(TEST_LIB) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(CHECK_CFLAGS) -Itests/support $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $< $(TEST_LIB) $(LIBRARY) $(CHECK_LIBS) $(DEPS_LIBS)

$(BUILD)/tests/fixtures/%: tests/fixtures/%.c $(TEST_LIB) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(CHECK_CFLAGS) -Itests/support $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $< $(TEST_LIB) $(LIBRARY) $(CHECK_LIBS) $(DEPS_LIBS)

.SECONDARY: $(TEST_LIB)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# --- tidiness -----------------------------------------------------------------------------------------------------

C_FILES = $(wildcard src/*.c src/*/*.[ch] plugins/*.c include/clusterutils/*/*.h tests/*/*.[ch])

.PHONY: format clean
format:
	clang-format -i $(C_FILES)

clean:
	rm -rf $(BUILD)
