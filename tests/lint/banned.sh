#!/bin/sh
# Calls and words that do not belong into the code. Prints each place; exits with 1 if there is one.
set -eu

found=0
report() {
	# shellcheck disable=SC2086 # a list of files
	if grep -nE "$2" $3; then
		echo "lint: $1" >&2
		found=1
	fi
}

code=$(find src include plugins -name '*.[ch]' 2>/dev/null || true)
report 'unbounded or unsafe call' '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|scanf|sscanf|alloca|system|popen|tmpnam|mktemp|rand|srand|asctime|ctime|gmtime|localtime)\(' "$code"
report 'the heap is reached through util/memory.h' '[^_a-z](malloc|calloc|realloc|strdup|strndup|asprintf)\(' "$(echo "$code" | grep -v -e src/util/memory.c -e src/kube/json.c)"
report 'goto' '\bgoto\b' "$code"
report 'typedef of a struct' 'typedef (struct|union|enum)[^(]*;' "$code"
report 'only main.c exits' '[^_a-z]exit\(' "$(echo "$code" | grep -v -e src/main.c -e src/util/die.c)"
report 'a task left in the code' '\b(TODO|FIXME|XXX|HACK)\b' "$code"
report 'a line of more than 120 columns' '^.{121,}' "$(echo "$code" | grep -v '\.def$')"
for file in $code; do
	lines=$(wc -l <"$file")
	if [ "$lines" -gt 620 ]; then
		echo "$file: $lines lines: there is a second noun in it" >&2
		found=1
	fi
done
exit $found
