#include "power_source.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"

/* Its own words for what the demo has: a plug a node but for two that share one. */
static const char demo_service[] = "monitoring/prometheus-server:80";
static const char *const demo_scopes[] = { "pi-shelf=kamino,jakku" };

static int bad_scope(const char *text, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"invalid argument \"%.80s\" for \"--meter\" flag: must be METER=NODE[,NODE...], with at most %d nodes",
		text, METER_MAX_NODES);
}

/* The meter ends at the last '=': names of people may have one, those of nodes have not. */
static int parse_scope(const char *text, struct arena *arena, struct power_scope *ret_scope, struct error *err)
{
	const char *equals = strrchr(text, '=');
	const char **nodes = ARENA_ARRAY(arena, METER_MAX_NODES, const char *);
	size_t count = 0;

	if (!equals || equals == text)
		return bad_scope(text, err);
	for (const char *node = equals + 1;; node++) {
		size_t length = strcspn(node, ",");

		if (!length || count == METER_MAX_NODES)
			return bad_scope(text, err);
		nodes[count++] = arena_copy(arena, node, length);
		node += length;
		if (!*node)
			break;
	}
	*ret_scope = (struct power_scope){ arena_copy(arena, text, (size_t)(equals - text)), nodes, count };
	return 0;
}

static int add_scopes(const char *const *texts, size_t count, struct power_source *source, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (source->options.scope_count == SOURCE_MAX_SCOPES)
			return error_set(err, ERROR_USAGE, "--meter may be given at most %d times", SOURCE_MAX_SCOPES);
		if (parse_scope(texts[i], &source->arena, &source->scopes[source->options.scope_count], err) < 0)
			return -1;
		source->options.scope_count++;
	}
	return 0;
}

static int read_tariff(const struct power_flags *flags, struct tariff *ret_tariff, struct error *err)
{
	const char *currency = flags->currency;

	if (currency &&
		(!*currency || !text_is_clean(currency, strlen(currency)) ||
			width_of_text(currency) > CURRENCY_COLUMNS))
		return error_set(err, ERROR_USAGE,
			"invalid argument \"%.40s\" for \"--currency\" flag: must be a short name such as EUR",
			currency);
	ret_tariff->currency = currency;
	ret_tariff->is_known = flags->price;
	return flags->price ? price_parse(flags->price, &ret_tariff->price, err) : 0;
}

int power_source_open(const struct power_flags *flags, bool is_demo, struct power_source *ret_source,
	struct tariff *ret_tariff, struct error *err)
{
	const char *service = flags->prometheus ? flags->prometheus : is_demo ? demo_service : NULL;

	if (read_tariff(flags, ret_tariff, err) < 0 ||
		(service && prometheus_path(service, ret_source->path, err) < 0) ||
		add_scopes(flags->scopes.items, flags->scopes.count, ret_source, err) < 0 ||
		(is_demo && add_scopes(demo_scopes, ARRAY_LEN(demo_scopes), ret_source, err) < 0))
		return -1;
	ret_source->is_there = service;
	ret_source->options.path = ret_source->path;
	ret_source->options.query = flags->query;
	ret_source->options.class = METER_WALL;
	ret_source->options.scopes = ret_source->scopes;
	return 0;
}

void power_source_release(struct power_source *source)
{
	arena_release(&source->arena);
}
