/* Taints and tolerations. Source: k8s.io/api/core/v1 toleration.go (ToleratesTaint), k8s.io/component-helpers
 * scheduling/corev1 helpers.go (FindMatchingUntoleratedTaint), v0.34. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum taint_effect {
	EFFECT_NONE, /* in a toleration: any effect */
	EFFECT_NO_SCHEDULE,
	EFFECT_PREFER_NO_SCHEDULE,
	EFFECT_NO_EXECUTE,
	EFFECT_OTHER, /* an effect this program does not know: matches no toleration that names one */
};

enum toleration_operator { TOLERATION_EQUAL, TOLERATION_EXISTS, TOLERATION_OTHER };

struct taint {
	const char *key;   /* interned */
	const char *value; /* "" for none */
	uintptr_t effect;  /* enum taint_effect; a whole word: interned structures have no padding */
};

struct taint_list {
	size_t count;
	struct taint items[];
};

struct toleration {
	const char *key; /* interned; "" with Exists tolerates every key */
	const char *value;
	uint32_t op;     /* enum toleration_operator; an empty one is Equal */
	uint32_t effect; /* enum taint_effect */
	int64_t seconds; /* TOLERATION_FOREVER where not given */
};

struct toleration_list {
	size_t count;
	struct toleration items[];
};

#define TOLERATION_FOREVER INT64_MAX

bool toleration_tolerates(const struct toleration *toleration, const struct taint *taint);

/* The first taint whose effect is in `effects` (a set of 1u << EFFECT_...) that no toleration tolerates, or NULL. */
const struct taint *taint_first_untolerated(
	const struct taint_list *taints, const struct toleration_list *tolerations, unsigned effects);
const char *taint_effect_text(enum taint_effect effect); /* "NoSchedule"; "" for none */
