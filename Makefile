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
COMMIT   ?= $(shell git rev-parse --short=7 HEAD 2>/dev/null || echo unknown)
WERROR   ?=
SANITIZE ?=
COVERAGE ?=
V        ?=
JOBS     ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

PROGRAM  := $(BUILD)/kubectl-clusterutils
LIBRARY  := $(BUILD)/libclusterutils.a
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

# --- packages: what must be there before anything compiles -------------------------------------------------------

PACKAGES := libcjson yaml-0.1 zlib libcurl libssl libcrypto ncursesw
DEPS_CFLAGS  = $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
DEPS_LIBS    = $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lm
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

SOURCES  := $(filter-out src/main.c,$(wildcard src/*.c src/*/*.c plugins/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/demo_data.o
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*_test.c))
TOPICS   := $(patsubst tests/fixtures/%.c,$(BUILD)/tests/fixtures/%,$(wildcard tests/fixtures/*_fixture.c))
TEST_LIB := $(patsubst tests/support/%.c,$(BUILD)/tests/support/%.o,$(wildcard tests/support/*.c))

.PHONY: all
all: $(PROGRAM)

$(PROGRAM): $(BUILD)/src/main.o $(LIBRARY)
	$(call say,LINK,$@)$(LINK) -o $@ $^ $(DEPS_LIBS)

$(LIBRARY): $(OBJECTS)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -c -o $@ $<

# The version reaches one object alone, so that a commit rebuilds one file.
$(BUILD)/src/main.o: private CPPFLAGS += -DVERSION='"$(VERSION)"' -DCOMMIT='"$(COMMIT)"'
$(BUILD)/src/main.o: $(BUILD)/version

# Runs while building: EMBED= names one that this machine can run, where the program is built for another.
EMBED     = $(BUILD)/demo/embed
$(BUILD)/demo/embed: demo/embed.c $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/util/*.c))
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -o $@ $(filter %.c %.o,$^) $(OUR_LDFLAGS) $(LDFLAGS) $(DEPS_LIBS)

$(BUILD)/gen/demo_data.c: $(sort $(wildcard demo/*.yaml)) $(EMBED)
	@mkdir -p $(@D)
	$(call say,GEN,$@)$(EMBED) $(sort $(wildcard demo/*.yaml)) > $@

$(BUILD)/gen/demo_data.o: $(BUILD)/gen/demo_data.c $(BUILD)/flags
	$(call say,CC,$<)$(COMPILE) -c -o $@ $<

# Stamps: rewritten only when their text changes. Everything compiled depends on flags, main.o on version.
FLAGS_NOW = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) $(LDFLAGS)
stamp = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(strip $(1)))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(strip $(1)))' > $@
.PHONY: FORCE
$(BUILD)/flags: FORCE
	$(call stamp,$(FLAGS_NOW))
$(BUILD)/version: FORCE
	$(call stamp,$(VERSION) $(COMMIT))

# --- tests --------------------------------------------------------------------------------------------------------

TEST_COMPILE = $(COMPILE) $(CHECK_CFLAGS) -Itests/support
TEST_LINK    = $(OUR_LDFLAGS) $(LDFLAGS) $(TEST_LIB) $(LIBRARY) $(CHECK_LIBS) $(DEPS_LIBS)

$(BUILD)/tests/support/%.o: tests/support/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(TEST_COMPILE) -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(TEST_LIB) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(TEST_COMPILE) -o $@ $< $(TEST_LINK)

$(BUILD)/tests/fixtures/%: tests/fixtures/%.c $(TEST_LIB) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(TEST_COMPILE) -o $@ $< $(TEST_LINK)

$(BUILD)/tests/tui/%: tests/tui/%.c $(TEST_LIB) $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(TEST_COMPILE) -o $@ $< $(TEST_LINK)

# The corpora are replayed by a plain program; `make fuzz` builds the same targets with libFuzzer.
$(BUILD)/tests/replay/%: tests/fuzz/%.c tests/fuzz/replay_main.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -Itests/fuzz -o $@ $< tests/fuzz/replay_main.c $(OUR_LDFLAGS) $(LDFLAGS) $(LIBRARY) $(DEPS_LIBS)

FUZZ     := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c))
REPLAYS  := $(FUZZ:%=$(BUILD)/tests/replay/%)
SCRIPTS  := tests/faults/faults.sh $(filter-out tests/tui/lib.sh,$(sort $(wildcard tests/tui/*.sh))) $(filter-out tests/cli/lib.sh,$(sort $(wildcard tests/cli/*.sh)))

.PHONY: check golden test test-fixtures test-build
test-build: $(PROGRAM) $(UNIT) $(TOPICS) $(REPLAYS) $(BUILD)/tests/tui/play $(BUILD)/tests/tui/random

TESTED   ?= $(abspath $(PROGRAM))
RANDOM_SEED   ?= 1
RANDOM_EVENTS ?= 20000

check: test-build
	@KUBECTL_CLUSTERUTILS=$(TESTED) FIXTURES=$(abspath $(FIXTURES)) PLAY=$(BUILD)/tests/tui/play RUN_UNDER='$(RUN_UNDER)' tests/run.sh \
		$(UNIT) '$(BUILD)/tests/tui/random $(RANDOM_SEED) $(RANDOM_EVENTS)' $(SCRIPTS:%='sh %') $(REPLAYS:%='% tests/fuzz/corpus') $(TOPICS:%='% $(FIXTURES)')

# For a long time, with sanitizers: SEED= another game.
.PHONY: random-keys
MINUTES ?= 10
SEED    ?= 1
random-keys: | packages-test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS='-O1 -g' \
		$(BUILD)/asan/kubectl-clusterutils $(BUILD)/asan/tests/tui/random
	$(BUILD)/asan/tests/tui/random $(SEED) 0 $(MINUTES)
	MINUTES=$(MINUTES) TOP_SOURCE='$(TOP_SOURCE)' KUBECTL_CLUSTERUTILS=$(abspath $(BUILD))/asan/kubectl-clusterutils sh tests/tui/random.sh

# What is rewritten is for git diff to show, and for a person to read.
golden: $(PROGRAM) $(BUILD)/tests/tui/play
	@KUBECTL_CLUSTERUTILS=$(abspath $(PROGRAM)) GOLDEN_WRITE=1 sh tests/cli/golden.sh
	@PLAY=$(BUILD)/tests/tui/play GOLDEN_WRITE=1 sh tests/tui/screens.sh

test: | packages-test
	@$(MAKE) --no-print-directory -j$(JOBS) check

test-fixtures: $(TOPICS)
	@tests/run.sh $(TOPICS:%='% $(FIXTURES)')

# A Python that speaks HTTP/2, for the scenarios of tests/faults that need it; without it they are skipped.
.PHONY: packages-h2
H2 = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/clusterutils-h2
packages-h2:
	@[ -d $(H2) ] || python3 -c 'import h2' 2>/dev/null || { python3 -m venv $(H2) && $(H2)/bin/pip install -q --require-hashes -r tests/faults/requirements.txt || { rm -rf $(H2); exit 1; }; }

# The same suites, looked at more closely.
.PHONY: asan valgrind coverage
asan: | packages-test
	@ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 CK_FORK=no \
		$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS='-O1 -g' check

VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect
valgrind: | packages-lint
	@mkdir -p $(BUILD)/valgrind/under
	@printf '#!/bin/sh\nexec $(VALGRIND) $(abspath $(BUILD))/valgrind/kubectl-clusterutils "$$@"\n' >$(BUILD)/valgrind/under/kubectl-clusterutils
	@chmod +x $(BUILD)/valgrind/under/kubectl-clusterutils
	@CK_FORK=no $(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/valgrind CFLAGS='-O1 -g' RUN_UNDER='$(VALGRIND)' \
		TESTED=$(abspath $(BUILD))/valgrind/under/kubectl-clusterutils RANDOM_EVENTS=1000 check

coverage: | packages-test
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage COVERAGE=1 CFLAGS='-O0 -g' check
	@cd $(BUILD)/coverage && gcov -n $$(find . -path ./tests -prune -o -name '*.gcda' -print) 2>/dev/null | \
		awk '/^File .*src\// { file = $$2 } /^Lines executed/ && file { print $$0, file; file = "" }'

# --- end to end: a real control plane, in Linux alone --------------------------------------------------------------

# SUITES="name name" runs these alone; CLUSTER=large for e2e-up.
.PHONY: e2e e2e-up e2e-down
e2e: | packages-e2e
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM) $(BUILD)/tests/e2e/drive $(BUILD)/tests/e2e/landing
	@KUBECTL_CLUSTERUTILS=$(abspath $(PROGRAM)) DRIVE=$(abspath $(BUILD)/tests/e2e/drive) \
		LANDING=$(abspath $(BUILD)/tests/e2e/landing) tests/e2e/run.sh $(SUITES)

$(BUILD)/tests/e2e/%: tests/e2e/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -o $@ $< $(OUR_LDFLAGS) $(LDFLAGS) $(LIBRARY) $(DEPS_LIBS)

e2e-up: | packages-e2e
	@tests/e2e/run.sh up $(CLUSTER)

e2e-down:
	@tests/e2e/run.sh down

# --- fuzzing: every parser of foreign bytes -----------------------------------------------------------------------

FUZZ_SECONDS ?= 60
FUZZ_FLAGS   = -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -g -O1
.PHONY: fuzz
fuzz: | packages-lint
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
		$(FUZZ:%=$(BUILD)/fuzz/run/%)

# Found inputs go to a folder of the build; a finding stops the run and leaves its input there.
$(BUILD)/run/%: tests/fuzz/%.c $(LIBRARY)
	@mkdir -p $(BUILD)/run $(BUILD)/corpus/$*
	$(call say,FUZZ,$<)$(COMPILE) -fsanitize=fuzzer -Itests/fuzz -o $@ $< $(LDFLAGS) $(LIBRARY) $(DEPS_LIBS)
	$@ -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 -artifact_prefix=$(BUILD)/run/$*- \
		$(BUILD)/corpus/$* tests/fuzz/corpus/$(*:%_fuzz=%)

# --- bench --------------------------------------------------------------------------------------------------------

.PHONY: bench bench-live bench-top
bench-live: | packages-e2e
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM)
	@tests/bench/live.sh $(abspath $(PROGRAM)) $(SIZES)

bench: $(PROGRAM) $(BUILD)/tests/bench/generate $(BUILD)/tests/bench/decode $(BUILD)/tests/bench/pass
	@for kind in pods nodes; do for wire in json protobuf; do $(BUILD)/tests/bench/decode $$kind $$wire; done; done
	@$(BUILD)/tests/bench/pass 1000 5000
	@tests/bench/bench.sh $(PROGRAM) $(BUILD)/tests/bench/generate $(BUILD)/bench

bench-top: $(PROGRAM) $(BUILD)/tests/bench/generate
	@tests/bench/busy.sh $(abspath $(PROGRAM)) $(BUILD)/tests/bench/generate $(BUILD)/bench $(NODES)

$(BUILD)/tests/bench/%: tests/bench/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) -Wno-format-nonliteral -o $@ $< $(OUR_LDFLAGS) $(LDFLAGS) $(LIBRARY) $(DEPS_LIBS)

# --- the newcomer's commands --------------------------------------------------------------------------------------

.PHONY: packages-build packages-test packages-lint packages-e2e demo install uninstall
packages-build packages-test packages-lint packages-e2e: packages-%:
	@tools/packages.sh $*

demo: | packages-build
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM)
	@echo
	@$(PROGRAM) top --demo

# What the README shows, of the demo cluster as it looks after a minute.
.PHONY: screenshots
screenshots: $(PROGRAM)
	@tools/screenshots.sh $(PROGRAM) docs

install: $(PROGRAM)
	install -d $(DESTDIR)$(BINDIR)
	install -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/kubectl-clusterutils

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/kubectl-clusterutils

# --- tidiness -----------------------------------------------------------------------------------------------------

C_FILES  = $(wildcard demo/*.c src/*.c src/*/*.[ch] plugins/*.[ch] include/clusterutils/*/*.h tests/*/*.[ch])
C_SOURCE = $(wildcard demo/*.c src/*.c src/*/*.c plugins/*.c)
HEADERS  = $(wildcard include/clusterutils/*/*.h src/*/*.h plugins/*.h tests/support/*.h)
SHELL_FILES = $(wildcard tools/*.sh tests/*.sh tests/*/*.sh tests/*/*/*.sh tests/*/*/*/*.sh) .ci/run

.PHONY: lint lint-format lint-rooms lint-headers lint-tidy lint-cppcheck lint-analyzer lint-shell lint-spelling format clean help
lint: lint-format lint-rooms lint-headers lint-shell lint-spelling lint-cppcheck lint-analyzer lint-tidy
	@echo 'lint: clean'

lint-format: | packages-lint
	@clang-format --dry-run -Werror $(C_FILES)

lint-rooms:
	@python3 tests/lint/rooms.py
	@tests/lint/banned.sh

lint-headers:
	@for header in $(HEADERS); do \
		echo 'extern int used;' | $(CC) $(OUR_CPPFLAGS) $(DEPS_CFLAGS) $(CHECK_CFLAGS) -Itests/support -std=c17 -Wall -Wextra \
			-Wpedantic -Werror -fsyntax-only -include $$header -x c - || exit 1; done

lint-shell: | packages-lint
	@shellcheck $(SHELL_FILES)

lint-spelling: | packages-lint
	@codespell --quiet-level=2 --ignore-words-list=ot,ded,te,crate,fo,nd README.md CONTRIBUTING.md src include plugins tests/unit tests/support tools demo

lint-cppcheck: | packages-lint
	@cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory --suppress=ctuuninitvar -Iinclude $(C_SOURCE)

lint-analyzer:
	@mkdir -p $(BUILD)/analyzer
	@printf '%s\n' $(C_SOURCE) | xargs -P $$(getconf _NPROCESSORS_ONLN) -I{} sh -c \
		'gcc $(OUR_CPPFLAGS) $(DEPS_CFLAGS) -DVERSION=\"lint\" -DCOMMIT=\"lint\" -std=c17 -O2 -fanalyzer -Werror $(ANALYZER_OFF) -c -o $(BUILD)/analyzer/$$(echo {} | tr / _).o {}'

lint-tidy: | packages-lint
	@printf '%s\n' $(C_SOURCE) | xargs -P $$(getconf _NPROCESSORS_ONLN) -I{} clang-tidy --quiet {} -- \
		$(OUR_CPPFLAGS) $(DEPS_CFLAGS) -DVERSION='"lint"' -DCOMMIT='"lint"' -std=c17 2>/dev/null

format:
	clang-format -i $(C_FILES)

clean:
	rm -rf $(BUILD)

help:
	@echo 'make demo            install what is missing, build, show the demo cluster'
	@echo 'make test            install what is missing, build, run all suites'
	@echo 'make                 build $(PROGRAM)'
	@echo 'make test-fixtures   the cases in FIXTURES=$(FIXTURES) alone'
	@echo 'make asan valgrind   the same suites, looked at more closely'
	@echo 'make random-keys     random keys on the live view for MINUTES=$(MINUTES), with sanitizers'
	@echo 'make e2e             the suites that need a real control plane (Linux, Go >= 1.26; 11 minutes more the first time)'
	@echo 'make e2e-up          such a cluster to try things on, until make e2e-down'
	@echo 'make golden          rewrite what the program is expected to print (tests/cli/golden)'
	@echo 'make fuzz            each parser for FUZZ_SECONDS=$(FUZZ_SECONDS)'
	@echo 'make bench           speed and memory on generated clusters'
	@echo 'make bench-live      the same against a real API server with 20,000 and 100,000 pods (Linux, Go >= 1.26)'
	@echo 'make bench-top       the live view with 150,000 pods and 1,000 changes a second (Linux)'
	@echo 'make lint format     is the code in order; put its layout in order'
	@echo 'make screenshots     the pictures of docs, from the demo cluster'
	@echo 'make install         to DESTDIR/PREFIX/bin; also PREFIX=, CC=, CFLAGS=, V=1, WERROR=1, SANITIZE=, COVERAGE=1'

.SECONDARY: $(TEST_LIB)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
