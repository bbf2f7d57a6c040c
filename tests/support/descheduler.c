#include "descheduler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "clusterutils/util/yaml.h"
#include "fixture.h"

/* Upstream's tests leave names out. */
static char *text_with_name(const cJSON *object, int number)
{
	cJSON *copy = cJSON_Duplicate(object, true), *meta = cJSON_GetObjectItemCaseSensitive(copy, "metadata");
	char name[32], *text;

	snprintf(name, sizeof(name), "unnamed-%d", number);
	if (!meta)
		meta = cJSON_AddObjectToObject(copy, "metadata");
	if (!fixture_text(meta, "name"))
		cJSON_AddStringToObject(meta, "name", name);
	text = cJSON_PrintUnformatted(copy);
	cJSON_Delete(copy);
	return text;
}

int descheduling_read(struct cluster *cluster, const cJSON *objects, struct error *err)
{
	CLEANUP(decoder_release) struct decoder decoder = { 0 };
	const cJSON *object;
	int number = 0;

	cluster->details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
	cJSON_ArrayForEach (object, objects) {
		enum kind kind;
		char *text;
		int result;

		if (!kind_find(fixture_text(object, "apiVersion"), fixture_text(object, "kind"), &kind))
			return error_set(
				err, ERROR_FAILED, "objects of kind %s cannot be read", fixture_text(object, "kind"));
		text = text_with_name(object, number++);
		result = decode_object(&decoder, kind, WIRE_JSON, text, strlen(text), cluster, err);
		free(text);
		if (result < 0)
			return -1;
	}
	return 0;
}

static int read_settings(
	struct descheduling *d, const struct strategy *strategy, const cJSON *json, void *ret_args, struct error *err)
{
	const struct param_object object = { strategy->name, strategy->args_size, strategy->params, true };
	const struct param_reader reader = { .arena = &d->arena, .labels = &d->labels };
	char *text = json ? cJSON_PrintUnformatted(json) : memory_copy_text("{}");
	struct yaml_node *root;
	int result = yaml_parse(text, strlen(text), &d->arena, &root, err);

	free(text);
	if (result < 0)
		return -1;
	param_read(&reader, &object, root, ret_args);
	param_default(strategy->params, ret_args, &d->arena);
	return 0;
}

static int read_evictor(struct descheduling *d, const cJSON *line, struct error *err)
{
	struct param_int *threshold;
	const struct meta *class;

	d->evictor = ARENA_NEW(&d->arena, struct evictor_args);
	if (read_settings(d, strategy_find(evictor_name), cJSON_GetObjectItemCaseSensitive(line, "evictor"), d->evictor,
		    err) < 0)
		return -1;
	threshold = &d->evictor->priority_threshold.value;
	if (threshold->is_set)
		return 0;
	class = cluster_find(&d->cluster, KIND_PRIORITY_CLASS, d->evictor->priority_threshold.name, NULL);
	if (class)
		*threshold = (struct param_int){ true, ((const struct priority_class *)(const void *)class)->value };
	return 0;
}

static uint32_t limit_of(const cJSON *line, const char *key)
{
	const cJSON *limits = cJSON_GetObjectItemCaseSensitive(line, "limits");
	const cJSON *limit = cJSON_GetObjectItemCaseSensitive(limits, key);

	return cJSON_IsNumber(limit) ? (uint32_t)cJSON_GetNumberValue(limit) : PASS_UNLIMITED;
}

static int64_t amount_of(const cJSON *amounts, const char *key, bool is_cpu)
{
	const char *text = fixture_text(amounts, key);
	struct quantity quantity;
	struct error ignored;

	if (!text || quantity_parse(text, &quantity, &ignored) < 0)
		return RESOURCE_UNKNOWN;
	return is_cpu ? quantity_nano(&quantity) : quantity_value(&quantity);
}

static void set_usage(struct descheduling *d, const cJSON *usage)
{
	const cJSON *item;

	cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive(usage, "nodes")) {
		struct sample sample = { .usage = { amount_of(item, "cpu", true), amount_of(item, "memory", false) } };

		cluster_set_node_sample(&d->cluster, item->string, &sample);
	}
	cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive(usage, "pods")) {
		struct sample sample = { .usage = { amount_of(item, "cpu", true), amount_of(item, "memory", false) } };
		const char *slash = strchr(item->string, '/');
		char *namespace = arena_copy(&d->arena, item->string, (size_t)(slash - item->string));

		cluster_set_pod_sample(&d->cluster, slash + 1, namespace, &sample);
	}
}

static void set_readings(struct descheduling *d, const cJSON *samples)
{
	struct node_reading *readings =
		ARENA_ARRAY(&d->arena, (size_t)cJSON_GetArraySize(samples), struct node_reading);
	const cJSON *sample;

	cJSON_ArrayForEach (sample, samples)
		readings[d->pass.reading_count++] = (struct node_reading){
			fixture_text(cJSON_GetObjectItemCaseSensitive(sample, "metric"), "instance"),
			cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(sample, "value")),
		};
	d->pass.readings = readings;
}

static void list_nodes(struct descheduling *d, const cJSON *names)
{
	const char *list[64];
	const cJSON *name;
	size_t count = 0;

	cJSON_ArrayForEach (name, names)
		if (count < ARRAY_LEN(list))
			list[count++] = cJSON_GetStringValue(name);
	pass_list_nodes(&d->pass, list, count);
}

int descheduling_begin(struct descheduling *d, const cJSON *line, struct error *err)
{
	const cJSON *usage = cJSON_GetObjectItemCaseSensitive(line, "usage");
	const cJSON *nodes = cJSON_GetObjectItemCaseSensitive(line, "nodes");
	int64_t now = 0;

	*d = (struct descheduling){ .strategy = strategy_find(fixture_text(line, "strategy")) };
	cluster_init(&d->cluster);
	if (descheduling_read(&d->cluster, cJSON_GetObjectItemCaseSensitive(line, "objects"), err) < 0 ||
		read_evictor(d, line, err) < 0)
		return -1;
	if (fixture_text(line, "now") && timestamp_parse(fixture_text(line, "now"), &now, &(int32_t){ 0 }, err) < 0)
		return -1;
	set_usage(d, usage);
	pass_init(&d->pass, &d->cluster, now);
	set_readings(d, cJSON_GetObjectItemCaseSensitive(usage, "samples"));
	if (nodes)
		list_nodes(d, nodes);
	d->pass.limits = (struct pass_limits){ limit_of(line, "maxNoOfPodsToEvictPerNode"),
		limit_of(line, "maxNoOfPodsToEvictPerNamespace"), limit_of(line, "maxNoOfPodsToEvictTotal") };
	pass_begin(&d->pass, "case", d->evictor);
	if (!d->strategy)
		return 0;
	pass_begin_strategy(&d->pass, d->strategy->name);
	d->args = arena_new(&d->arena, 1, d->strategy->args_size);
	return read_settings(d, d->strategy, cJSON_GetObjectItemCaseSensitive(line, "args"), d->args, err);
}

void descheduling_release(struct descheduling *d)
{
	pass_release(&d->pass);
	cluster_release(&d->cluster);
	param_labels_release(d->labels);
	arena_release(&d->arena);
}
