/* Which objects a list asks for, decided as an API server does: namespace, label selector, field selector. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/model/field_selector.h"
#include "clusterutils/model/intern.h"
#include "clusterutils/model/kind.h"
#include "clusterutils/model/selector.h"

struct filter {
	enum kind kind;
	const char *namespace; /* "" for all */
	struct selector labels;
	struct field_selector fields;
	bool is_trivial; /* everything matches */
};

/* Of a request's parameters; the namespace is not copied. Fails as the API server answers with status 400. */
int filter_init(struct filter *filter, enum kind kind, const char *namespace, const struct request *request,
	struct error *err) MUST_USE;
void filter_release(struct filter *filter);

bool filter_matches(const struct filter *filter, const char *json, size_t length, struct arena *scratch);
