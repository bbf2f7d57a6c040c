/* The one table between what a command knows and what a person or a program reads.
 *
 * A view fills rows of typed cells; printing (output/print.h) turns the same table into kubectl-style text, wide text,
 * JSON, YAML, CSV or names, and the live screen draws it. So a number is formatted in one place, and every format
 * shows the same data. Text in cells is clean (util/text.h) and outlives the table, or lives in its arena.
 *
 * JSON: {"apiVersion":"clusterutils/v1","kind":KIND,"items":[one object an item row],GROUP_KEY:[one object a group
 * row],TOTAL_KEY:{the total row},"sources":{...}}; base units (millicores, bytes, seconds), null for unknown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/pressure.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* What a cell means to its reader; the theme decides the colour. Never the only signal. */
enum role { ROLE_PLAIN, ROLE_GOOD, ROLE_WARNING, ROLE_BAD, ROLE_MUTED, ROLE_STRONG };

enum cell_type {
	CELL_NONE,    /* not applicable: "-", null */
	CELL_UNKNOWN, /* "?", null */
	CELL_TEXT,
	CELL_LIST,     /* of texts: joined by commas, "-" where empty; a JSON array */
	CELL_NUMBER,   /* a plain integer */
	CELL_FLAG,     /* true or false */
	CELL_BYTES,    /* "1.5Gi"; bytes in JSON */
	CELL_TIME,     /* a moment: an age in text, RFC 3339 in JSON */
	CELL_COUNT,    /* "31/110": {"count","capacity"} */
	CELL_SHARE,    /* "35|72|180", per cent of allocatable: {"usage","request","limit","allocatable"} */
	CELL_CPU,      /* "1500m"; millicores in JSON */
	CELL_PERCENT,  /* "45%", of share.request in share.allocatable: {"request","allocatable"} */
	CELL_AMOUNT,   /* "35m|100m|-": {"usage","request","limit"} */
	CELL_WATTS,    /* "71", "3.4"; a number with up to three decimals in JSON, as the next two */
	CELL_ENERGY,   /* "1.24", kilowatt hours; watt hours in JSON */
	CELL_MONEY,    /* "0.46" */
	CELL_POWER,    /* as CELL_WATTS: {"watts","costPerDay"}; null where neither is known */
	CELL_PRESSURE, /* "12 io", the worst per cent of the last ten seconds: {"cpu","memory","io"}, each of them
	                * {"some","full"}, each {"avg10","avg60","avg300","total"}; CSV and sort keys have some.avg10 alone */
};

/* Values inside cells that are not numbers: both are null in JSON. */
#define VALUE_UNKNOWN INT64_MIN       /* "?" */
#define VALUE_NONE    (INT64_MIN + 1) /* "-": no limit set, no capacity */

enum unit { UNIT_CPU, UNIT_MEMORY }; /* nanocores, printed in millicores (rounded up); bytes, printed in Mi */

struct cell {
	enum cell_type type;
	enum role role;
	bool estimated; /* "~" in text; "estimated": true in the cell's JSON object, KEY_estimated beside a plain number */
	bool at_least; /* ">=" in text: there may be more */
	union {
		const char *text;
		struct {
			const char *const *items;
			size_t count;
		} list;
		/* CELL_NUMBER, CELL_BYTES, CELL_CPU (nanocores), CELL_TIME (seconds since 1970), CELL_WATTS (milliwatts),
		 * CELL_ENERGY (milliwatt hours), CELL_MONEY (thousandths) */
		int64_t number;
		bool flag;
		struct {
			int64_t count, capacity;
		} count;
		struct {
			int64_t usage, request, limit, allocatable;
			enum unit unit;
		} share; /* CELL_SHARE, CELL_AMOUNT, CELL_PERCENT */
		struct {
			int64_t watts, cost; /* milliwatts; thousandths a day */
		} power;
		const struct pressure *pressure; /* in the table's arena */
	} as;
};

enum column_flags {
	COLUMN_RIGHT = 1,        /* aligned to the right */
	COLUMN_WIDE = 2,         /* in text only with -o wide */
	COLUMN_DATA = 4,         /* never in text: JSON, YAML, CSV alone */
	COLUMN_NO_USAGE = 8,     /* of a share or amount: text shows request|limit alone (no metrics) */
	COLUMN_TEXT_ONLY = 16,   /* never in JSON, YAML, CSV */
	COLUMN_ITEMS_ONLY = 32,  /* not in the JSON of subtotals and the total */
	COLUMN_SUMS_ONLY = 64,   /* not in the JSON of items */
	COLUMN_TOTAL_ONLY = 128, /* in the JSON of the total alone */
};

struct column {
	const char *key;    /* its name in JSON and CSV, and for --sort: "cpu" */
	const char *header; /* "CPU% USE|REQ|LIM" */
	unsigned flags;
	int priority; /* 0 is always shown; on a narrow screen the largest goes first */
};

enum row_kind {
	ROW_ITEM,  /* one of "items" */
	ROW_GROUP, /* a subtotal, before the items it sums: one of GROUP_KEY */
	ROW_TOTAL, /* the sum of all: TOTAL_KEY */
};

enum { TABLE_DEPTH = 32 };

/* Makes cells and ids when they are asked for, so that a table of 150,000 rows need not hold two million of them. Texts
 * that are made for it go to the arena. What a source needs stands behind it, in a struct whose first member it is. Its
 * rows are the lowest: nothing stands below them. */
struct row_source {
	struct cell (*cell)(const struct row_source *source, const void *object, size_t column, struct arena *arena);
	const char *(*id)(const struct row_source *source, const void *object, struct arena *arena);
};

struct row {
	enum row_kind kind;
	int depth;      /* how far the first column is indented in text: steps of two blanks, TABLE_DEPTH at most */
	const char *id; /* "node//corellia": the same in every table made of the same object; NULL for none, and where
	                     * there is a source: read by row_identity */
	struct cell *cells; /* one a column; all CELL_NONE at first. NULL where there is a source: read by row_cell */
	const struct row_source *source; /* NULL where there are cells; like the object it outlives the table */
	const void *object;
};

/* Where the data came from and how sure it is: one object of "sources". */
struct source {
	const char *name;  /* "nodes", "metrics" */
	const char *state; /* "ok", "missing", "forbidden", "failed" */
	const char *error; /* one sentence, or NULL */
	int64_t age;       /* seconds, or VALUE_UNKNOWN */
};

struct table {
	const char *kind;      /* "NodeUsageList" */
	const char *resource;  /* for -o name: "node" gives node/corellia; the name is the column whose key is "name" */
	const char *group_key; /* "zones"; NULL where there are no groups */
	const char *total_key; /* "cluster"; NULL where there is no total */
	struct column *columns; /* in the arena */
	size_t column_count;
	struct row *rows;
	size_t row_count, row_capacity;
	const char **summary; /* lines above the table, in text alone; NULL for none */
	size_t summary_count, summary_capacity;
	struct source *sources;
	size_t source_count, source_capacity;
	const char *nothing; /* what is said in place of a text without items; NULL for "No resources found" */
	struct arena arena;  /* cells, texts made for the table, everything it grows */
};

void table_init(struct table *table, const char *kind, const struct column *columns, size_t column_count); /* copies */
void table_release(struct table *table);

/* No usage is known: takes "USE|" out of the headers and shows the shares and amounts without it. */
void table_hide_usage(struct table *table);

struct row *table_add_row(struct table *table, enum row_kind kind, int depth); /* valid until the next is added */
struct row *table_add_lazy_row(
	struct table *table, enum row_kind kind, int depth, const struct row_source *source, const void *object);
void table_reserve(struct table *table, size_t rows); /* room for so many at once, in place of doubling */

/* A cell, and the id, of any row; text that is made for it lives in the arena, all other as long as the table's. */
struct cell row_cell(const struct row *row, size_t column, struct arena *arena);
const char *row_identity(const struct row *row, struct arena *arena); /* NULL for none */

void table_add_summary(struct table *table, const char *line);
void table_add_source(struct table *table, struct source source);

struct cell cell_none(void);
struct cell cell_unknown(void);
struct cell cell_text(const char *text); /* NULL gives CELL_NONE */
struct cell cell_list(const char *const *items, size_t count);
struct cell cell_number(int64_t number); /* VALUE_UNKNOWN and VALUE_NONE give those cells; so do the next six */
struct cell cell_bytes(int64_t bytes);
struct cell cell_time(int64_t seconds);
struct cell cell_cpu(int64_t nanocores);
struct cell cell_watts(int64_t milliwatts);
struct cell cell_energy(int64_t milliwatt_hours);
struct cell cell_money(int64_t thousandths);
struct cell cell_power(int64_t milliwatts, int64_t cost_per_day);
struct cell cell_pressure(const struct pressure *pressure, struct arena *arena); /* copied; NULL gives CELL_UNKNOWN */
struct cell cell_flag(bool flag);
struct cell cell_count(int64_t count, int64_t capacity);
struct cell cell_with_role(struct cell cell, enum role role);
struct cell cell_estimated(struct cell cell);

/* The worst that any of its cells means: 0 for nothing in particular, 1 for a warning, 2 for bad. */
int row_severity(const struct table *table, const struct row *row);

/* Sorts the items within their group. The key is a column's, or KEY.PART of a share, amount or count ("cpu.request");
 * for "cpu" alone the usage counts, or the request where no usage is known in the whole table. A share sorts by what it
 * shows, the part of allocatable; "cpu.allocatable" by the amount. Numbers and times sort largest (newest) first, text
 * in byte order; a '-' before the key turns the order; none and then unknown come last in either. Stable.
 * "severity" sorts by the worst role of a row's cells, the worst first. An unknown key is an error that lists the known
 * ones. */
int table_sort(struct table *table, const char *key, struct error *err) MUST_USE;

/* Gives the items, within their group, the order that they have in a table made before; what that has not comes last,
 * in its own order. Items are told by their ids. */
void table_sort_as(struct table *table, const struct table *before);

/* Keeps the items in which a cell's text contains one of the words, which '|' parts; ASCII case does not matter.
 * Columns that are never in text are not searched. Groups left without items go too, totals stay. NULL, "" and "|"
 * keep everything. `now` is for ages. */
void table_filter(struct table *table, const char *words, int64_t now);

/* The same, in ret_keep[row] alone. */
void table_filter_marks(const struct table *table, const char *words, int64_t now, bool *ret_keep);

/* Whether one row, of any kind, contains one of the words. */
bool table_row_matches(const struct table *table, const struct row *row, const char *words, int64_t now);

/* The text of one cell as every text output and the screen show it, in the arena given. */
const char *cell_format(const struct cell *cell, const struct column *column, int64_t now, struct arena *arena);
