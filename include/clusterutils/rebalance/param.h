/* What a policy may say, as tables: a row gives decoding, the effective policy as JSON, the list of a strategy's
 * settings, completion, and what the lenient reader looks for where a key is misplaced.
 *
 *	static const struct param params[] = {
 *		PARAM_NAMESPACES(struct args, namespaces),
 *		{ "podRestartThreshold", PARAM_INT32, offsetof(struct args, threshold), "restarts from which …", .min = 1 },
 *		PARAM_END,
 *	};
 *
 * Values are accepted and refused as Go's encoding/json does it after YAML was made JSON: null leaves a member alone,
 * 5.0 is a whole number, "5" is not a number, keys are case-sensitive.
 * Source: sigs.k8s.io/json v0.0 and k8s.io/apimachinery's strict decoding, v0.35. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/model/selector.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/document.h"
#include "clusterutils/util/yaml.h"

/* What a key takes, and the type of the member that it fills. */
enum param_type {
	PARAM_BOOL,           /* bool */
	PARAM_OPTIONAL_BOOL,  /* struct param_bool */
	PARAM_UINT,           /* uint64_t */
	PARAM_OPTIONAL_UINT,  /* struct param_uint */
	PARAM_INT32,          /* int32_t */
	PARAM_OPTIONAL_INT32, /* struct param_int */
	PARAM_INT64,          /* int64_t */
	PARAM_OPTIONAL_INT64, /* struct param_int */
	PARAM_DURATION,       /* struct param_int, nanoseconds; a text such as "5m" */
	PARAM_TEXT,           /* const char *, "" where not given */
	PARAM_OPTIONAL_TEXT,  /* const char *, NULL where not given */
	PARAM_TEXTS,          /* struct param_texts */
	PARAM_TEXT_MAP,       /* struct param_text_map */
	PARAM_NUMBERS,        /* struct param_numbers */
	PARAM_PERCENTS,       /* struct param_percents */
	PARAM_LABELS,         /* const struct param_labels *, NULL where not given */
	PARAM_OBJECT,         /* a struct that begins with `unsigned line`, of .object */
	PARAM_OBJECTS,        /* struct param_objects, of such structs */
	PARAM_RAW,            /* const struct yaml_node *, NULL where not given */
};

/* Where "not given" is not the same as 0 or false. */
struct param_bool {
	bool is_set, value;
};

struct param_uint {
	bool is_set;
	uint64_t value;
};

struct param_int {
	bool is_set;
	int64_t value;
};

/* Lists keep the order of the file. An empty one that is given has is_set. */
struct param_texts {
	bool is_set;
	size_t count;
	const char *const *items;
};

struct param_numbers {
	bool is_set;
	size_t count;
	const int32_t *items;
};

struct param_text_map {
	bool is_set;
	size_t count;
	const struct label *items; /* sorted by key */
};

struct param_percent {
	const char *resource;
	double percent; /* as upstream counts: parity is in its arithmetic */
};

struct param_percents {
	bool is_set;
	size_t count;
	const struct param_percent *items; /* sorted by resource, each once */
};

/* A label selector as written and as it matches. */
struct param_labels {
	struct label_selector source;
	struct selector selector; /* matches nothing where it has a problem */
	const char *problem;      /* why it cannot be one, in apimachinery's words; NULL for none */
	struct param_labels *next;
};

struct param_objects {
	bool is_set;
	size_t count;
	void *items;
};

struct param;

struct param_object {
	const char *go_name; /* upstream's name of the struct, which its messages show */
	size_t size;
	const struct param *params;
	bool has_type; /* may state apiVersion and kind */
};

struct param {
	const char *name; /* NULL ends the table */
	enum param_type type;
	size_t offset;
	const char *help;                  /* without a full stop */
	const char *fallback;              /* what holds where it is not given, as one would write it; applied by
	                              * param_default to optional members and to empty lists; NULL for nothing */
	const char *assumed;               /* what the lenient reader takes where upstream refuses that it is missing */
	const char *const *choices;        /* of texts and lists of texts; NULL-ended */
	const char *constraint;            /* what else must hold, in words */
	const struct param_object *object; /* of PARAM_OBJECT and PARAM_OBJECTS */
	int64_t min, max;                  /* of numbers and percents; both 0 is no bound */
	const char *go_type;               /* upstream's name of the type of the text or texts, where not "string" */
	bool is_deprecated;
	bool is_always_written; /* of texts: upstream shows it also where it is empty */
};

#define PARAM_END \
	{ \
		0 \
	}

/* {include: [], exclude: []}: exact names of namespaces, or kinds of owners. */
struct param_names {
	unsigned line; /* 0 where not given */
	struct param_texts include, exclude;
};

extern const struct param_object param_namespaces_object;

#define PARAM_NAMESPACES(of, member) \
	{ \
		.name = "namespaces", .type = PARAM_OBJECT, .offset = offsetof(of, member), \
		.help = "namespaces it acts on: include or exclude, exact names", .object = &param_namespaces_object, \
		.constraint = "only one of include and exclude" \
	}
#define PARAM_EVICTABLE_NAMESPACES(of, member) \
	{ \
		.name = "evictableNamespaces", .type = PARAM_OBJECT, .offset = offsetof(of, member), \
		.help = "namespaces no pod is evicted from; their pods still count as use", \
		.object = &param_namespaces_object, .constraint = "only exclude" \
	}
#define PARAM_SELECTOR(of, member) \
	{ \
		.name = "labelSelector", .type = PARAM_LABELS, .offset = offsetof(of, member), \
		.help = "pods it acts on, by their labels" \
	}

/* What is wrong with one value. */
enum param_problem_kind { PARAM_WRONG_TYPE, PARAM_UNKNOWN_KEY };

struct param_problem {
	enum param_problem_kind kind;
	unsigned line;
	const char *path;     /* "thresholds.cpu", "conditions[0].type" */
	const char *sentence; /* ours: "thresholds.cpu must be a number, not a text" */
	const char *upstream; /* "json: cannot unmarshal …", "unknown field …" */
};

struct param_reader {
	struct arena *arena;
	struct param_labels **labels; /* those that were read are put in front: for param_labels_release */
	bool is_json;                 /* the text is JSON: 5.0 is no whole number there */
	void (*report)(void *context, const struct param_problem *problem);
	void *context;
};

/* Fills the struct from a map, or leaves it empty where the node is NULL or null. What is wrong is reported, in the
 * order of upstream's decoder if the maps are sorted by key; texts point into the nodes. */
void param_read(
	const struct param_reader *reader, const struct param_object *object, const struct yaml_node *node, void *ret);

/* Fills what is not set with the fallbacks of the table. */
void param_default(const struct param *params, void *object, struct arena *arena);

void param_labels_release(struct param_labels *first);

/* Writes the members that are set, for a document whose object is open. Left out: what is 0, false or "" where
 * upstream cannot tell it from not given. */
void param_write(const struct param *params, const void *object, struct document *document);

/* NULL where there is none. The second takes the name in any case. */
const struct param *param_find(const struct param *params, const char *name);
const struct param *param_find_fold(const struct param *params, const char *name);

/* The name in the table that is meant where this one was written: at most two letters off. NULL for none. */
const char *param_similar(const struct param *params, const char *name);

/* For lists of settings: "a list of texts", and "one of a, b", "at least 1", "0 to 100"; adds nothing for none. */
const char *param_type_text(const struct param *param);
void param_constraint(const struct param *param, struct buffer *out);
